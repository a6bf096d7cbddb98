package io.sharekeep.threshold.keygen;

/** How far one key generation has got at one party. */
public enum KeyStatus {
  /** It has no record of the key: it never certified. */
  NONE,
  /**
   * It holds its sealed share and has certified, or is about to; it never signs, and never forgets
   * alone.
   */
  PENDING,
  /** It knows that all have certified. */
  ACTIVE,
  /** It knows that all know: the key may sign and show its address. */
  USABLE,
  /** All have withdrawn: the share may be destroyed. */
  WITHDRAWN
}
