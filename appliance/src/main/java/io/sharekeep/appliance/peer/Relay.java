package io.sharekeep.appliance.peer;

import io.sharekeep.enclave.Documents;
import io.sharekeep.enclave.Order;
import io.sharekeep.enclave.Outcome;
import io.sharekeep.enclave.Proposal;
import io.sharekeep.enclave.Refusal;
import io.sharekeep.enclave.StepReply;
import io.sharekeep.enclave.StepRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/**
 * Carries one proposed session to its parties, round by round. It holds no secret and believes
 * nobody: what it can do wrong is to delay or to drop.
 */
final class Relay {
  private final Roster roster;
  private final Documents.Committee committee;
  private final Proposal.Ready proposal;
  private final Order order;
  private final String traceparent;
  private final ExecutorService executor;
  private final Progress progress;

  Relay(
      Roster roster,
      Documents.Committee committee,
      Proposal.Ready proposal,
      Order order,
      String traceparent,
      ExecutorService executor,
      Progress progress) {
    this.roster = roster;
    this.committee = committee;
    this.proposal = proposal;
    this.order = order;
    this.traceparent = traceparent;
    this.executor = executor;
    this.progress = progress;
  }

  /** How the session went, as far as a relay can tell. */
  sealed interface End {
    record Finished(Outcome outcome) implements End {}

    record Refused(Refusal refusal) implements End {}

    /** All rounds were carried and nobody has said how it ended. */
    record Open() implements End {}

    /**
     * Parties were lost on the way.
     *
     * @param started whether any party may have opened the session, so that its requestId is spent
     */
    record Broken(SortedMap<Integer, String> lost, boolean started) implements End {}
  }

  End run() {
    Map<Integer, byte[]> locators = new TreeMap<>();
    note(new Progress.Event.Begun(proposal.rounds(), new java.util.TreeSet<>(proposal.parties())));
    proposal.parties().forEach(party -> locators.put(party, proposal.locator()));
    List<Sent> sent = List.of();
    for (int round = 1; round <= proposal.rounds(); round++) {
      var answers = ask(round, locators, sent);
      answers.values().forEach(this::tell);
      var verdict = verdict(answers, round);
      if (verdict.isPresent()) {
        return verdict.get();
      }
      var next = new ArrayList<Sent>();
      answers.forEach((party, answer) -> {
        if (answer instanceof Answer.Received<StepReply>(StepReply.Sent reply)) {
          locators.put(party, reply.sessionId());
          reply.outbox().forEach(out -> next.add(new Sent(party, out)));
        }
      });
      sent = next;
    }
    return new End.Open();
  }

  /** Who shows less of its log than before gets to see what others remember of it. */
  private void tell(Answer<StepReply> answer) {
    if (answer instanceof Answer.Received<StepReply>(StepReply.Refused(Refusal refusal))) {
      refusal
          .remembered()
          .ifPresent(proof ->
              committee
                  .party(proof.party())
                  .ifPresent(behind -> roster.party(behind).shown(proof.note())));
    }
  }

  private record Sent(int from, StepReply.Outbound out) {}

  private SortedMap<Integer, Answer<StepReply>> ask(
      int round, Map<Integer, byte[]> locators, List<Sent> sent) {
    var asked = new TreeMap<Integer, Future<Answer<StepReply>>>();
    locators.forEach((id, locator) -> {
      var request =
          new StepRequest(
              round,
              round == 1
                  ? Optional.of(new StepRequest.Opening(proposal.context(), order))
                  : Optional.empty(),
              inbox(id, sent));
      var member =
          committee
              .party(id)
              .orElseThrow(() -> new IllegalStateException("no party " + id + " here"));
      asked.put(
          id,
          executor.submit(() -> {
            note(new Progress.Event.Step(round, id, Progress.Stage.ASKED));
            var answer = roster.party(member).step(locator, request, traceparent);
            note(new Progress.Event.Step(round, id, stage(answer)));
            roster.saw(member, answer);
            return answer;
          }));
    });
    var answers = new TreeMap<Integer, Answer<StepReply>>();
    asked.forEach((id, future) -> answers.put(id, join(future)));
    return answers;
  }

  private void note(Progress.Event event) {
    progress.note(order.requestId(), event);
  }

  private static Progress.Stage stage(Answer<StepReply> answer) {
    return switch (answer) {
      case Answer.Received<StepReply>(StepReply.Sent _) -> Progress.Stage.ANSWERED;
      case Answer.Received<StepReply>(StepReply.Finished _) -> Progress.Stage.FINISHED;
      case Answer.Received<StepReply>(StepReply.Refused _) -> Progress.Stage.REFUSED;
      case Answer.Refused<StepReply> _ -> Progress.Stage.REFUSED;
      case Answer.Unreachable<StepReply> _ -> Progress.Stage.LOST;
    };
  }

  /** Everybody's broadcasts and what is for this party alone, in the order of the senders. */
  private static List<byte[]> inbox(int party, List<Sent> sent) {
    return sent.stream()
        .filter(s -> s.out().to() == 0 || s.out().to() == party)
        .sorted(Comparator.comparingInt(Sent::from))
        .map(s -> s.out().envelope())
        .toList();
  }

  /**
   * The end, unless every party has sent and the next round can begin. A result counts even if only
   * one party had it: it was verified where it was made. A party's no counts above its silence.
   */
  private static Optional<End> verdict(SortedMap<Integer, Answer<StepReply>> answers, int round) {
    Optional<Outcome> outcome = Optional.empty();
    Optional<Refusal> refusal = Optional.empty();
    var lost = new TreeMap<Integer, String>();
    boolean started = round > 1;
    for (var entry : answers.entrySet()) {
      switch (entry.getValue()) {
        case Answer.Received<StepReply>(StepReply.Sent _) -> started = true;
        case Answer.Received<StepReply>(StepReply.Finished(var found)) ->
            outcome = Optional.of(outcome.filter(o -> rank(o) <= rank(found)).orElse(found));
        case Answer.Received<StepReply>(StepReply.Refused(var found)) ->
            refusal = Optional.of(refusal.orElse(named(entry.getKey(), found)));
        case Answer.Refused<StepReply>(var found) ->
            refusal = Optional.of(refusal.orElse(named(entry.getKey(), found)));
        case Answer.Unreachable<StepReply>(var why, var sent) -> {
          lost.put(entry.getKey(), why);
          started |= sent;
        }
      }
    }
    if (outcome.isPresent()) {
      return Optional.of(new End.Finished(outcome.get()));
    }
    if (refusal.isPresent()) {
      return Optional.of(new End.Refused(refusal.get()));
    }
    return lost.isEmpty() ? Optional.empty() : Optional.of(new End.Broken(lost, started));
  }

  private static int rank(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Signed _ -> 0;
      case Outcome.KeyGenerated _ -> 0;
      case Outcome.PairRekeyed _ -> 0;
      case Outcome.Presigned _ -> 0;
      case Outcome.Denied _ -> 1;
      case Outcome.Aborted _ -> 2;
      case Outcome.Lost _ -> 3;
    };
  }

  private static Refusal named(int party, Refusal refusal) {
    return refusal.saying("party " + party + ": " + refusal.detail());
  }

  private static Answer<StepReply> join(Future<Answer<StepReply>> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Answer.Unreachable<>("this appliance is stopping", true);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a round failed here", e.getCause());
    }
  }
}
