package io.sharekeep.enclave.session;

import io.sharekeep.enclave.KeyDescription.Stage;
import io.sharekeep.enclave.KeyId;
import io.sharekeep.enclave.KeyPath;
import io.sharekeep.enclave.Outcome;
import io.sharekeep.enclave.Refusal;
import io.sharekeep.enclave.Refusal.Code;
import io.sharekeep.enclave.RequestBody;
import io.sharekeep.enclave.SignedRequests;
import io.sharekeep.enclave.audit.DecisionId;
import io.sharekeep.enclave.audit.Entry;
import io.sharekeep.enclave.audit.Recorded;
import io.sharekeep.enclave.policy.Approval;
import io.sharekeep.enclave.policy.Assent;
import io.sharekeep.enclave.policy.Assents;
import io.sharekeep.enclave.policy.ClosedListJudge;
import io.sharekeep.enclave.policy.Decision;
import io.sharekeep.enclave.policy.Judge;
import io.sharekeep.enclave.policy.Judgement;
import io.sharekeep.enclave.policy.Petition;
import io.sharekeep.enclave.policy.PolicyDocument;
import io.sharekeep.enclave.policy.RuledPolicy;
import io.sharekeep.enclave.policy.RulesJudge;
import io.sharekeep.enclave.store.Requests.RequestRow;
import io.sharekeep.enclave.store.Sessions.SessionRow;
import io.sharekeep.enclave.store.Transaction;
import io.sharekeep.enclave.store.Waiting.WaitingRow;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.wire.Protocol;
import io.sharekeep.threshold.wire.SessionContext;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/**
 * Has requests decided and writes down what was decided: the log entry, the record that the
 * decision can be made from again, what it takes out of limits, and the rows of request and
 * session, in one transaction. Nothing leaves before that is on disk.
 */
final class Docket {
  private final Desk desk;

  Docket(Desk desk) {
    this.desk = desk;
  }

  /** A request that is to be decided, once, in the transaction that writes it down. */
  record Case(
      SessionContext context,
      RequestBody request,
      String initiator,
      Judge judge,
      Optional<Petition> petition,
      Judging judging) {
    byte[] session() {
      return context.hash().toArray();
    }

    Instant at(Desk desk) {
      return petition.map(Petition::at).orElseGet(() -> desk.clock().instant());
    }
  }

  /** Decides within a transaction. */
  interface Judging {
    /**
     * @param reserved the record of the decision that reserved for this request, if it waited
     */
    Judgement judge(Transaction tx, Optional<byte[]> reserved);
  }

  /** What came of it. */
  sealed interface Filed {
    record Approved(Approval approval, Recorded recorded) implements Filed {}

    /** It had an end before, or has one now. */
    record Ended(Outcome outcome) implements Filed {}

    record Refused(Refusal refusal) implements Filed {}

    /** It is approved, and whoever asked wanted to know of waiting only. Nothing is written. */
    record Unwritten() implements Filed {}
  }

  /** That signature is wanted of these parties. */
  Case signing(SessionContext context, Admission.Read.Signing signing) {
    var judge = desk.books().judge();
    var petition = petition(judge, context, signing);
    return new Case(
        context,
        signing.order().request(),
        signing.initiator(),
        judge,
        Optional.of(petition),
        (tx, reserved) -> judge.judge(tx, petition, reserved));
  }

  /** That all parties of its committee are to make a key. */
  Case generating(SessionContext context, Admission.Read.Generating generating) {
    var judge = desk.books().judge();
    var petition =
        new Petition.Generating(
            generating.asked().request(),
            generating.initiator(),
            assents(judge, generating),
            desk.clock().instant().truncatedTo(ChronoUnit.MILLIS));
    return new Case(
        context,
        generating.request(),
        generating.initiator(),
        judge,
        Optional.of(petition),
        (tx, reserved) -> judge.judge(tx, petition, reserved));
  }

