package io.sharekeep.enclave.session;

import io.sharekeep.enclave.Enclave;
import io.sharekeep.enclave.Order;
import io.sharekeep.enclave.Outcome;
import io.sharekeep.enclave.Proposal;
import io.sharekeep.enclave.StepReply;
import io.sharekeep.enclave.StepRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The untrusted relay, in memory: carries envelopes between parties and nothing else. */
final class Relay {
  private Relay() {}

  /** Runs a session to its end, asserting that all parties end alike. */
  static Outcome run(Map<Integer, Enclave> enclaves, Proposal.Ready ready, Order order) {
    var replies = open(enclaves, ready, order);
    int round = 2;
    while (replies.values().stream().allMatch(StepReply.Sent.class::isInstance)) {
      replies = round(enclaves, ready, round++, replies);
    }
    var outcomes = new ArrayList<Outcome>();
    for (var reply : replies.values()) {
      if (!(reply instanceof StepReply.Finished(Outcome outcome))) {
        throw new AssertionError(replies);
      }
      outcomes.add(outcome);
    }
    return outcomes.getFirst();
  }

  static Map<Integer, StepReply> open(
      Map<Integer, Enclave> enclaves, Proposal.Ready ready, Order order) {
    var replies = new HashMap<Integer, StepReply>();
    for (int party : ready.parties()) {
      replies.put(
          party,
          enclave(enclaves, party)
              .step(
                  ready.locator(),
                  new StepRequest(
                      1, Optional.of(new StepRequest.Opening(ready.context(), order)), List.of())));
    }
    return replies;
  }

  static Map<Integer, StepReply> round(
      Map<Integer, Enclave> enclaves,
      Proposal.Ready ready,
      int round,
      Map<Integer, StepReply> before) {
    var replies = new HashMap<Integer, StepReply>();
    for (int party : ready.parties()) {
      replies.put(
          party,
          enclave(enclaves, party)
              .step(
                  ready.locator(), new StepRequest(round, Optional.empty(), inbox(party, before))));
    }
    return replies;
  }

  /** What was broadcast, and what was sealed to that party. */
  static List<byte[]> inbox(int party, Map<Integer, StepReply> before) {
    var inbox = new ArrayList<byte[]>();
    before.forEach((_, reply) -> {
      if (reply instanceof StepReply.Sent(var _, List<StepReply.Outbound> outbox)) {
        for (var out : outbox) {
          if (out.to() == 0 || out.to() == party) {
            inbox.add(out.envelope());
          }
        }
      }
    });
    return inbox;
  }

  private static Enclave enclave(Map<Integer, Enclave> enclaves, int party) {
    return Optional.ofNullable(enclaves.get(party)).orElseThrow();
  }
}
