package io.sharekeep.enclave.session;

import io.sharekeep.enclave.Outcome;
import io.sharekeep.enclave.Refusal;
import io.sharekeep.enclave.StepReply;
import io.sharekeep.enclave.audit.Entry;
import io.sharekeep.enclave.memory.SessionSlab;
import io.sharekeep.enclave.store.PairRows;
import io.sharekeep.enclave.store.PairRows.PairRow;
import io.sharekeep.enclave.store.PairRows.PairStatus;
import io.sharekeep.enclave.store.SignerSets.SetRow;
import io.sharekeep.enclave.vault.PairVault;
import io.sharekeep.threshold.Fault;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.Step;
import io.sharekeep.threshold.keygen.Means;
import io.sharekeep.threshold.rekey.Agreed;
import io.sharekeep.threshold.rekey.Answered;
import io.sharekeep.threshold.rekey.Committed;
import io.sharekeep.threshold.rekey.Offered;
import io.sharekeep.threshold.wire.Endpoint;
import io.sharekeep.threshold.wire.Octets;
import io.sharekeep.threshold.wire.SignedBlame;
import io.sharekeep.threshold.wire.SignedEnvelope;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Two parties make anew what they share of an ECDSA key (protocols, section 4.7), at one of them.
 *
 * <p>Before its first message leaves, the pair is durably unusable here, and it is usable again
 * only with what this very session made. Both can therefore use it only after the same session:
 * whatever is lost on the way, the worst is that one of them cannot use it and both have to do it
 * again.
 */
final class PairRekeySession implements LiveSession {
  /** Rounds that a relay carries at most. */
  static final int ROUNDS = 4;

  private static final int OFFER = 2;
  private static final int ANSWER = 3;
  private static final int FINISH = 4;

  private final Desk desk;
  private final Admission.Read.Rekeying order;
  private final Endpoint endpoint;
  private final Ending ending;
  private final Workbench bench;
  private final SessionSlab slab;
  private final StepWork work;
  private volatile Phase phase;
  private volatile int next = OFFER;

  /** The state of the protocol; each is left by spending it. */
  private sealed interface Phase {
    record Committing(Committed state) implements Phase {}

    record Offering(Offered state) implements Phase {}

    record Answering(Answered state) implements Phase {}

    record Over() implements Phase {}
  }

  private PairRekeySession(
      Desk desk,
      Admission.Read.Rekeying order,
      Endpoint endpoint,
      Ending ending,
      Workbench bench,
      SessionSlab slab,
      StepWork work,
      Committed committed) {
    this.desk = desk;
    this.order = order;
    this.endpoint = endpoint;
    this.ending = ending;
    this.bench = bench;
    this.slab = slab;
    this.work = work;
    this.phase = new Phase.Committing(committed);
  }

  /** A session that has run its first round, and what it answers. */
  record Opened(PairRekeySession session, StepReply reply) {}

  static Opened open(
      Desk desk,
      Admission.Read.Rekeying order,
      Endpoint endpoint,
      Ending ending,
      Workbench bench,
      SessionSlab slab) {
    try {
      retire(desk, order, ending);
      var work = new StepWork(bench);
      var means = new Means(desk.group(order.key()), desk.primitives(), slab, work, bench.random());
      var committed =
          work.during(() ->
              Committed.start(means, endpoint, Optional.of(Octets.of(desk.checkpoint().note()))));
      return new Opened(
          new PairRekeySession(desk, order, endpoint, ending, bench, slab, work, committed),
          ending.sent(committed.outbox()));
    } catch (RuntimeException | Error e) {
      slab.close();
      throw e;
    }
  }

  /** Ends the use of what the pair has, after the step that may be using it. */
  private static void retire(Desk desk, Admission.Read.Rekeying order, Ending ending) {
    var key = order.key();
    var peer = order.peer();
    try (var _ = desk.pairs().hold(key.id(), List.of(peer))) {
      desk.store()
          .commit(tx -> {
            if (!desk.pairRows().rekeying(tx, key.id(), key.epoch(), peer.value(), ending.id())) {
              throw new IllegalStateException("there is no pair with " + peer);
            }
            desk.log()
                .append(
                    tx,
                    new Entry.PairRekeying(
                        HexFormat.of().formatHex(ending.id()),
                        key.id(),
                        key.epoch(),
                        peer.value(),
                        order.request().generation(),
                        List.copyOf(order.people())));
            return peer;
          });
      // Committed: from here no session of any process of this party uses the pair.
      desk.pairs().find(key.id(), peer).map(PairStatus::rekeying).ifPresent(desk.pairs()::put);
    }
  }

