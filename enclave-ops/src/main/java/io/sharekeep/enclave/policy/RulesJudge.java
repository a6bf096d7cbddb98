package io.sharekeep.enclave.policy;

import io.sharekeep.enclave.CallerIdentity.Role;
import io.sharekeep.enclave.PairRequest;
import io.sharekeep.enclave.SignedRequest;
import io.sharekeep.enclave.audit.DecisionId;
import io.sharekeep.enclave.rules.Ceremony;
import io.sharekeep.enclave.rules.Charge;
import io.sharekeep.enclave.rules.Evaluator;
import io.sharekeep.enclave.rules.Ruling;
import io.sharekeep.enclave.rules.Ruling.Result;
import io.sharekeep.enclave.rules.Ruling.Why;
import io.sharekeep.enclave.rules.Windows;
import io.sharekeep.enclave.store.Reading;
import io.sharekeep.enclave.store.Transaction;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;

/**
 * Judges by typed rules, and keeps what counts against their limits. Its ledger belongs to the
 * store's writer thread: what takes a transaction runs there and nowhere else.
 */
public final class RulesJudge implements Judge {
  private final RuledPolicy policy;
  private final Lists lists;
  private final Evaluator evaluator;
  private final LimitLedger ledger;
  private final HeldSignatures signatures = new HeldSignatures();

  private RulesJudge(RuledPolicy policy, Lists lists, LimitLedger ledger) {
    this.policy = policy;
    this.lists = lists;
    this.evaluator = new Evaluator(policy.rules(), lists.byName());
    this.ledger = ledger;
  }

  /**
   * With what counts by the store.
   *
   * @param lists their signatures are verified already
   */
  public static RulesJudge load(Reading from, RuledPolicy policy, Lists lists, Instant now) {
    return new RulesJudge(
        policy, lists, LimitLedger.load(from, policy.tenant(), policy.rules().limits(), now));
  }

  /** With newer lists, on the same ledger. */
  public RulesJudge with(Lists newer) {
    return new RulesJudge(policy, newer, ledger);
  }

  @Override
  public RuledPolicy policy() {
    return policy;
  }

  /** Those in force. */
  public Lists lists() {
    return lists;
  }

  @Override
  public Optional<String> initiator(SignedRequest<?> request) {
    // A stranger's signature is not worth its verification.
    return policy
        .ownerOf(request.algorithm(), request.key())
        .filter(_ -> signatures.holds(request));
  }

  @Override
  public boolean waits(Petition petition) {
    return ruling(petition, Windows.EMPTY).result() instanceof Result.Deferred;
  }

  private Ruling ruling(Petition petition, Windows windows) {
    return ruling(policy, evaluator, petition, windows);
  }

  private static Ruling ruling(
      RuledPolicy policy, Evaluator evaluator, Petition petition, Windows windows) {
    var people = Assent.approving(petition.assents());
    return switch (petition) {
      case Petition.Signing signing ->
          evaluator.decide(signing.facts(), signing.at(), people, windows);
      case Petition.Generating(var request, String initiator, var _, var _) ->
          policy.rolesOf(initiator).contains(Role.ADMINISTRATOR)
                  && policy.committees().contains(request.body().committee())
              ? evaluator.decide(Ceremony.KEYGEN, initiator, people)
              : Ruling.of(
                  new Result.Denied(
                      Why.DEFAULT,
                      DEFAULT_DENY,
                      "administrators ask for keys, of committees that this party accepts"));
    };
  }

  @Override
  public Judgement judge(Transaction tx, Petition petition, Optional<byte[]> reserved) {
    var windows =
        reserved
            .<Windows>map(RecordedWindows::ofWhatWaited)
            .orElseGet(() -> ledger.at(tx, petition.at()));
    var ruling = ruling(petition, windows);
    return new Judgement(
        decision(petition, ruling),
        reserved.isPresent() ? List.<Charge>of() : ruling.charges(),
        Optional.of(DecisionRecord.of(policy, lists, petition, ruling)));
  }

  /** The same from a record's own windows: nothing of this party's state is asked. */
  static byte[] recomputed(RuledPolicy policy, Lists lists, Petition petition, byte[] record) {
    var evaluator = new Evaluator(policy.rules(), lists.byName());
    return DecisionRecord.of(
        policy, lists, petition, ruling(policy, evaluator, petition, RecordedWindows.of(record)));
  }

  private static Decision decision(Petition petition, Ruling ruling) {
    var request = petition.request().body();
    return switch (ruling.result()) {
      case Result.Approved(String rule) ->
          new Decision.Approved(
              new Approval(
                  Judge.decision(request),
                  request.digest(),
                  petition.initiator(),
                  rule,
                  request.notAfter()));
      case Result.Deferred(String rule, List<String> missing, var within) ->
          new Decision.Deferred(rule, missing, within);
      case Result.Denied(var _, String rule, var _) -> new Decision.Denied(rule);
    };
  }

  /** Under the quorum of that ceremony, and never by fewer than two administrators. */
  @Override
  public Judgement judge(PairRequest request, SortedSet<String> people) {
    long administrators =
        people.stream().filter(name -> policy.rolesOf(name).contains(Role.ADMINISTRATOR)).count();
    if (administrators < PAIR_OPERATORS || !policy.committees().contains(request.committee())) {
      return Judgement.unrecorded(new Decision.Denied(DEFAULT_DENY));
    }
    var rule = "ceremony-" + Ceremony.PAIR_REKEY.label();
    return Judgement.unrecorded(
        evaluator.missing(Ceremony.PAIR_REKEY, people, "").isEmpty()
            ? new Decision.Approved(
                new Approval(
                    Judge.decision(request),
                    request.digest(),
                    String.join(", ", people),
                    rule,
                    request.notAfter()))
            : new Decision.Denied(rule));
  }

  /** Whose word an unfreeze still needs. */
  public List<String> missingToUnfreeze(Set<String> people) {
    return evaluator.missing(Ceremony.UNFREEZE, people, "");
  }

  @Override
  public Optional<String> behind(Transaction tx, Instant now) {
    return ledger.behind(tx, now);
  }

  @Override
  public void reserve(Transaction tx, DecisionId decision, List<Charge> charges, Instant at) {
    if (!charges.isEmpty() && !ledger.reserve(tx, decision, charges, at)) {
      throw new IllegalStateException("a request has charged limits before it was decided");
    }
  }

  @Override
  public void commit(Transaction tx, DecisionId decision, Instant now) {
    ledger.commit(tx, decision, now);
  }

  @Override
  public void release(Transaction tx, DecisionId decision) {
    ledger.release(tx, decision);
  }
}
