package io.sharekeep.enclave.policy;

import io.sharekeep.enclave.rules.Charge;
import java.util.List;
import java.util.Optional;

/**
 * A decision that nothing has been done about yet.
 *
 * @param charges what it takes out of limits; empty where an earlier decision about the same
 *     request has taken them
 * @param record from which the decision can be recomputed, canonical JSON; absent from those of a
 *     closed list, whose log entries say all that there is
 */
public record Judgement(Decision decision, List<Charge> charges, Optional<byte[]> record) {
  public Judgement {
    charges = List.copyOf(charges);
  }

  static Judgement unrecorded(Decision decision) {
    return new Judgement(decision, List.of(), Optional.empty());
  }
}
