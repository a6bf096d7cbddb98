package io.sharekeep.intent;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 in the ways that chains use it, and what they build on it. */
final class Hash {
  private Hash() {}

  static byte[] sha256(byte[]... parts) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      for (var part : parts) {
        digest.update(part);
      }
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  static byte[] doubleSha256(byte[]... parts) {
    return sha256(sha256(parts));
  }

  /** Bitcoin's hash of a public key: 20 bytes. */
  static Bytes hash160(Bytes key) {
    return Bytes.of(Ripemd160.hash(sha256(key.toArray())));
  }

  /** BIP-340: SHA-256(SHA-256(tag) ‖ SHA-256(tag) ‖ parts). */
  static byte[] tagged(String tag, byte[]... parts) {
    var tagHash = sha256(tag.getBytes(UTF_8));
    var all = new byte[parts.length + 2][];
    all[0] = tagHash;
    all[1] = tagHash;
    System.arraycopy(parts, 0, all, 2, parts.length);
    return sha256(all);
  }
}
