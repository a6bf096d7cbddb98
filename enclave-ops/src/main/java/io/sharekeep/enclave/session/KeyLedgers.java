package io.sharekeep.enclave.session;

import io.sharekeep.enclave.KeyDescription.Stage;
import io.sharekeep.enclave.KeyStatements;
import io.sharekeep.enclave.Outcome;
import io.sharekeep.enclave.audit.Entry;
import io.sharekeep.enclave.store.StatementRows.StatementRow;
import io.sharekeep.enclave.store.Transaction;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.keygen.CommitLedger;
import io.sharekeep.threshold.keygen.KeyStatus;
import io.sharekeep.threshold.keygen.SignedStatement;
import io.sharekeep.threshold.keygen.Statement;
import io.sharekeep.threshold.wire.IdentityKey;
import io.sharekeep.threshold.wire.Octets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Takes keys from PENDING to USABLE by the statements that this party holds (protocols, section
 * 5.2, atomic commit). Statements are durable before they are acted on; a pending key asks for
 * ever, also after a restart.
 */
final class KeyLedgers {
  private final Desk desk;

  KeyLedgers(Desk desk) {
    this.desk = desk;
  }

  private CommitLedger ledger(HeldKey record) {
    var session = record.session();
    var rows = desk.store().read(from -> desk.statements().of(from, session));
    var held = new ArrayList<SignedStatement>();
    rows.forEach(row -> SignedStatement.decode(row.statement()).valid().ifPresent(held::add));
    return CommitLedger.of(
            Octets.of(session),
            record.epoch(),
            desk.books().self(),
            identities(record),
            Optional.of(record.certified()))
        .withAll(held);
  }

  private SortedMap<PartyId, IdentityKey> identities(HeldKey record) {
    var committee =
        desk.books()
            .committee(record.committee())
            .orElseThrow(
                () -> new IllegalStateException("the committee document of a key is gone"));
    var identities = new TreeMap<PartyId, IdentityKey>();
    for (var member : committee.members()) {
      identities.put(
          member.id(),
          committee
              .pins()
              .find(member.id())
              .orElseThrow(() -> new IllegalStateException("a member without a pin")));
    }
    return identities;
  }

  /**
   * Takes statements in, signs what the rules now ask of this party, stores all of it, and moves
   * the key to where it then is.
   */
  synchronized void add(HeldKey key, List<SignedStatement> statements) {
    var record = desk.keys().find(key.id()).orElse(key);
    var ledger = ledger(record).withAll(statements);
    var grown = ledger;
    var certificate = ledger.certificateToSign();
    if (certificate.isPresent()) {
      grown = grown.withAll(List.of(sign(certificate.get())));
    }
    var active = grown.activeToSign();
    if (active.isPresent()) {
      grown = grown.withAll(List.of(sign(active.get())));
    }
    settle(record, grown);
  }

  private SignedStatement sign(Statement statement) {
    return SignedStatement.of(desk.books().self(), statement, desk.identity());
  }

  private void settle(HeldKey record, CommitLedger ledger) {
    var stage = stage(ledger.status());
    var moved = record.at(stage);
    desk.store()
        .commit(tx -> {
          ledger.statements().forEach(statement -> store(tx, record, statement));
          promote(tx, record, stage);
          return stage;
        });
    // Committed: from here a crash finds the key in its new stage with all that proves it.
    desk.keys().put(moved);
  }

  private static Stage stage(KeyStatus status) {
    return switch (status) {
      case NONE, PENDING, WITHDRAWN -> Stage.PENDING;
      case ACTIVE -> Stage.ACTIVE;
      case USABLE -> Stage.USABLE;
    };
  }

  private void store(Transaction tx, HeldKey record, SignedStatement statement) {
    var kind =
        switch (statement.statement()) {
          case Statement.Certificate _ -> "certificate";
          case Statement.Active _ -> "active";
          case Statement.Withdrawal(_, _, boolean had) -> had ? "withdrawal" : "never";
        };
    desk.statements()
        .add(
            tx,
            new StatementRow(
                record.session(),
                kind,
                statement.signer().value(),
                record.id(),
                statement.encoded(),
                desk.clock().instant()));
  }

  private void promote(Transaction tx, HeldKey record, Stage stage) {
    String session = HexFormat.of().formatHex(record.session());
    if (record.stage() == Stage.PENDING && stage != Stage.PENDING) {
      move(tx, record, Stage.PENDING, Stage.ACTIVE);
      desk.log().append(tx, new Entry.KeyActive(record.id(), record.epoch(), session));
    }
    if (record.stage() != Stage.USABLE && stage == Stage.USABLE) {
      move(tx, record, Stage.ACTIVE, Stage.USABLE);
      desk.log().append(tx, new Entry.KeyUsable(record.id(), record.epoch(), session));
      finishRequest(tx, record);
    }
  }

  private void move(Transaction tx, HeldKey record, Stage from, Stage to) {
    if (!desk.keyRecords().promote(tx, record.id(), record.epoch(), from.name(), to.name())) {
      throw new IllegalStateException("key " + record.id() + " is not " + word(from));
    }
  }

  private void finishRequest(Transaction tx, HeldKey record) {
    desk.sessions()
        .find(tx, record.session())
        .ifPresent(session -> {
          desk.requests()
              .finish(
                  tx,
                  session.requestId(),
                  OutcomeCodec.encode(
                      new Outcome.KeyGenerated(
                          session.requestId(), desk.describe(record.at(Stage.USABLE)))));
          desk.sessions().end(tx, session.id(), "generated");
        });
  }

  private static String word(Stage stage) {
    return stage.name().toLowerCase(Locale.ROOT);
  }

  /** What this party itself has said of a key. */
  List<SignedStatement> own(HeldKey record) {
    return ledger(record).statements().stream()
        .filter(statement -> statement.signer().equals(desk.books().self()))
        .filter(statement -> statement.statement() instanceof Statement.Active)
        .toList();
  }

  /** Who has not been heard, for people. */
  String missing(HeldKey record) {
    return ledger(record).notKnownActive().stream()
        .map(PartyId::toString)
        .collect(Collectors.joining(", "));
  }

  /** All that is held of every key that cannot sign yet. */
  List<KeyStatements> undecided() {
    return desk.keys().all().stream()
        .filter(record -> record.stage() != Stage.USABLE)
        .map(record -> held(record))
        .toList();
  }

  private KeyStatements held(HeldKey record) {
    return new KeyStatements(
        record.id(),
        record.session(),
        ledger(record).statements().stream().map(SignedStatement::encoded).toList());
  }

  /** Takes what a peer holds and gives what is held here; nothing of keys that are unknown. */
  KeyStatements exchange(KeyStatements fromPeer) {
    var record =
        desk.keys()
            .find(fromPeer.key())
            .filter(known -> Arrays.equals(known.session(), fromPeer.sessionId()));
    if (record.isEmpty()) {
      return new KeyStatements(fromPeer.key(), fromPeer.sessionId(), List.of());
    }
    var statements = new ArrayList<SignedStatement>();
    fromPeer
        .statements()
        .forEach(bytes -> SignedStatement.decode(bytes).valid().ifPresent(statements::add));
    if (record.get().stage() != Stage.USABLE) {
      add(record.get(), statements);
    }
    return held(desk.keys().find(fromPeer.key()).orElse(record.get()));
  }
}
