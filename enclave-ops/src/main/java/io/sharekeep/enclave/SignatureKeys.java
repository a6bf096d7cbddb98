package io.sharekeep.enclave;

import io.sharekeep.enclave.SignedRequest.KeyAlgorithm;
import io.sharekeep.enclave.json.MalformedJson;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** Verification under the keys that people, services and owners sign with. Public data only. */
public final class SignatureKeys {
  /** RFC 5480: id-ecPublicKey with prime256v1, then the bit string's head. */
  private static final byte[] P256_PREFIX =
      HexFormat.of().parseHex("3059301306072a8648ce3d020106082a8648ce3d030107034200");

  private SignatureKeys() {}

  /** Whether {@code signature} holds over {@code message}; a key that does not decode says no. */
  public static boolean verifies(
      KeyAlgorithm algorithm, byte[] spki, byte[] message, byte[] signature) {
    try {
      var verifier =
          Signature.getInstance(
              switch (algorithm) {
                case ED25519 -> "Ed25519";
                case P256 -> "SHA256withECDSAinP1363Format";
              });
      var key = decode(algorithm, spki);
      if (key.isEmpty()) {
        return false;
      }
      verifier.initVerify(key.get());
      verifier.update(message);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      return false; // A signature or key that the provider cannot read does not verify.
    }
  }

  /** The key, if the bytes are the canonical encoding of one of that algorithm. */
  public static Optional<PublicKey> decode(KeyAlgorithm algorithm, byte[] spki) {
    try {
      var key =
          KeyFactory.getInstance(
                  switch (algorithm) {
                    case ED25519 -> "Ed25519";
                    case P256 -> "EC";
                  })
              .generatePublic(new X509EncodedKeySpec(spki));
      boolean fits =
          switch (algorithm) {
            case ED25519 -> true;
            case P256 -> Arrays.equals(P256_PREFIX, Arrays.copyOf(spki, P256_PREFIX.length));
          };
      return fits && Arrays.equals(key.getEncoded(), spki) ? Optional.of(key) : Optional.empty();
    } catch (GeneralSecurityException e) {
      return Optional.empty();
    }
  }

  static KeyAlgorithm algorithm(String label) {
    for (var algorithm : KeyAlgorithm.values()) {
      if (algorithm.label().equals(label)) {
        return algorithm;
      }
    }
    throw new MalformedJson("algorithm must be ed25519 or p256");
  }

  /** The name of the audit log whose checkpoints that key signs. */
  public static String logOrigin(byte[] logSpki) {
    return "sharekeep.log/" + pin(logSpki);
  }

  /** Lower-case hex of the SHA-256 of a SubjectPublicKeyInfo: how keys are pinned. */
  public static String pin(byte[] spki) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(spki));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
