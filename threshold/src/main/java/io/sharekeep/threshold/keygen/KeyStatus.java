package io.sharekeep.threshold.keygen;

/** How far one key generation has got at one party. */
public enum KeyStatus {
  /** It never certified: it holds nothing. */
  NONE,
  /** It certified and holds its sealed share; it never signs, and never forgets alone. */
  PENDING,
  /** It knows that all have certified. */
  ACTIVE,
  /** It knows that all know: the key may sign and show its address. */
  USABLE,
  /** All have withdrawn: the share may be destroyed. */
  WITHDRAWN
}
