package io.sharekeep.threshold;

import java.util.List;

/** What a round gives back. A peer's bad message is an answer here, never an exception. */
public sealed interface Step<S> {
  /** The round went on. */
  record Advanced<S>(S state) implements Step<S> {}

  /** {@code culprits} is sorted, and empty when the transcript proves fault but not whose. */
  record Aborted<S>(Fault fault, List<PartyId> culprits) implements Step<S> {
    public Aborted {
      culprits = culprits.stream().sorted().distinct().toList();
    }
  }
}
