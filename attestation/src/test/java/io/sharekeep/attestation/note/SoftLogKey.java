package io.sharekeep.attestation.note;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;

/** A {@code log} key in the JDK. */
public final class SoftLogKey implements CheckpointSigner {
  private final KeyPair pair;

  public SoftLogKey() {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      pair = generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  LogKey key() {
    return LogKey.of("vault.example/0123456789abcdef", spki());
  }

  /** SubjectPublicKeyInfo. */
  public byte[] spki() {
    return pair.getPublic().getEncoded();
  }

  @Override
  public byte[] sign(byte[] digest) {
    try {
      var signer = Signature.getInstance("NONEwithECDSAinP1363Format");
      signer.initSign(pair.getPrivate());
      signer.update(digest);
      return signer.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
