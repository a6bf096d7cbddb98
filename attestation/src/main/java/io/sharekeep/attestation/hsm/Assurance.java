package io.sharekeep.attestation.hsm;

/** Whose word it is that a key lies in hardware; in rising order. */
public enum Assurance {
  NONE,
  SELF_REPORTED,
  VENDOR_SIGNED,

  /** Signed by the vendor's device over the asker's nonce. */
  VENDOR_SIGNED_FRESH
}
