package io.sharekeep.pkcs11.terms;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A hash to sign, of 32 bytes (SHA-256) or 48 (SHA-384). Public data. */
public final class Digest {
  private final byte[] bytes;

  private Digest(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Copies a finished hash. */
  public static Digest of(byte[] hash) {
    if (hash.length != 32 && hash.length != 48) {
      throw new IllegalArgumentException("a digest has 32 or 48 bytes, not " + hash.length);
    }
    return new Digest(hash.clone());
  }

  public static Digest sha256(byte[] message) {
    return new Digest(hash("SHA-256", message));
  }

  public static Digest sha384(byte[] message) {
    return new Digest(hash("SHA-384", message));
  }

  public byte[] bytes() {
    return bytes.clone();
  }

  public int length() {
    return bytes.length;
  }

  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes);
  }

  private static byte[] hash(String algorithm, byte[] message) {
    try {
      return MessageDigest.getInstance(algorithm).digest(message);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has both
    }
  }
}
