package io.sharekeep.enclave.audit;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.concurrent.atomic.AtomicInteger;

/** A {@code log} key in the JDK that counts how often it is asked. */
final class LogKeys implements CheckpointSigner {
  private final KeyPair pair;
  private final AtomicInteger asked = new AtomicInteger();

  LogKeys() {
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
