package io.sharekeep.enclave;

import java.util.List;

/** A session that a coordinator may carry to the parties. */
public sealed interface Proposal {
  /**
   * Go: bring the context to each of these parties.
   *
   * @param context canonical CBOR (protocols, section 3.1)
   * @param locator 32 bytes: its hash, the session's name in round 1
   * @param rounds how many rounds there are at most
   */
  record Ready(byte[] context, byte[] locator, List<Integer> parties, int rounds)
      implements Proposal {}

  /** The request is finished already: its stored outcome. */
  record Known(Outcome outcome) implements Proposal {}

  record Refused(Refusal refusal) implements Proposal {}
}