  @Override
  public StepReply step(int round, List<byte[]> inbox) {
    slab.touch();
    return switch (Inbox.take(endpoint, round - 1, inbox, ending.receiving())) {
      case Inbox.Result.Incomplete(Refusal refusal) -> new StepReply.Refused(refusal);
      case Inbox.Result.Contradicted contradicted -> abort(contradicted.accusation(endpoint));
      case Inbox.Result.Refused(Refusal refusal) -> refuse(refusal);
      case Inbox.Result.Complete _ -> work.during(this::advance);
    };
  }

  private StepReply advance() {
    return switch (phase) {
      case Phase.Committing(Committed state) ->
          switch (state.offer()) {
            case Step.Advanced<Offered>(Offered offered) ->
                goOn(new Phase.Offering(offered), ANSWER, offered.outbox());
            case Step.Aborted<Offered>(Fault fault, List<PartyId> culprits) ->
                abort(fault, culprits);
          };
      case Phase.Offering(Offered state) ->
          switch (state.answer()) {
            case Step.Advanced<Answered>(Answered answered) ->
                goOn(new Phase.Answering(answered), FINISH, answered.outbox());
            case Step.Aborted<Answered>(Fault fault, List<PartyId> culprits) ->
                abort(fault, culprits);
          };
      case Phase.Answering(Answered state) ->
          switch (state.finish()) {
            case Step.Advanced<Agreed>(Agreed agreed) -> store(agreed);
            case Step.Aborted<Agreed>(Fault fault, List<PartyId> culprits) ->
                abort(fault, culprits);
          };
      case Phase.Over _ -> throw new IllegalStateException("the session is over");
    };
  }

  private StepReply goOn(Phase then, int round, List<SignedEnvelope> outbox) {
    phase = then;
    next = round;
    return ending.sent(outbox);
  }

  /** Seals, and puts it in the place of the old, unless another session has begun since. */
  private StepReply store(Agreed agreed) {
    var key = desk.keys().find(order.key().id()).orElse(order.key());
    var peer = agreed.peer();
    byte[] session = endpoint.session().orElseThrow().toArray();
    long generation = order.request().generation();
    PairRow row;
    try (agreed;
        var lease = bench.lease();
        var open = desk.vault().open(key.record(), lease, desk.group(key), ending::held)) {
      var pair = new PairVault.Pair(key.id(), key.epoch(), peer, generation, session);
      row =
          new PairRow(
              new PairStatus(
                  key.id(), key.epoch(), peer.value(), generation, PairRows.State.ACTIVE, 0),
              session,
              agreed.lend(secrets -> desk.pairVault().seal(open.pairKey(), pair, lease, secrets)));
    }
    end();
    var begun = new ArrayList<SetRow>();
    var stored =
        ending.finishIf(
            new Outcome.PairRekeyed(
                order.request().requestId(), key.id(), order.request().parties(), generation),
            new Entry.PairRekeyed(
                HexFormat.of().formatHex(ending.id()),
                order.request().requestId(),
                key.id(),
                key.epoch(),
                peer.value(),
                generation),
            tx -> {
              if (!desk.pairRows().rekeyed(tx, row, ending.id())) {
                return false;
              }
              desk.signerSets().all(tx).stream()
                  .filter(set -> Lockouts.concerns(set, key.id(), endpoint.self(), peer))
                  .forEach(begun::add);
              begun.forEach(set -> desk.signerSets().forget(tx, set));
              return true;
            });
    // Committed: from here the pair signs with these secrets alone.
    stored.ifPresent(_ -> {
      desk.pairs().put(row.status());
      begun.forEach(desk.lockouts()::forget);
    });
    return stored.orElseGet(() ->
        ending.refuse(
            new Refusal(
                Refusal.Code.PAIR_NOT_USABLE,
                "the pair with " + peer + " is being made anew by another session")));
  }

  private StepReply abort(Fault fault, List<PartyId> culprits) {
    return abort(endpoint.accuse(fault, culprits, List.of(), Optional.empty()));
  }

  private StepReply abort(SignedBlame blame) {
    end();
    return ending.abort(blame);
  }

  private StepReply refuse(Refusal refusal) {
    end();
    return ending.refuse(refusal);
  }

  private void end() {
    var left = phase;
    phase = new Phase.Over();
    switch (left) {
      case Phase.Committing(Committed state) -> state.close();
      case Phase.Offering(Offered state) -> state.close();
      case Phase.Answering(Answered state) -> state.close();
      case Phase.Over _ -> {}
    }
    slab.close();
  }

  @Override
  public int nextRound() {
    return next;
  }

  @Override
  public boolean isOver() {
    return phase instanceof Phase.Over;
  }

  @Override
  public boolean isExpired() {
    return ending.isPastDeadline() || slab.isIdle();
  }

  @Override
  public void abandon(String reason) {
    end();
    ending.lose(reason);
  }
}
