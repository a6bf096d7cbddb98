package io.sharekeep.threshold.rekey;

import io.sharekeep.threshold.PartyId;
import java.lang.foreign.MemorySegment;
import java.util.function.Function;

/** What two parties share from now on, until it is closed. */
public final class Agreed implements AutoCloseable {
  private final Offered.Held held;

  Agreed(Offered.Held held) {
    this.held = held;
  }

  public PartyId peer() {
    return held.peer();
  }

  /**
   * Lends the secrets for one call, {@link io.sharekeep.threshold.ecdsa.PairSecrets#LENGTH} bytes.
   */
  public <R> R lend(Function<MemorySegment, R> borrower) {
    return borrower.apply(held.agreement().bytes().asReadOnly());
  }

  /** Wipes. */
  @Override
  public void close() {
    held.close();
  }

  @Override
  public String toString() {
    return "Agreed[redacted]";
  }
}
