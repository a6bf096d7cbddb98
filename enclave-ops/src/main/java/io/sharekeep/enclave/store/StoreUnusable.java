package io.sharekeep.enclave.store;

/** The state folder cannot be opened. The message says why and what to do. */
public final class StoreUnusable extends Exception {
  private static final long serialVersionUID = 1;

  private final Why why;

  StoreUnusable(Why why, String message) {
    super(message);
    this.why = why;
  }

  public Why why() {
    return why;
  }

  /** Stable causes. */
  public enum Why {
    /** Another appliance holds the folder. */
    IN_USE,
    /** The folder cannot be made, read or written, or is open to others. */
    NOT_ACCESSIBLE,
    /** On a network file system, where locks and sync are not to be relied upon. */
    NOT_LOCAL,
    /** Written by a newer release. */
    NEWER_SCHEMA,
    /** A migration that was applied reads differently today. */
    CHANGED_MIGRATION,
    /** The database does not pass its own check. */
    CORRUPT
  }
}
