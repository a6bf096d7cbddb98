package io.sharekeep.enclave.session;

import io.sharekeep.cbor.Cbor;
import io.sharekeep.cbor.CborEncoder;
import io.sharekeep.cbor.CborProfile;
import io.sharekeep.enclave.KeyId;
import io.sharekeep.enclave.Outcome;
import io.sharekeep.enclave.Refusal;
import io.sharekeep.enclave.StepReply;
import io.sharekeep.enclave.audit.DecisionId;
import io.sharekeep.enclave.audit.Entry;
import io.sharekeep.enclave.policy.Judge;
import io.sharekeep.enclave.store.Outboxes.Answered;
import io.sharekeep.enclave.store.Transaction;
import io.sharekeep.threshold.Fault;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.wire.BlameReport;
import io.sharekeep.threshold.wire.DropReason;
import io.sharekeep.threshold.wire.SessionContext;
import io.sharekeep.threshold.wire.SignedBlame;
import io.sharekeep.threshold.wire.SignedEnvelope;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What a session does to the records: how its replies are kept and how it ends. Outcome, log entry
 * and the session's state change in one transaction, before anybody hears of them.
 */
final class Ending {
  private final Desk desk;
  private final SessionContext context;
  private final Books.Entry committee;
  private final String requestId;
  private final byte[] id;

  /** Only the session's thread counts it. */
  private long shareOpenNanos;

  /** Written in a transaction of the session's, read after it. */
  private volatile boolean frozen;

  /**
   * @param id hash of the session's context: its name in the store and at the relay
   */
  Ending(Desk desk, SessionContext context, Books.Entry committee, String requestId, byte[] id) {
    this.desk = desk;
    this.context = context;
    this.committee = committee;
    this.requestId = requestId;
    this.id = id.clone();
  }

  byte[] id() {
    return id.clone();
  }

  /** What the session may do, by hash: the context binds key, quorum, request and deadline. */
  byte[] binding() {
    return id.clone();
  }

  /** Hex digest of a party's identity key, as its bans are found by. */
  String identity(PartyId party) {
    return committee
        .pins()
        .find(party)
        .map(key -> key.digest().toString())
        .orElseThrow(() -> new IllegalStateException("no identity key of " + party));
  }

  /** The share lay open for so long, once more. */
  void held(long nanos) {
    shareOpenNanos += nanos;
  }

  /** How long in all, for the log. */
  long shareOpenMicros() {
    return shareOpenNanos / 1000;
  }

  boolean isPastDeadline() {
    return desk.clock().instant().getEpochSecond() > context.deadline();
  }

  Inbox.Receiving receiving() {
    return new Inbox.Receiving() {
      @Override
      public long now() {
        return desk.clock().instant().getEpochSecond();
      }

      @Override
      public long highestSerial(PartyId party) {
        return committee
            .pins()
            .find(party)
            .map(key -> desk.peers().highestSerial(key.digest()))
            .orElse(0L);
      }

      @Override
      public Optional<Refusal> accepted(SignedEnvelope envelope) {
        return envelope.envelope().certificate().isEmpty()
            ? Optional.empty()
            : committee
                .document()
                .party(envelope.envelope().from().value())
                .flatMap(party -> desk.peers().accepted(envelope.envelope(), party.log()));
      }

      @Override
      public void dropped(DropReason reason) {
        desk.counters().count("dropped{reason=\"" + reason.name().toLowerCase(Locale.ROOT) + "\"}");
      }
    };
  }

  /** The relay's part of a round. */
  StepReply sent(List<SignedEnvelope> envelopes) {
    return new StepReply.Sent(
        id.clone(),
        envelopes.stream()
            .map(sent ->
                new StepReply.Outbound(
                    sent.envelope().to().map(PartyId::value).orElse(0), sent.encoded()))
            .toList());
  }

  /** As it lies in the store, for {@link StoredReplies}. */
  byte[] encode(StepReply reply) {
    return switch (reply) {
      case StepReply.Sent sent ->
          CborEncoder.encode(
              CborProfile.WIRE,
              Cbor.list(
                  sent.outbox().stream()
                      .map(out -> Cbor.list(Cbor.uint(out.to()), Cbor.bytes(out.envelope())))
                      .toList()));
      case StepReply.Finished _, StepReply.Refused _ ->
          throw new IllegalArgumentException("only what was sent is kept");
    };
  }

  /** False also where {@link #spend} said no: what must not leave is not kept to be repeated. */
  boolean remember(Transaction tx, int round, Answered answered) {
    return !frozen && desk.outboxes().put(tx, id, round, answered);
  }

  /** The session is over, well or by policy: stored, logged, then told. */
  StepReply finish(Outcome outcome, Entry entry) {
    return finishIf(outcome, entry, _ -> true).orElseThrow();
  }

