package io.sharekeep.enclave.audit;

import io.sharekeep.attestation.note.Checkpoint;
import io.sharekeep.attestation.note.CheckpointSigner;
import io.sharekeep.attestation.note.LogKey;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.concurrent.atomic.AtomicInteger;

/** A {@code log} key in the JDK that counts how often it is asked. */
public final class LogKeys implements CheckpointSigner {
  private final KeyPair pair;
  private final AtomicInteger asked = new AtomicInteger();

  public LogKeys() {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      pair = generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  LogKey key() {
    return LogKey.of("vault.example/0123456789abcdef", pair.getPublic().getEncoded());
  }

  /** SubjectPublicKeyInfo. */
  public byte[] spki() {
    return pair.getPublic().getEncoded();
  }

  /** A note that this key has signed over a log of that name. */
  public byte[] note(String origin, long size, byte[] root) {
    return LogKey.of(origin, spki()).sign(this, new Checkpoint(origin, size, root)).note();
  }

  int asked() {
    return asked.get();
  }

  @Override
  public byte[] sign(byte[] digest) {
    asked.incrementAndGet();
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