  Case rekeying(SessionContext context, Admission.Read.Rekeying rekeying) {
    var judge = desk.books().judge();
    return new Case(
        context,
        rekeying.request(),
        String.join(", ", rekeying.people()),
        judge,
        Optional.empty(),
        (_, _) -> judge.judge(rekeying.request(), rekeying.people()));
  }

  private List<Assent> assents(Judge judge, Admission.Read.Decidable asked) {
    return switch (judge) {
      case ClosedListJudge _ -> List.of();
      case RulesJudge rules -> Waiters.assents(desk, rules, asked);
    };
  }

  Case presigning(SessionContext context, Admission.Read.Presigning presigning) {
    return new Case(
        context,
        presigning.request(),
        "party " + presigning.request().coordinator(),
        desk.books().judge(),
        Optional.empty(),
        (_, _) -> desk.stock().presigning().judge(presigning.request()));
  }

  private Petition petition(Judge judge, SessionContext context, Admission.Read.Signing signing) {
    var order = signing.order();
    return new Petition.Signing(
        signing.asked().request(),
        order.payload(),
        order.account(),
        order.intent(),
        signing.initiator(),
        order.key().epoch(),
        own(judge, order.key(), signing.committee()),
        context.signers().stream()
            .flatMap(party -> signing.committee().document().party(party.value()).stream())
            .map(party -> party.name())
            .collect(Collectors.toUnmodifiableSet()),
        assents(judge, signing),
        desk.clock().instant().truncatedTo(ChronoUnit.MILLIS));
  }

  /** Addresses of the wallets that the policy names, as far as the same committee holds them. */
  private Set<String> own(Judge judge, HeldKey key, Books.Entry committee) {
    return switch (judge.policy()) {
      case PolicyDocument _ -> Set.of();
      case RuledPolicy policy ->
          policy.rules().wallets().values().stream()
              .flatMap(id -> desk.keys().find(new KeyId(id)).stream())
              .filter(held ->
                  held.stage() == Stage.USABLE
                      && held.scheme() == key.scheme()
                      && held.committee().equals(key.committee()))
              .flatMap(held ->
                  desk
                      .signing()
                      .addresses(held, KeyPath.ROOT, committee.document().network())
                      .values()
                      .stream())
              .collect(Collectors.toUnmodifiableSet());
    };
  }

  /**
   * Decides and writes.
   *
   * @param opens whether a yes opens the session; otherwise a yes changes nothing
   */
  Filed file(Case one, boolean opens) {
    var filed = new AtomicReference<Filed>(new Filed.Unwritten());
    desk.store()
        .commit(tx -> {
          filed.set(write(tx, one, opens));
          return one;
        });
    // Committed: from here a crash leaves the request charged and its session lost; the start-up
    // sweep says so, gives back what no last round was reached for, and nothing is tried again.
    return filed.get();
  }

  private Filed write(Transaction tx, Case one, boolean opens) {
    var jumped = desk.clock().jumped();
    if (jumped.isPresent() && one.judge() instanceof RulesJudge) {
      return refused(Code.POLICY_UNAVAILABLE, jumped.get());
    }
    Succession.due(desk, tx, one.at(desk));
    if (desk.books().judge() != one.judge()) {
      return refused(Code.POLICY_UNAVAILABLE, "the policy has just changed; ask again");
    }
    var request = one.request();
    if (one.petition().isPresent() && desk.freezes().holds(tx, request.keyId())) {
      return new Filed.Refused(Brake.refusal(request.keyId()));
    }
    expire(tx, one.at(desk));
    var row = desk.requests().find(tx, request.requestId());
    boolean waited = row.filter(Docket::waits).isPresent();
    if (row.isPresent() && !waited) {
      return row.flatMap(RequestRow::outcome)
          .<Filed>map(outcome -> new Filed.Ended(OutcomeCodec.decode(outcome, desk::describe)))
          .orElseGet(() ->
              refused(
                  Code.REQUEST_CONFLICT,
                  "request " + request.requestId() + " has opened a session already"));
    }
    var reserved =
        waited
            ? desk.decisions().first(tx, Judge.decision(request).hex())
            : Optional.<byte[]>empty();
    var judgement = one.judging().judge(tx, reserved);
    return switch (judgement.decision()) {
      case Decision.Approved(Approval approval) ->
          opens ? approved(tx, one, judgement, approval) : new Filed.Unwritten();
      case Decision.Denied(String rule) -> denied(tx, one, judgement, rule);
      case Decision.Deferred deferred -> deferred(tx, one, judgement, deferred);
    };
  }

