package io.sharekeep.pkcs11.terms;

/** How a blob is sealed; the number stands in its header (design: pkcs11.md, section 4). */
public enum SealSuite {
  /** AES-256-GCM in the token under an IV of ours. */
  GCM(1),
  /** AES-256-GCM in the token under an IV of its own. */
  GCM_TOKEN_IV(2),
  /** AES-256-CBC and then HMAC-SHA-256, both in the token. Degraded. */
  CBC_HMAC(3),
  /** A data key sealed by RSA-OAEP in the token; AES-256-GCM in libcrypto. Degraded. */
  RSA_OAEP_GCM(4);

  private final int number;

  SealSuite(int number) {
    this.number = number;
  }

  /** As the header holds it. */
  public int number() {
    return number;
  }
}
