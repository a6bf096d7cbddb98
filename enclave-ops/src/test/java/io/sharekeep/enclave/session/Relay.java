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
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

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
    var opening = Optional.of(new StepRequest.Opening(ready.context(), order));
    return step(enclaves, ready, _ -> new StepRequest(1, opening, List.of()));
  }

  static Map<Integer, StepReply> round(
      Map<Integer, Enclave> enclaves,
      Proposal.Ready ready,
      int round,
      Map<Integer, StepReply> before) {
    return step(
        enclaves, ready, party -> new StepRequest(round, Optional.empty(), inbox(party, before)));
  }

  /** All parties at once, as they are on machines of their own. */
  private static Map<Integer, StepReply> step(
      Map<Integer, Enclave> enclaves, Proposal.Ready ready, IntFunction<StepRequest> requests) {
    var steps = new HashMap<Integer, Future<StepReply>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int party : ready.parties()) {
        var enclave = Optional.ofNullable(enclaves.get(party)).orElseThrow();
        var request = requests.apply(party);
        steps.put(party, threads.submit(() -> enclave.step(ready.locator(), request)));
      }
    }
    var replies = new HashMap<Integer, StepReply>();
    steps.forEach((party, step) -> {
      if (step.state() == Future.State.FAILED) {
        throw new AssertionError("party " + party, step.exceptionNow());
      }
      replies.put(party, step.resultNow());
    });
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
}