  private static boolean waits(RequestRow row) {
    return row.session().length == 0 && row.outcome().isEmpty();
  }

  private Filed approved(Transaction tx, Case one, Judgement judgement, Approval approval) {
    if (!open(tx, one)) {
      return refused(
          Code.REQUEST_CONFLICT,
          "request " + one.request().requestId() + " has opened a session already");
    }
    desk.waiting().remove(tx, one.request().requestId());
    reserve(tx, one, judgement);
    var recorded = decide(tx, one, judgement, Entry.Effect.APPROVED, approval.rule());
    desk.log()
        .append(
            tx,
            new Entry.SessionOpened(
                approval.decision(),
                HexFormat.of().formatHex(one.session()),
                protocol(one),
                one.request().requestId(),
                one.request().keyId(),
                one.context().epoch(),
                one.context().signers().stream().map(PartyId::value).toList()));
    return new Filed.Approved(approval, recorded);
  }

  private Filed denied(Transaction tx, Case one, Judgement judgement, String rule) {
    if (!open(tx, one)) {
      return refused(
          Code.REQUEST_CONFLICT,
          "request " + one.request().requestId() + " has opened a session already");
    }
    var outcome = new Outcome.Denied(one.request().requestId(), rule);
    if (desk.waiting().remove(tx, one.request().requestId())) {
      one.judge().release(tx, Judge.decision(one.request()));
    }
    decide(tx, one, judgement, Entry.Effect.DENIED, rule);
    desk.requests().finish(tx, one.request().requestId(), OutcomeCodec.encode(outcome));
    desk.sessions().end(tx, one.session(), "denied");
    desk.counters().count("denied{rule=\"" + rule + "\"}");
    return new Filed.Ended(outcome);
  }

  private Filed deferred(
      Transaction tx, Case one, Judgement judgement, Decision.Deferred deferred) {
    var petition = one.petition().orElseThrow();
    var request = one.request();
    var before = desk.waiting().find(tx, request.requestId());
    byte[] assents = Assents.digest(petition.assents());
    if (before.isPresent() && java.util.Arrays.equals(before.get().assents(), assents)) {
      return waiting(before.get());
    }
    var until = petition.at().plus(deferred.within());
    var row =
        new WaitingRow(
            request.requestId(),
            SignedRequests.toJson(petition.request()),
            petition.kept(),
            deferred.rule(),
            String.join("; ", deferred.missing()),
            assents,
            desk.books().policyHash(),
            before
                .map(WaitingRow::until)
                .orElse(until.isBefore(request.notAfter()) ? until : request.notAfter()),
            before.map(WaitingRow::at).orElse(petition.at()));
    if (before.isEmpty() && !desk.requests().open(tx, requestRow(one, new byte[0]))) {
      throw new IllegalStateException("a request that was not there is there");
    }
    desk.waiting().put(tx, row);
    reserve(tx, one, judgement);
    decide(tx, one, judgement, Entry.Effect.DEFERRED, deferred.rule());
    return waiting(row);
  }

  private static Filed waiting(WaitingRow row) {
    return refused(
        Code.POLICY_DEFERRED,
        "rule "
            + row.rule()
            + " waits until "
            + row.until()
            + " for "
            + row.missing()
            + "; sharekeep request show "
            + row.requestId());
  }

