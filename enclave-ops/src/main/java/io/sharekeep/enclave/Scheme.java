package io.sharekeep.enclave;

import java.util.Arrays;
import java.util.Optional;

/** The signature schemes on offer, under their public names. */
public enum Scheme {
  FROST_ED25519("frost-ed25519"),
  FROST_SECP256K1_TR("frost-secp256k1-tr"),
  DKLS23_SECP256K1("dkls23-secp256k1");

  private final String label;

  Scheme(String label) {
    this.label = label;
  }

  /** As written in requests, results and reports. */
  public String label() {
    return label;
  }

  /** The scheme of that public name. */
  public static Optional<Scheme> find(String label) {
    return Arrays.stream(values()).filter(scheme -> scheme.label.equals(label)).findFirst();
  }
}
