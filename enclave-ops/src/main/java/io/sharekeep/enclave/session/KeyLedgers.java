package io.sharekeep.enclave.session;

import io.sharekeep.enclave.KeyDescription.Stage;
import io.sharekeep.enclave.KeyId;
import io.sharekeep.enclave.KeyStatements;
import io.sharekeep.enclave.Outcome;
import io.sharekeep.enclave.audit.Entry;
import io.sharekeep.enclave.store.Reading;
import io.sharekeep.enclave.store.Sessions.SessionRow;
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
  /** How a withdrawal of one who never had a pending record is stored. */
  private static final String NEVER = "never";

  private static final String PROTOCOL = "dkg";

  private final Desk desk;

  KeyLedgers(Desk desk) {
    this.desk = desk;
  }

  private CommitLedger ledger(HeldKey record) {
    var committee =
        desk.books()
            .committee(record.committee())
            .orElseThrow(
                () -> new IllegalStateException("the committee document of a key is gone"));
    return CommitLedger.of(
            Octets.of(record.session()),
            record.epoch(),
            desk.books().self(),
            identities(committee),
            Optional.of(record.certified()))
        .withAll(decoded(stored(record.session())));
  }

  private List<byte[]> stored(byte[] session) {
    return desk.store().read(from -> desk.statements().of(from, session)).stream()
        .map(StatementRow::statement)
        .toList();
  }

  private static List<SignedStatement> decoded(List<byte[]> statements) {
    var decoded = new ArrayList<SignedStatement>();
    statements.forEach(bytes -> SignedStatement.decode(bytes).valid().ifPresent(decoded::add));
    return decoded;
  }

  private static SortedMap<PartyId, IdentityKey> identities(Books.Entry committee) {
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
   * the key to where it then is; a key that all parties withdrew is gone.
   */
  synchronized void add(HeldKey key, List<SignedStatement> statements) {
    var found = held(key.id(), key.session());
    if (found.isEmpty()) {
      return; // All have withdrawn meanwhile.
    }
    var record = found.get();
    var grown = ledger(record).withAll(statements);
    var certificate = grown.certificateToSign();
    if (certificate.isPresent()) {
      grown = grown.withAll(List.of(sign(certificate.get())));
    }
    var active = grown.activeToSign();
    if (active.isPresent()) {
      grown = grown.withAll(List.of(sign(active.get())));
    }
    var withdrawal = grown.withdrawalToSign();
    if (withdrawal.isPresent()) {
      grown = grown.withAll(List.of(sign(withdrawal.get())));
    }
    if (grown.status() == KeyStatus.WITHDRAWN) {
      discard(record, grown);
    } else {
      settle(record, grown);
    }
  }

  private Optional<HeldKey> held(KeyId id, byte[] session) {
    return desk.keys().find(id).filter(known -> Arrays.equals(known.session(), session));
  }

  private SignedStatement sign(Statement statement) {
    return SignedStatement.of(desk.books().self(), statement, desk.identity());
  }

  private void settle(HeldKey record, CommitLedger ledger) {
    var stage = stage(ledger.status());
    desk.store()
        .commit(tx -> {
          ledger.statements().forEach(statement -> store(tx, record, statement));
          promote(tx, record, stage);
          return stage;
        });
    // Committed: from here a crash finds the key in its new stage with all that proves it.
    desk.keys().change(record.id(), held -> held.at(stage));
  }

  /** Only with everybody's withdrawal: nobody is left who could bring the key to life. */
  private void discard(HeldKey record, CommitLedger ledger) {
    String session = HexFormat.of().formatHex(record.session());
    desk.store()
        .commit(tx -> {
          ledger.statements().forEach(statement -> store(tx, record, statement));
          if (!desk.keyRecords().discard(tx, record.id(), record.epoch(), Stage.PENDING.name())) {
            throw new IllegalStateException("key " + record.id() + " is not pending");
          }
          desk.log().append(tx, new Entry.KeyDiscarded(record.id(), record.epoch(), session));
          desk.sessions()
              .find(tx, record.session())
              .ifPresent(row -> {
                desk.requests()
                    .finish(
                        tx,
                        row.requestId(),
                        OutcomeCodec.encode(
                            new Outcome.Lost(
                                row.requestId(),
                                "a party was lost before it certified, so all withdrew the key")));
                desk.sessions().end(tx, row.id(), "withdrawn");
              });
          return record;
        });
    // Committed: from here a crash finds no record; the statements stay, for whoever still asks.
    desk.keys().remove(record);
  }

  private static Stage stage(KeyStatus status) {
    return switch (status) {
      case NONE, PENDING, WITHDRAWN -> Stage.PENDING;
      case ACTIVE -> Stage.ACTIVE;
      case USABLE -> Stage.USABLE;
    };
  }

  private void store(Transaction tx, HeldKey record, SignedStatement statement) {
    store(tx, record.id(), record.session(), statement);
  }

  private void store(Transaction tx, KeyId key, byte[] session, SignedStatement statement) {
    var kind =
        switch (statement.statement()) {
          case Statement.Certificate _ -> "certificate";
          case Statement.Active _ -> "active";
          case Statement.Withdrawal(_, _, boolean had) -> had ? "withdrawal" : NEVER;
        };
    desk.statements()
        .add(
            tx,
            new StatementRow(
                session,
                kind,
                statement.signer().value(),
                key,
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

  /**
   * Takes what a peer holds and gives what is held here: also of a key that this party has not, for
   * whose generation it may have to say that it never certifies it.
   */
  KeyStatements exchange(KeyStatements fromPeer) {
    var statements = decoded(fromPeer.statements());
    var record = held(fromPeer.key(), fromPeer.sessionId());
    if (record.isEmpty()) {
      withdraw(fromPeer.key(), fromPeer.sessionId(), statements);
      return new KeyStatements(fromPeer.key(), fromPeer.sessionId(), stored(fromPeer.sessionId()));
    }
    if (record.get().stage() != Stage.USABLE) {
      add(record.get(), statements);
    }
    return held(record.get());
  }

  /**
   * Says that this party has no record of a key generation and will never certify it. Asked by one
   * that has certified it; only about a key whose sessions here are all over, so that none can
   * certify it later: a new one has a nonce of this party in its id. No more of these are given
   * than there were sessions, whoever asks.
   */
  private synchronized void withdraw(KeyId key, byte[] session, List<SignedStatement> statements) {
    if (desk.keys().find(key).isPresent()
        || !desk.store().read(from -> mayWithdraw(from, key, session))) {
      return;
    }
    for (var committee : desk.books().committees()) {
      var withdrawal = withdrawal(committee, session, statements);
      if (withdrawal.isPresent()) {
        var signed = sign(withdrawal.get());
        var _ =
            desk.store()
                .commit(tx -> {
                  if (mayWithdraw(tx, key, session)) {
                    store(tx, key, session, signed);
                  }
                  return key;
                });
        // Committed: from here a crash finds the word stored, and nobody has heard it before.
        return;
      }
    }
  }

  private boolean mayWithdraw(Reading from, KeyId key, byte[] session) {
    var sessions = desk.sessions().about(from, key, PROTOCOL);
    int self = desk.books().self().value();
    return sessions.stream().noneMatch(SessionRow::open)
        && desk.keyRecords().ofSession(from, session).isEmpty()
        && desk.statements().count(from, key, NEVER, self) < sessions.size();
  }

  private Optional<Statement.Withdrawal> withdrawal(
      Books.Entry committee, byte[] session, List<SignedStatement> statements) {
    var self = desk.books().self();
    var ledger = Optional.<CommitLedger>empty();
    for (var statement : statements) {
      if (statement.statement() instanceof Statement.Certificate(_, long epoch, _)
          && ledger.isEmpty()) {
        ledger =
            Optional.of(
                CommitLedger.of(
                        Octets.of(session), epoch, self, identities(committee), Optional.empty())
                    .withAll(decoded(stored(session)))
                    .withAll(statements));
      }
    }
    // Its own word for the key means that this party had a record: it was lost, and no more is
    // said.
    return ledger
        .filter(held -> held.statements().stream().noneMatch(known -> known.signer().equals(self)))
        .flatMap(CommitLedger::withdrawalToSign);
  }
}