  private static void reserve(Transaction tx, Case one, Judgement judgement) {
    one.petition()
        .ifPresent(petition ->
            one.judge()
                .reserve(tx, Judge.decision(one.request()), judgement.charges(), petition.at()));
  }

  private Recorded decide(
      Transaction tx, Case one, Judgement judgement, Entry.Effect effect, String rule) {
    var request = one.request();
    var decision = Judge.decision(request);
    judgement
        .record()
        .ifPresent(record ->
            desk.decisions().add(tx, decision.hex(), request.requestId(), one.at(desk), record));
    return desk.log()
        .append(
            tx,
            new Entry.Decided(
                decision,
                request.requestId(),
                HexFormat.of().formatHex(request.digest()),
                protocol(one),
                one.initiator(),
                request.keyId(),
                effect,
                rule,
                desk.books().policyHash(),
                judgement.record().map(Ending::sha256)));
  }

  private boolean open(Transaction tx, Case one) {
    var request = one.request();
    return (desk.requests().open(tx, requestRow(one, one.session()))
            || desk.requests().resume(tx, request.requestId(), request.digest(), one.session()))
        && desk.sessions()
            .open(
                tx,
                new SessionRow(
                    one.session(),
                    Optional.empty(),
                    request.requestId(),
                    protocol(one),
                    request.keyId(),
                    one.context().epoch(),
                    one.session(),
                    "opened",
                    true,
                    desk.boot().toArray(),
                    Instant.ofEpochSecond(one.context().deadline())));
  }

  private RequestRow requestRow(Case one, byte[] session) {
    return new RequestRow(
        one.request().requestId(),
        one.request().digest(),
        protocol(one),
        one.initiator(),
        session,
        Optional.empty(),
        one.request().notAfter(),
        desk.clock().instant());
  }

  /** Ends the requests that have waited for too long. */
  void expire(Transaction tx, Instant now) {
    desk.waiting().expired(tx, now).forEach(row -> close(tx, row, "approvals-expired", ""));
  }

  /**
   * Ends a request that waits. No session was ever opened for it, so that what it reserved is given
   * back with that very proof.
   *
   * @param why one word, which becomes the rule of its outcome
   */
  void close(Transaction tx, WaitingRow row, String why, String by) {
    var decision =
        Judge.decision(
            desk.requests()
                .find(tx, row.requestId())
                .orElseThrow(() -> new IllegalStateException("an unknown request waits"))
                .digest());
    desk.waiting().remove(tx, row.requestId());
    desk.books().judge().release(tx, decision);
    over(tx, decision, row.requestId(), why, by);
  }

  /** Ends a request that has not come here yet, and so has reserved nothing. */
  void refuse(Transaction tx, Admission.Read.Decidable asked, String why, String by) {
    var request = asked.asked().body();
    var protocol =
        switch (asked) {
          case Admission.Read.Signing(var order, var _, var _, var _) ->
              Engine.protocol(order.key().scheme());
          case Admission.Read.Generating _ -> Protocol.DKG;
        };
    var row =
        new RequestRow(
            request.requestId(),
            request.digest(),
            word(protocol),
            asked.initiator(),
            new byte[0],
            Optional.empty(),
            request.notAfter(),
            desk.clock().instant());
    if (!desk.requests().open(tx, row)) {
      throw new IllegalStateException("a request that was not there is there");
    }
    over(tx, Judge.decision(request), request.requestId(), why, by);
  }

  private void over(Transaction tx, DecisionId decision, String requestId, String why, String by) {
    desk.log().append(tx, new Entry.RequestClosed(decision, requestId, why, by));
    desk.requests().finish(tx, requestId, OutcomeCodec.encode(new Outcome.Denied(requestId, why)));
  }

  private static Filed refused(Code code, String detail) {
    return new Filed.Refused(new Refusal(code, detail));
  }

  private static String protocol(Case one) {
    return word(one.context().protocol());
  }

  private static String word(Protocol protocol) {
    return protocol.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
