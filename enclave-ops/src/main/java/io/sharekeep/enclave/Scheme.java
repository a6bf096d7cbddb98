package io.sharekeep.enclave;

/** The signature schemes on offer, under their public names. */
public enum Scheme {
  FROST_ED25519("frost-ed25519"),
  FROST_SECP256K1_TR("frost-secp256k1-tr");

  private final String label;

  Scheme(String label) {
    this.label = label;
  }

  /** As written in requests, results and reports. */
  public String label() {
    return label;
  }
}
