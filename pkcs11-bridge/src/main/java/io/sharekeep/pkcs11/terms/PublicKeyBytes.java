package io.sharekeep.pkcs11.terms;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;

/** An EC public key as SubjectPublicKeyInfo, DER (RFC 5480). */
public final class PublicKeyBytes {
  private final byte[] spki;

  private PublicKeyBytes(byte[] spki) {
    this.spki = spki;
  }

  /**
   * Copies an encoding.
   *
   * @throws IllegalArgumentException unless it is a P-256 or P-384 key with an uncompressed point
   */
  public static PublicKeyBytes of(byte[] spki) {
    var bytes = new PublicKeyBytes(spki.clone());
    if (!(bytes.decoded() instanceof ECPublicKey key) || !Arrays.equals(key.getEncoded(), spki)) {
      throw new IllegalArgumentException("not the canonical encoding of an EC public key");
    }
    int bits = key.getParams().getOrder().bitLength();
    if (bits != 256 && bits != 384) {
      throw new IllegalArgumentException("not a P-256 or P-384 key");
    }
    return bytes;
  }

  /** The encoding. */
  public byte[] spki() {
    return spki.clone();
  }

  /** SHA-256 of the encoding, what a pin names. */
  public byte[] pin() {
    return Digest.sha256(spki).bytes();
  }

  /** For verification by the JDK. */
  public PublicKey decoded() {
    try {
      return KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(spki));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("not an EC public key", e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PublicKeyBytes that && Arrays.equals(spki, that.spki);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(spki);
  }

  @Override
  public String toString() {
    return HexFormat.of().formatHex(spki);
  }
}
