package io.sharekeep.enclave.audit;

import java.util.Optional;

/**
 * Proof that an entry is in the log and on disk. Only the log makes one, and until the commit that
 * holds the entry has been synced every question put to it throws.
 */
public final class Recorded {
  private final long index;
  private final Optional<DecisionId> approved;
  private volatile boolean durable;

  Recorded(long index, Optional<DecisionId> approved) {
    this.index = index;
    this.approved = approved;
  }

  void becameDurable() {
    durable = true;
  }

  /** Position of the entry in the log. */
  public long index() {
    checkDurable();
    return index;
  }

  /** The decision that the entry records, if it is a yes. */
  public Optional<DecisionId> decision() {
    checkDurable();
    return approved;
  }

  /** Whether the entry is the approval of exactly this decision. */
  public boolean covers(DecisionId decision) {
    checkDurable();
    return approved.filter(decision::equals).isPresent();
  }

  private void checkDurable() {
    if (!durable) {
      throw new IllegalStateException("this log entry is not on disk");
    }
  }
}
