package io.sharekeep.threshold.frost;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/** Hashes of public transcripts. The digests keep state on the heap, so no secret comes here. */
final class PublicHash {
  /** Bytes that hash_to_field of RFC 9380 reduces for a secp256k1 scalar. */
  static final int FIELD_LENGTH = 48;

  private PublicHash() {}

  static byte[] sha256(byte[]... parts) {
    return digest("SHA-256", parts);
  }

  static byte[] sha512(byte[]... parts) {
    return digest("SHA-512", parts);
  }

  /** The tagged hash of BIP-340. */
  static byte[] tagged(String tag, byte[]... parts) {
    var prefix = sha256(tag.getBytes(US_ASCII));
    return sha256(prefix, prefix, join(parts));
  }

  /** expand_message_xmd with SHA-256 to 48 bytes, RFC 9380 section 5.3.1. */
  static byte[] expandMessage(byte[] dst, byte[] message) {
    var suffix = join(dst, new byte[] {(byte) dst.length});
    var b0 = sha256(new byte[64], message, new byte[] {0, FIELD_LENGTH, 0}, suffix);
    var b1 = sha256(b0, new byte[] {1}, suffix);
    for (int i = 0; i < b0.length; i++) {
      b0[i] ^= b1[i];
    }
    var b2 = sha256(b0, new byte[] {2}, suffix);
    return Arrays.copyOf(join(b1, b2), FIELD_LENGTH);
  }

  /** Zeros on the left to the 64 bytes that a big-endian reduction takes. */
  static byte[] wide(byte[] bigEndian) {
    var wide = new byte[64];
    System.arraycopy(bigEndian, 0, wide, wide.length - bigEndian.length, bigEndian.length);
    return wide;
  }

  static byte[] join(byte[]... parts) {
    int length = 0;
    for (var part : parts) {
      length += part.length;
    }
    var joined = new byte[length];
    int at = 0;
    for (var part : parts) {
      System.arraycopy(part, 0, joined, at, part.length);
      at += part.length;
    }
    return joined;
  }

  private static byte[] digest(String algorithm, byte[]... parts) {
    try {
      var digest = MessageDigest.getInstance(algorithm);
      for (var part : parts) {
        digest.update(part);
      }
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has " + algorithm, e);
    }
  }
}
