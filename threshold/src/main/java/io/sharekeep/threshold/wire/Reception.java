package io.sharekeep.threshold.wire;

import io.sharekeep.threshold.Fault;
import io.sharekeep.threshold.PartyId;
import java.util.List;

/** What becomes of an envelope that came in. */
public sealed interface Reception {
  /** It counts: the first valid one of its sender for this round. */
  record Accepted(SignedEnvelope envelope) implements Reception {}

  /** Nothing happened. */
  record Dropped(DropReason reason) implements Reception {}

  /**
   * The session cannot go on.
   *
   * @param culprits empty when the evidence does not say who
   * @param evidence signed envelopes that a third party can check
   */
  record Contradiction(Fault fault, List<PartyId> culprits, List<SignedEnvelope> evidence)
      implements Reception {
    public Contradiction {
      culprits = List.copyOf(culprits);
      evidence = List.copyOf(evidence);
    }
  }
}
