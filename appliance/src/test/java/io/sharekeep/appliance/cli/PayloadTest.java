package io.sharekeep.appliance.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PayloadTest {
  @ParameterizedTest
  @CsvSource({"0a0B,HEX,2", "cHNidP8=,BASE64,5", "abc,BINARY,3", "'cHNi dP8=',BINARY,9"})
  void theFormIsDetected(String text, Payload.Form form, int length) {
    var payload = Payload.of(text.getBytes(US_ASCII), Payload.Form.AUTO);
    assertEquals(form, payload.form());
    assertEquals(length, payload.bytes().length);
  }

  @Test
  void aTrailingNewlineIsNotPartOfText() {
    assertArrayEquals(
        new byte[] {1, 2}, Payload.of("0102\n".getBytes(US_ASCII), Payload.Form.AUTO).bytes());
  }

  @Test
  void bytesThatAreNoTextStayAsTheyAre() {
    var bytes = new byte[] {(byte) 0x80, 0, 1, 10};
    assertArrayEquals(bytes, Payload.of(bytes, Payload.Form.AUTO).bytes());
  }

  @Test
  void aForcedFormThatDoesNotFitIsUsage() {
    var problem =
        assertThrows(
            CliProblem.class, () -> Payload.of("xyz".getBytes(US_ASCII), Payload.Form.HEX));
    assertEquals(ExitCode.USAGE, problem.exitCode());
  }
}
