package io.sharekeep.intent;

import java.util.Arrays;
import java.util.HexFormat;

/** Public bytes as a value: copied in, copied out, equal by content. Never for a secret. */
public final class Bytes {
  private final byte[] content;

  private Bytes(byte[] content) {
    this.content = content;
  }

  public static Bytes of(byte[] content) {
    return new Bytes(content.clone());
  }

  /** The bytes from {@code from}, inclusive, to {@code to}, exclusive. */
  public static Bytes of(byte[] content, int from, int to) {
    return new Bytes(Arrays.copyOfRange(content, from, to));
  }

  /** Reads an even number of hex digits of either case. */
  public static Bytes ofHex(String hex) {
    return new Bytes(HexFormat.of().parseHex(hex));
  }

  public int length() {
    return content.length;
  }

  /** A fresh copy, the caller's own. */
  public byte[] toArray() {
    return content.clone();
  }

  /** Lower-case hex. */
  public String hex() {
    return HexFormat.of().formatHex(content);
  }

  byte at(int index) {
    return content[index];
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes that && Arrays.equals(content, that.content);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(content);
  }

  @Override
  public String toString() {
    return hex();
  }
}
