package io.sharekeep.threshold.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * The bytes that a wire type had when it was fixed, one hex file each under {@code wire/} of the
 * test resources. A change of one is a change of the wire: write down why.
 */
public final class GoldenFile {
  private GoldenFile() {}

  public static void assertGolden(String name, byte[] bytes) {
    assertEquals(read(name), HexFormat.of().formatHex(bytes), "wire/" + name + ".hex");
  }

  private static String read(String name) {
    try (var in = GoldenFile.class.getResourceAsStream("/wire/" + name + ".hex")) {
      return in == null
          ? "no such file"
          : new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
