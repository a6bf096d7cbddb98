package io.sharekeep.attestation.cose;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Optional;

/** Decodes a SubjectPublicKeyInfo of a kind that is used here. */
public final class PublicKeys {
  private PublicKeys() {}

  /** EC, on a curve that the JDK knows. */
  public static Optional<PublicKey> ec(byte[] spki) {
    return decode("EC", spki);
  }

  public static Optional<PublicKey> ed25519(byte[] spki) {
    return decode("Ed25519", spki);
  }

  public static Optional<PublicKey> mlDsa65(byte[] spki) {
    return decode("ML-DSA-65", spki);
  }

  private static Optional<PublicKey> decode(String algorithm, byte[] spki) {
    try {
      return Optional.of(
          KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(spki)));
    } catch (GeneralSecurityException e) {
      return Optional.empty();
    }
  }
}
