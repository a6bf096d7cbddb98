package io.sharekeep.attestation.cose;

import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.util.Arrays;
import java.util.Optional;

/** The signature algorithms that are accepted, RFC 9053, 9864 and 9964. No other is known. */
public enum CoseAlgorithm {
  /** ECDSA with SHA-384 on P-384: what we emit. */
  ES384(-35, "SHA384withECDSAinP1363Format", 96),

  /** The same, fully specified: accepted. */
  ESP384(-51, "SHA384withECDSAinP1363Format", 96),

  /** FIPS 204, for the sidecar. */
  ML_DSA_65(-49, "ML-DSA-65", 3309);

  private final long label;
  private final String jca;
  private final int signatureLength;

  CoseAlgorithm(long label, String jca, int signatureLength) {
    this.label = label;
    this.jca = jca;
    this.signatureLength = signatureLength;
  }

  public static Optional<CoseAlgorithm> of(long label) {
    return Arrays.stream(values()).filter(a -> a.label == label).findFirst();
  }

  public long label() {
    return label;
  }

  /** Whether a key is of the kind and size that this algorithm signs with. */
  public boolean fits(PublicKey key) {
    return switch (this) {
      case ES384, ESP384 -> key instanceof ECPublicKey ec && isP384(ec.getParams());
      case ML_DSA_65 ->
          key.getParams() instanceof java.security.spec.NamedParameterSpec named
              && named.getName().equals("ML-DSA-65");
    };
  }

  /** False for a wrong signature, and for a key or a length that does not fit. */
  public boolean verifies(PublicKey key, byte[] message, byte[] signature) {
    if (!fits(key) || signature.length != signatureLength) {
      return false;
    }
    try {
      var verifier = Signature.getInstance(jca);
      verifier.initVerify(key);
      verifier.update(message);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static boolean isP384(ECParameterSpec parameters) {
    try {
      var named = AlgorithmParameters.getInstance("EC");
      named.init(new ECGenParameterSpec("secp384r1"));
      var p384 = named.getParameterSpec(ECParameterSpec.class);
      return p384.getCurve().equals(parameters.getCurve())
          && p384.getGenerator().equals(parameters.getGenerator())
          && p384.getOrder().equals(parameters.getOrder());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has P-384", e);
    }
  }
}
