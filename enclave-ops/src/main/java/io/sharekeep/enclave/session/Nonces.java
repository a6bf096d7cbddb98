package io.sharekeep.enclave.session;

import java.security.SecureRandom;

/** Public freshness: what a coordinator puts into a context. Never used for anything secret. */
final class Nonces {
  private static final SecureRandom RANDOM = new SecureRandom();

  private Nonces() {}

  /** 32 bytes. */
  static byte[] fresh() {
    byte[] nonce = new byte[32];
    RANDOM.nextBytes(nonce);
    return nonce;
  }
}
