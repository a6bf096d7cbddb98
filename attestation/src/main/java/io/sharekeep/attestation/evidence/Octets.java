package io.sharekeep.attestation.evidence;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** Public bytes that are compared by content: a digest, a name, a key, a certificate. */
public record Octets(byte[] value) implements Comparable<Octets> {
  public Octets {
    value = value.clone();
  }

  /** Any hex of whole bytes, such as a digest in a policy. */
  public static Octets hex(String hex) {
    return new Octets(HexFormat.of().parseHex(hex));
  }

  public static Octets sha256(byte[] content) {
    return new Octets(digest("SHA-256", content));
  }

  public static Octets sha384(byte[] content) {
    return new Octets(digest("SHA-384", content));
  }

  public static Octets sha512(byte[] content) {
    return new Octets(digest("SHA-512", content));
  }

  private static byte[] digest(String algorithm, byte[] content) {
    try {
      return MessageDigest.getInstance(algorithm).digest(content);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has " + algorithm, e);
    }
  }

  @Override
  public byte[] value() {
    return value.clone();
  }

  public int length() {
    return value.length;
  }

  public boolean holds(byte[] bytes) {
    return Arrays.equals(value, bytes);
  }

  /** The first eight bytes in hex, for people. */
  public String abbreviated() {
    return value.length <= 8 ? toString() : HexFormat.of().formatHex(value, 0, 8) + "…";
  }

  @Override
  public int compareTo(Octets other) {
    return Arrays.compareUnsigned(value, other.value);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Octets that && Arrays.equals(value, that.value);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(value);
  }

  /** Lower-case hex. */
  @Override
  public String toString() {
    return HexFormat.of().formatHex(value);
  }
}
