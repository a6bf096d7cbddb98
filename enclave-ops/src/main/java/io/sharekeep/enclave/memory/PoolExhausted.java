package io.sharekeep.enclave.memory;

/** No slab is free: the caller tries again later. Never a wait. */
public final class PoolExhausted extends Exception {
  private static final long serialVersionUID = 1;

  private final Why why;

  PoolExhausted(Why why, String what) {
    super(what, null, false, false);
    this.why = why;
  }

  public Why why() {
    return why;
  }

  /** Who has used it up. */
  public enum Why {
    /** This caller holds its quarter of the class. */
    QUOTA,
    /** All callers together. */
    CAPACITY
  }
}
