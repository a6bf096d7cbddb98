package io.sharekeep.enclave;

import io.sharekeep.enclave.SignedRequest.KeyAlgorithm;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.HexFormat;

/** A person, service or owner of the tests: a key pair and what it signs. */
public record Signer(KeyAlgorithm algorithm, KeyPair pair) {
  public static Signer ed25519() {
    return generate(KeyAlgorithm.ED25519);
  }

  public static Signer p256() {
    return generate(KeyAlgorithm.P256);
  }

  private static Signer generate(KeyAlgorithm algorithm) {
    try {
      var generator =
          KeyPairGenerator.getInstance(algorithm == KeyAlgorithm.P256 ? "EC" : "Ed25519");
      if (algorithm == KeyAlgorithm.P256) {
        generator.initialize(new ECGenParameterSpec("secp256r1"));
      }
      return new Signer(algorithm, generator.generateKeyPair());
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  public byte[] spki() {
    return pair.getPublic().getEncoded();
  }

  public String hex() {
    return HexFormat.of().formatHex(spki());
  }

  public byte[] sign(byte[] message) {
    try {
      var signer =
          Signature.getInstance(
              algorithm == KeyAlgorithm.P256 ? "SHA256withECDSAinP1363Format" : "Ed25519");
      signer.initSign(pair.getPrivate());
      signer.update(message);
      return signer.sign();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  public <B extends RequestBody> SignedRequest<B> sign(B body) {
    return new SignedRequest<>(body, algorithm, spki(), sign(body.digest()));
  }

  public DocumentFile sign(DocumentFile file) {
    return file.with(new DocumentFile.DocumentSignature(algorithm, spki(), sign(file.digest())));
  }
}
