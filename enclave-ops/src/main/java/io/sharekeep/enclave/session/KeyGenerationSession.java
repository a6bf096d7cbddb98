package io.sharekeep.enclave.session;

import io.sharekeep.enclave.KeyDescription.Stage;
import io.sharekeep.enclave.Outcome;
import io.sharekeep.enclave.Refusal;
import io.sharekeep.enclave.StepReply;
import io.sharekeep.enclave.audit.Entry;
import io.sharekeep.enclave.memory.SessionSlab;
import io.sharekeep.threshold.Fault;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.Step;
import io.sharekeep.threshold.keygen.Certifiable;
import io.sharekeep.threshold.keygen.Certified;
import io.sharekeep.threshold.keygen.Checked;
import io.sharekeep.threshold.keygen.Committed;
import io.sharekeep.threshold.keygen.Dealt;
import io.sharekeep.threshold.keygen.Means;
import io.sharekeep.threshold.keygen.SignedStatement;
import io.sharekeep.threshold.wire.Endpoint;
import io.sharekeep.threshold.wire.Octets;
import io.sharekeep.threshold.wire.SignedBlame;
import io.sharekeep.threshold.wire.SignedEnvelope;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Key generation at one party (protocols, section 5.2): commit, deal, check, certify, then the
 * statements that make the key active and usable. Once this party has certified, nothing that
 * happens to the session can undo or hurry the key: its {@link KeyLedgers ledger} decides.
 */
final class KeyGenerationSession implements LiveSession {
  /** Rounds that a relay carries at most. */
  static final int ROUNDS = 6;

  private static final int DEAL = 2;

  private final Desk desk;
  private final KeyLedgers ledgers;
  private final KeyOrder order;
  private final Endpoint endpoint;
  private final Ending ending;
  private final Workbench bench;
  private final SessionSlab slab;
  private final StepWork work;
  private volatile Phase phase;
  private int next = 2;

  /** The state of the protocol; each is left by spending it. */
  private sealed interface Phase {
    record Committing(Committed state) implements Phase {}

    record Dealing(Dealt state) implements Phase {}

    record Checking(Checked state) implements Phase {}

    record Certifying(Certified state) implements Phase {}

    /** The statements decide. */
    record Agreeing() implements Phase {}

    record Over() implements Phase {}
  }

  private KeyGenerationSession(
      Desk desk,
      KeyLedgers ledgers,
      KeyOrder order,
      Endpoint endpoint,
      Ending ending,
      Workbench bench,
      SessionSlab slab,
      StepWork work,
      Committed committed) {
    this.desk = desk;
    this.bench = bench;
    this.work = work;
    this.ledgers = ledgers;
    this.order = order;
    this.endpoint = endpoint;
    this.ending = ending;
    this.slab = slab;
    this.phase = new Phase.Committing(committed);
  }

  /** A session that has run its first round, and what it answers. */
  record Opened(KeyGenerationSession session, StepReply reply) {}

  static Opened open(
      Desk desk,
      KeyLedgers ledgers,
      KeyOrder order,
      Endpoint endpoint,
      Ending ending,
      Workbench bench,
      SessionSlab slab) {
    try {
      var group = desk.groups().apply(order.context().suite().group());
      var work = new StepWork(bench);
      var committed =
          Committed.start(
              new Means(group, desk.primitives(), slab, work, bench.random()),
              endpoint,
              Optional.of(Octets.of(desk.log().checkpoint().note())));
      return new Opened(
          new KeyGenerationSession(
              desk, ledgers, order, endpoint, ending, bench, slab, work, committed),
          ending.sent(committed.outbox()));
    } catch (RuntimeException | Error e) {
      slab.close();
      throw e;
    }
  }

  @Override
  public StepReply step(int round, List<byte[]> inbox) {
    if (phase instanceof Phase.Certifying || phase instanceof Phase.Agreeing) {
      var record = desk.keys().find(order.request().keyId());
      if (record.isEmpty()) {
        end();
        return withdrawn();
      }
      return phase instanceof Phase.Certifying(Certified state)
          ? collect(state, record.get(), inbox)
          : agree(record.get(), inbox);
    }
    slab.touch();
    long started = System.nanoTime();
    var reply =
        switch (Inbox.take(endpoint, round - 1, inbox, ending.receiving())) {
          case Inbox.Result.Incomplete(Refusal refusal) -> new StepReply.Refused(refusal);
          case Inbox.Result.Contradicted contradicted -> abort(contradicted.accusation(endpoint));
          case Inbox.Result.Refused(Refusal refusal) -> refuse(refusal);
          case Inbox.Result.Complete _ -> work.during(this::advance);
        };
    desk.counters()
        .took("round{protocol=\"dkg\",round=\"" + round + "\"}", System.nanoTime() - started);
    return reply;
  }

  private StepReply advance() {
    return switch (phase) {
      case Phase.Committing(Committed state) ->
          switch (state.deal()) {
            case Step.Advanced<Dealt>(Dealt dealt) -> {
              phase = new Phase.Dealing(dealt);
              yield goOn(dealt.outbox());
            }
            case Step.Aborted<Dealt>(Fault fault, List<PartyId> culprits) -> abort(fault, culprits);
          };
      case Phase.Dealing(Dealt state) ->
          state
              .check()
              .map(this::checked)
              .orElseGet(() -> ending.unsigned(DEAL, endpoint.missingBroadcasts(DEAL)));
      case Phase.Checking(Checked state) ->
          switch (state.conclude()) {
            case Step.Advanced<Certifiable>(Certifiable certifiable) -> certify(certifiable);
            case Step.Aborted<Certifiable>(Fault fault, List<PartyId> culprits) ->
                abort(fault, culprits);
          };
      case Phase.Certifying _, Phase.Agreeing _, Phase.Over _ ->
          throw new IllegalStateException("no envelopes are expected any more");
    };
  }

