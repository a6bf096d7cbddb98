package io.sharekeep.threshold.wire;

import java.util.Arrays;
import java.util.HexFormat;

/** Public bytes as a value: immutable, equal by content, printed as hex. Never for a secret. */
public final class Octets implements Comparable<Octets> {
  private final byte[] bytes;

  private Octets(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Copies. */
  public static Octets of(byte[] bytes) {
    return new Octets(bytes.clone());
  }

  /** Takes {@code bytes} over: the caller must not write to them again. */
  static Octets owned(byte[] bytes) {
    return new Octets(bytes);
  }

  /**
   * @throws IllegalArgumentException when it is not hex
   */
  public static Octets ofHex(String hex) {
    return new Octets(HexFormat.of().parseHex(hex));
  }

  public int length() {
    return bytes.length;
  }

  /** A copy. */
  public byte[] toArray() {
    return bytes.clone();
  }

  /** The bytes themselves: not to be written to. */
  byte[] raw() {
    return bytes;
  }

  /** This, if it has {@code length} bytes. */
  Octets sized(int length) {
    if (bytes.length != length) {
      throw new IllegalArgumentException("wanted " + length + " bytes, not " + bytes.length);
    }
    return this;
  }

  @Override
  public int compareTo(Octets other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Octets that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes);
  }
}