  /**
   * The same with something more that becomes durable.
   *
   * @param also says no where nothing may: the session is not over then
   */
  Optional<StepReply> finishIf(Outcome outcome, Entry entry, Predicate<Transaction> also) {
    boolean ended =
        desk.store()
            .commit(tx -> {
              boolean goesOn = also.test(tx);
              if (goesOn) {
                desk.log().append(tx, entry);
                end(tx, outcome);
              }
              return goesOn;
            });
    // Committed: from here a crash finds the outcome stored; whoever asks again gets it.
    if (!ended) {
      return Optional.empty();
    }
    count(outcome);
    return Optional.of(new StepReply.Finished(outcome));
  }

  /**
   * What the request has reserved counts for good. To be called in the transaction that is on disk
   * before the last round's message leaves.
   *
   * @return false if the key stands still meanwhile: nothing may leave, {@link #frozen} says so
   */
  boolean spend(Transaction tx) {
    frozen = desk.freezes().holds(tx, key());
    if (!frozen) {
      desk.books().judge().commit(tx, decision(), desk.clock().instant());
    }
    return !frozen;
  }

  /** Why nothing may leave, if it was {@link #spend} that said no. */
  Optional<Refusal> frozen() {
    return frozen ? Optional.of(Brake.refusal(key())) : Optional.empty();
  }

  private KeyId key() {
    return KeyId.of(context.keyId().toArray());
  }

  private DecisionId decision() {
    return Judge.decision(context.requestDigest().toArray());
  }

  private void end(Transaction tx, Outcome outcome) {
    desk.peers().persist(tx);
    // What was spent stays spent; what never came so far is given back with the session's end.
    desk.books().judge().release(tx, decision());
    desk.requests().finish(tx, requestId, OutcomeCodec.encode(outcome));
    desk.sessions().end(tx, id, word(outcome));
  }

  private void count(Outcome outcome) {
    desk.counters()
        .count("outcomes{protocol=\"" + protocol() + "\",result=\"" + word(outcome) + "\"}");
  }

  private String protocol() {
    return context.protocol().name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String word(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Signed _ -> "signed";
      case Outcome.KeyGenerated _ -> "generated";
      case Outcome.PairRekeyed _ -> "rekeyed";
      case Outcome.Presigned _ -> "presigned";
      case Outcome.Denied _ -> "denied";
      case Outcome.Aborted _ -> "aborted";
      case Outcome.Lost _ -> "lost";
    };
  }

  /**
   * Messages that had been taken at their word are none of their senders'. Nobody is blamed for
   * what it did not sign: the session waits for the true ones.
   */
  StepReply unsigned(int round, List<PartyId> forgotten) {
    forgotten.forEach(_ -> receiving().dropped(DropReason.SIGNATURE));
    return new StepReply.Refused(
        new Refusal(
            Refusal.Code.INBOX_INCOMPLETE,
            "round "
                + round
                + " of "
                + forgotten.stream().map(PartyId::toString).collect(Collectors.joining(", "))
                + " is missing; ignored: "
                + forgotten.size()
                + " "
                + DropReason.SIGNATURE));
  }

  /**
   * Something was proved wrong: nothing is released, the culprits are named, and the report about
   * them is kept for others.
   */
  StepReply abort(SignedBlame blame) {
    return abort(blame, _ -> {});
  }

  /**
   * @param also what becomes durable with it
   */
  StepReply abort(SignedBlame blame, Consumer<Transaction> also) {
    var report = blame.report();
    boolean tells = !report.accused().isEmpty() || report.fault() == Fault.VIEW_MISMATCH;
    return abort(
        word(report.fault()),
        report.accused().stream().map(PartyId::value).toList(),
        tx -> {
          also.accept(tx);
          if (tells) {
            desk.blames().add(tx, requestId, blame.encoded());
          }
        });
  }

  /** As in outcomes, log entries and metrics. */
  static String word(Fault fault) {
    return BlameReport.word(fault);
  }

  private StepReply abort(String word, List<Integer> culprits, Consumer<Transaction> also) {
    desk.counters().count("aborts{fault=\"" + word + "\"}");
    return finishIf(
            new Outcome.Aborted(requestId, word, culprits),
            new Entry.Aborted(
                HexFormat.of().formatHex(id), requestId, word, culprits, shareOpenMicros()),
            tx -> {
              also.accept(tx);
              return true;
            })
        .orElseThrow();
  }

  /** The session must not go on and nobody is to blame: it ends as an abort without culprits. */
  StepReply refuse(Refusal refusal) {
    abort(refusal.code().label(), List.of(), _ -> {});
    return new StepReply.Refused(refusal);
  }

  /** The session died with its deadline or its process. */
  void lose(String reason) {
    finish(
        new Outcome.Lost(requestId, reason),
        new Entry.Lost(HexFormat.of().formatHex(id), requestId, reason, shareOpenMicros()));
  }

  /** Names an inbox by its bytes and their order. */
  static byte[] digest(List<byte[]> inbox) {
    var sha256 = sha256();
    for (byte[] envelope : inbox) {
      sha256.update(ByteBuffer.allocate(Integer.BYTES).putInt(envelope.length).flip());
      sha256.update(envelope);
    }
    return sha256.digest();
  }

  static String sha256(byte[] message) {
    return HexFormat.of().formatHex(sha256().digest(message));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
