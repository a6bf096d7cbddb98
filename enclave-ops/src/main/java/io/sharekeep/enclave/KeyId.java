package io.sharekeep.enclave;

import java.util.HexFormat;

/** Names a key in every party alike: 16 bytes, written as 32 lower-case hex digits. */
public record KeyId(String hex) implements Comparable<KeyId> {
  public KeyId {
    if (!hex.matches("[0-9a-f]{32}")) {
      throw new IllegalArgumentException("a key id is 32 lower-case hex digits");
    }
  }

  public static KeyId of(byte[] bytes) {
    return new KeyId(HexFormat.of().formatHex(bytes));
  }

  public byte[] bytes() {
    return HexFormat.of().parseHex(hex);
  }

  @Override
  public int compareTo(KeyId other) {
    return hex.compareTo(other.hex);
  }

  @Override
  public String toString() {
    return hex;
  }
}
