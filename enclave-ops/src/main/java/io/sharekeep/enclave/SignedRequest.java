package io.sharekeep.enclave;

/**
 * A request and its initiator's signature over {@link RequestBody#digest}.
 *
 * @param key the initiator's public key: X.509 SubjectPublicKeyInfo, DER
 * @param signature Ed25519: 64 bytes; P-256: r ‖ s, 64 bytes, over the digest as message
 */
public record SignedRequest<B extends RequestBody>(
    B body, KeyAlgorithm algorithm, byte[] key, byte[] signature) {
  public SignedRequest {
    key = key.clone();
    signature = signature.clone();
  }

  /** How initiators sign. */
  public enum KeyAlgorithm {
    ED25519("ed25519"),
    P256("p256");

    private final String label;

    KeyAlgorithm(String label) {
      this.label = label;
    }

    public String label() {
      return label;
    }
  }
}
