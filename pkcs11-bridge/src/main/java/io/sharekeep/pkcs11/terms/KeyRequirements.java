package io.sharekeep.pkcs11.terms;

import io.sharekeep.pkcs11.terms.KeyEvidence.Finding;
import java.util.ArrayList;
import java.util.List;

/** What evidence must say of a key of each kind. */
final class KeyRequirements {
  private static final String YES = "1";
  private static final String NO = "0";

  private KeyRequirements() {}

  static List<Finding> of(KeySpec spec) {
    var all = new ArrayList<Finding>();
    demand(all, YES, "TOKEN", "PRIVATE", "SENSITIVE", "ALWAYS_SENSITIVE");
    demand(all, YES, "NEVER_EXTRACTABLE", "LOCAL", "DESTROYABLE");
    demand(all, NO, "EXTRACTABLE", "UNWRAP", "DERIVE", "MODIFIABLE", "COPYABLE");
    demand(all, spec.name().label(), "LABEL");
    demand(all, "1", "objects");
    demand(all, "refused", "set EXTRACTABLE=1", "read VALUE");
    switch (spec.kind()) {
      case SEALING_AES_256 -> {
        demand(all, "SECRET", "CLASS");
        demand(all, "AES", "KEY_TYPE");
        demand(all, "32", "VALUE_LEN");
        demand(all, YES, "ENCRYPT", "DECRYPT");
        demand(all, NO, "WRAP", "SIGN", "VERIFY");
        demand(all, "AES_KEY_GEN", "KEY_GEN_MECHANISM");
        demand(all, "AES_GCM", "ALLOWED_MECHANISMS");
      }
      case SIGNING_P256 -> signing(all, "P-256");
      case SIGNING_P384 -> signing(all, "P-384");
    }
    return all;
  }

  private static void signing(List<Finding> all, String curve) {
    demand(all, "PRIVATE", "CLASS");
    demand(all, "EC", "KEY_TYPE");
    demand(all, curve, "EC_PARAMS");
    demand(all, YES, "SIGN");
    demand(all, NO, "DECRYPT", "SIGN_RECOVER");
    demand(all, "EC_KEY_PAIR_GEN", "KEY_GEN_MECHANISM");
    demand(all, "ECDSA", "ALLOWED_MECHANISMS");
    demand(all, "verified", "sign with it, verify by its public key");
  }

  private static void demand(List<Finding> all, String value, String... attributes) {
    for (var attribute : attributes) {
      all.add(new Finding(attribute, value));
    }
  }
}
