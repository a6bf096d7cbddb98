package io.sharekeep.pkcs11;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.pkcs11.terms.TokenException.PinUnreadable;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PinFileTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"1234", "1234\n", "1234\r\n"})
  void oneLineEndIsNotPartOfThePin(String content) throws IOException {
    assertEquals("1234", read(file(content, "rw-------")));
  }

  @Test
  void onlyOneLineEndIsTaken() throws IOException {
    assertEquals("12 \n", read(file("12 \n\n", "r--r-----")));
  }

  @Test
  void thePinIsInNativeMemoryThatDiesWithTheCall() throws IOException {
    var kept =
        new PinFile(file("1234", "rw-------"))
            .<MemorySegment>withPin(pin -> {
              assertTrue(pin.isNative());
              return pin;
            });
    assertFalse(kept.scope().isAlive());
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw----r--", "rw-rw----", "rw-----w-"})
  void aFileOpenToOthersIsRefused(String mode) throws IOException {
    var pin = new PinFile(file("1234", mode));
    var refused = assertThrows(PinUnreadable.class, () -> pin.withPin(_ -> 0));
    assertTrue(refused.toString().contains("chmod 600"));
    assertFalse(refused.toString().contains("1234"));
  }

  @Test
  void aFileThatIsMissingEmptyOrTooLongIsRefused() throws IOException {
    for (var content : new String[] {"", "\n", "x".repeat(257), "x".repeat(5000)}) {
      var pin = new PinFile(file(content, "rw-------"));
      assertThrows(PinUnreadable.class, () -> pin.withPin(_ -> 0));
    }
    assertEquals("x".repeat(256), read(file("x".repeat(256) + "\r\n", "rw-------")));
    var missing = new PinFile(directory.resolve("nowhere"));
    assertThrows(PinUnreadable.class, () -> missing.withPin(_ -> 0));
  }

  private Path file(String content, String mode) throws IOException {
    var file = directory.resolve("pin");
    Files.deleteIfExists(file);
    Files.writeString(file, content);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
  }

  private static String read(Path file) {
    return new PinFile(file)
        .withPin(pin -> new String(pin.toArray(JAVA_BYTE), StandardCharsets.UTF_8));
  }
}
