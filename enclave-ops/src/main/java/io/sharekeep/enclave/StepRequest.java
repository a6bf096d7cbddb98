package io.sharekeep.enclave;

import java.util.List;
import java.util.Optional;

/**
 * What a relay brings to a party.
 *
 * @param round 1, 2, …
 * @param opening in round 1 only
 * @param inbox signed envelopes of the round before, of every expected sender
 */
public record StepRequest(int round, Optional<Opening> opening, List<byte[]> inbox) {
  public StepRequest {
    inbox = List.copyOf(inbox);
  }

  /** What opens a session. */
  public record Opening(byte[] context, Order order) {}
}
