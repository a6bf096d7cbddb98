package io.sharekeep.pkcs11.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EcdsaDerTest {
  /** X.690 section 8.3: the fewest bytes, and a zero in front of a high bit. */
  @ParameterizedTest
  @CsvSource({
    "01020304, 300802020102 02020304",
    "00010002, 3006020101 020102",
    "80010000, 30080203008001 020100",
    "0080ffff, 30090202 0080 020300ffff",
    "00000000, 3006020100 020100"
  })
  void integersAreMinimalAndPositive(String p1363, String der) {
    var encoded = EcdsaDer.encode(HexFormat.of().parseHex(p1363));
    assertEquals(der.replace(" ", ""), HexFormat.of().formatHex(encoded));
  }

  @Test
  void theLongestStaysWithinTheShortForm() {
    var most = new byte[96];
    java.util.Arrays.fill(most, (byte) 0xff);
    assertEquals(2 + 2 * 51, EcdsaDer.encode(most).length);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 63, 98})
  void whatIsNotTwoHalvesIsRefused(int length) {
    assertThrows(IllegalArgumentException.class, () -> EcdsaDer.encode(new byte[length]));
  }
}
