package io.sharekeep.enclave;

import java.util.List;

/** What a party gives back to the relay. */
public sealed interface StepReply {
  /** The round is done; these go to the others. */
  record Sent(byte[] sessionId, List<Outbound> outbox) implements StepReply {}

  /** The session is over at this party. */
  record Finished(Outcome outcome) implements StepReply {}

  /**
   * Nothing happened: no state changed, nothing was spent. With {@code CHECKPOINT_BEHIND} the
   * session is over: asked again, the party says how it ended.
   */
  record Refused(Refusal refusal) implements StepReply {}

  /**
   * @param to 0 for everybody
   */
  record Outbound(int to, byte[] envelope) {}
}
