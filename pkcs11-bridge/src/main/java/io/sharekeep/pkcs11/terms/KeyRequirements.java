package io.sharekeep.pkcs11.terms;

import io.sharekeep.pkcs11.terms.KeyEvidence.Finding;
import java.util.ArrayList;
import java.util.List;

/** What evidence must say of a key of each kind. */
final class KeyRequirements {
  private static final String YES = "1";
  private static final String NO = "0";

  private KeyRequirements() {}

  /**
   * The demands on a key.
   *
   * @param suite by which a sealing key seals, as the evidence says; anything but a degraded one
   *     demands AES-GCM
   */
  static List<Finding> of(KeySpec spec, String suite) {
    var all = new ArrayList<Finding>();
    switch (spec.kind()) {
      case SEALING_AES_256 -> sealing(all, spec, suite);
      case SIGNING_P256 -> signing(all, spec, "P-256");
      case SIGNING_P384 -> signing(all, spec, "P-384");
    }
    return all;
  }

  private static void sealing(List<Finding> all, KeySpec spec, String suite) {
    if (suite.equals(SealSuite.CBC_HMAC.name())) {
      aes(all, spec, "AES_CBC");
      common(all, "MAC.", spec.name().label() + "-mac");
      demand(all, "SECRET", "MAC.CLASS");
      demand(all, "GENERIC_SECRET", "MAC.KEY_TYPE");
      demand(all, "32", "MAC.VALUE_LEN");
      demand(all, YES, "MAC.SIGN");
      demand(all, NO, "MAC.VERIFY", "MAC.WRAP", "MAC.ENCRYPT", "MAC.DECRYPT");
      demand(all, "GENERIC_SECRET_KEY_GEN", "MAC.KEY_GEN_MECHANISM");
      demand(all, "SHA256_HMAC", "MAC.ALLOWED_MECHANISMS");
    } else if (suite.equals(SealSuite.RSA_OAEP_GCM.name())) {
      common(all, "", spec.name().label());
      demand(all, "PRIVATE", "CLASS");
      demand(all, "RSA", "KEY_TYPE");
      demand(all, "3072", "MODULUS_BITS");
      demand(all, YES, "DECRYPT");
      demand(all, NO, "SIGN", "SIGN_RECOVER");
      demand(all, "RSA_PKCS_KEY_PAIR_GEN", "KEY_GEN_MECHANISM");
      demand(all, "RSA_PKCS_OAEP", "ALLOWED_MECHANISMS");
    } else {
      aes(all, spec, "AES_GCM");
    }
  }

  private static void aes(List<Finding> all, KeySpec spec, String mechanism) {
    common(all, "", spec.name().label());
    demand(all, "SECRET", "CLASS");
    demand(all, "AES", "KEY_TYPE");
    demand(all, "32", "VALUE_LEN");
    demand(all, YES, "ENCRYPT", "DECRYPT");
    demand(all, NO, "WRAP", "SIGN", "VERIFY");
    demand(all, "AES_KEY_GEN", "KEY_GEN_MECHANISM");
    demand(all, mechanism, "ALLOWED_MECHANISMS");
  }

  private static void signing(List<Finding> all, KeySpec spec, String curve) {
    common(all, "", spec.name().label());
    demand(all, "PRIVATE", "CLASS");
    demand(all, "EC", "KEY_TYPE");
    demand(all, curve, "EC_PARAMS");
    demand(all, YES, "SIGN");
    demand(all, NO, "DECRYPT", "SIGN_RECOVER");
    demand(all, "EC_KEY_PAIR_GEN", "KEY_GEN_MECHANISM");
    demand(all, "ECDSA", "ALLOWED_MECHANISMS");
    demand(all, "verified", "sign with it, verify by its public key");
  }

  private static void common(List<Finding> all, String of, String label) {
    for (var attribute :
        List.of("TOKEN", "PRIVATE", "SENSITIVE", "ALWAYS_SENSITIVE", "NEVER_EXTRACTABLE")) {
      demand(all, YES, of + attribute);
    }
    demand(all, YES, of + "LOCAL", of + "DESTROYABLE");
    for (var attribute : List.of("EXTRACTABLE", "UNWRAP", "DERIVE", "MODIFIABLE", "COPYABLE")) {
      demand(all, NO, of + attribute);
    }
    demand(all, label, of + "LABEL");
    demand(all, "1", of + "objects");
    demand(all, "refused", of + "set EXTRACTABLE=1", of + "read VALUE");
  }

  private static void demand(List<Finding> all, String value, String... attributes) {
    for (var attribute : attributes) {
      all.add(new Finding(attribute, value));
    }
  }
}