  private StepReply checked(Step<Checked> step) {
    return switch (step) {
      case Step.Advanced<Checked>(Checked checked) -> {
        phase = new Phase.Checking(checked);
        yield goOn(checked.outbox());
      }
      case Step.Aborted<Checked>(Fault fault, List<PartyId> culprits) -> abort(fault, culprits);
    };
  }

  private StepReply goOn(List<SignedEnvelope> outbox) {
    next++;
    return ending.sent(outbox);
  }

  /** Seals the shares, makes the record durable, and only then gives this party's word. */
  private StepReply certify(Certifiable certifiable) {
    try (certifiable) {
      var pending = Pending.seal(desk, order, certifiable, endpoint.self(), slab, bench.random());
      HeldKey record = pending.key();
      boolean added =
          desk.store()
              .commit(tx -> {
                if (!desk.keyRecords().add(tx, record.record().row())) {
                  return false;
                }
                pending.pairs().forEach(pair -> desk.pairRows().add(tx, pair));
                desk.peers().persist(tx);
                desk.log()
                    .append(
                        tx,
                        new Entry.KeyPending(
                            record.id(),
                            record.epoch(),
                            HexFormat.of().formatHex(ending.id()),
                            record.committee(),
                            record.publicKey().toString()));
                desk.sessions()
                    .bind(
                        tx,
                        ending.id(),
                        desk.boot().toArray(),
                        certifiable.key().session().toArray());
                desk.sessions()
                    .advance(tx, ending.id(), desk.boot().toArray(), "opened", "pending");
                return true;
              });
      // Committed: from here a crash finds the record PENDING; the ledger signs the certificate.
      if (!added) {
        return abort(Fault.BAD_PARTICIPANTS, List.of());
      }
      desk.keys().put(record);
      pending.pairs().forEach(pair -> desk.pairs().put(pair.status()));
      var certified = certifiable.certify(desk.identity());
      ledgers.add(record, List.of(certified.certificate()));
      phase = new Phase.Certifying(certified);
      slab.close();
      next++;
      return bare(List.of(certified.certificate()));
    }
  }

  /** Round 4's statements: the certificates of all make the key active. */
  private StepReply collect(Certified state, HeldKey record, List<byte[]> inbox) {
    var collected = state.collect(statements(inbox));
    if (!collected.refused().isEmpty()) {
      end();
      return new StepReply.Refused(
          new Refusal(
              Refusal.Code.KEY_NOT_USABLE,
              "certificates of "
                  + collected.refused()
                  + " do not verify; the key stays pending and asks on by itself"));
    }
    if (!collected.missing().isEmpty()) {
      return new StepReply.Refused(
          new Refusal(
              Refusal.Code.INBOX_INCOMPLETE,
              "round 4 of "
                  + collected.missing().stream()
                      .map(PartyId::toString)
                      .collect(Collectors.joining(", "))
                  + " is missing"));
    }
    ledgers.add(record, collected.certificates());
    phase = new Phase.Agreeing();
    next++;
    return bare(ledgers.own(record));
  }

  /** Statements travel without envelopes: they outlive the session. */
  private StepReply bare(List<SignedStatement> statements) {
    return new StepReply.Sent(
        ending.id(),
        statements.stream()
            .map(statement -> new StepReply.Outbound(0, statement.encoded()))
            .toList());
  }

  private static List<SignedStatement> statements(List<byte[]> inbox) {
    var statements = new ArrayList<SignedStatement>();
    inbox.forEach(bytes -> SignedStatement.decode(bytes).valid().ifPresent(statements::add));
    return statements;
  }

  /** The last round: everybody's word that it is active. */
  private StepReply agree(HeldKey key, List<byte[]> inbox) {
    ledgers.add(key, statements(inbox));
    var record = desk.keys().find(key.id()).orElse(key);
    if (record.stage() != Stage.USABLE) {
      return new StepReply.Refused(
          new Refusal(
              Refusal.Code.INBOX_INCOMPLETE,
              "not every party has said that the key is active: missing "
                  + ledgers.missing(record)));
    }
    end();
    return new StepReply.Finished(
        new Outcome.KeyGenerated(order.request().requestId(), desk.describe(record)));
  }

  private static StepReply withdrawn() {
    return new StepReply.Refused(
        new Refusal(
            Refusal.Code.KEY_NOT_USABLE,
            "all parties withdrew the key, since one was lost before it certified; make a new"
                + " one"));
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
      case Phase.Dealing(Dealt state) -> state.close();
      case Phase.Checking(Checked state) -> state.close();
      case Phase.Certifying _, Phase.Agreeing _, Phase.Over _ -> {}
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

  /** Before the certificate the request is lost; after it the key is in the ledger's hands. */
  @Override
  public void abandon(String reason) {
    boolean certified = phase instanceof Phase.Certifying || phase instanceof Phase.Agreeing;
    end();
    if (!certified) {
      ending.lose(reason);
    }
  }
}
