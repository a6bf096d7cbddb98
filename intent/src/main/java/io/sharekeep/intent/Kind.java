package io.sharekeep.intent;

/** What a transaction is, by its worst part. A kind that no decoder understands is refused. */
public enum Kind {
  /** Moves value to destinations and does nothing else. */
  TRANSFER("transfer");

  private final String label;

  Kind(String label) {
    this.label = label;
  }

  public String label() {
    return label;
  }
}
