package io.sharekeep.enclave.session;

import io.sharekeep.enclave.KeyDescription.Stage;
import io.sharekeep.enclave.KeyPath;
import io.sharekeep.enclave.KeyRequest;
import io.sharekeep.enclave.Order;
import io.sharekeep.enclave.Outcome;
import io.sharekeep.enclave.PairRequest;
import io.sharekeep.enclave.PresignRequest;
import io.sharekeep.enclave.Refusal;
import io.sharekeep.enclave.Refusal.Code;
import io.sharekeep.enclave.RequestBody;
import io.sharekeep.enclave.Scheme;
import io.sharekeep.enclave.SignedRequest;
import io.sharekeep.enclave.policy.Judge;
import io.sharekeep.enclave.policy.Subject;
import io.sharekeep.enclave.store.Requests.RequestRow;
import io.sharekeep.intent.Account;
import io.sharekeep.intent.ChainId;
import io.sharekeep.intent.Decoders;
import io.sharekeep.intent.Decoding;
import io.sharekeep.intent.Intent;
import io.sharekeep.intent.Purpose;
import io.sharekeep.intent.Transfer;
import io.sharekeep.threshold.PartyId;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Reads an order as if nobody had read it before: who signed it, whether this party knows the key
 * and the committee, what the transaction does. Nothing is opened, written or spent; what a peer or
 * coordinator says of the order is not even looked at.
 */
final class Admission {
  /** No request may be valid for longer than this, so used ids need not be kept for ever. */
  private static final Duration MAX_VALIDITY = Duration.ofHours(24);

  /**
   * Generations that the other party of a pair may be ahead, after attempts that one ended alone.
   */
  private static final int AHEAD = 64;

  private static final Duration PRESIGNING = Duration.ofMinutes(5);

  private final Desk desk;

  Admission(Desk desk) {
    this.desk = desk;
  }

  /** What an order turned out to be. */
  sealed interface Read {
    /** What people may be asked about. */
    sealed interface Decidable extends Read {
      Order asked();

      String initiator();

      /** What they would sign. */
      default Subject subject(String tenant) {
        return switch (this) {
          case Read.Signing(var order, var _, var _, var _) ->
              new Subject.Transaction(tenant, order.request(), order.intent(), order.key().epoch());
          case Read.Generating generating ->
              new Subject.KeyGeneration(tenant, generating.request());
        };
      }
    }

    /**
     * @param asked what was asked for, as it came
     */
    record Signing(SigningOrder order, Books.Entry committee, String initiator, Order.Sign asked)
        implements Decidable {}

    record Generating(Order.GenerateKey asked, Books.Entry committee, String initiator)
        implements Decidable {
      KeyRequest request() {
        return asked.request().body();
      }
    }

    /**
     * @param peer with whom this party makes its pair anew
     * @param people who signed it
     */
    record Rekeying(
        PairRequest request,
        HeldKey key,
        PartyId peer,
        Books.Entry committee,
        SortedSet<String> people)
        implements Read {
      public Rekeying {
        people = Collections.unmodifiableSortedSet(new TreeSet<>(people));
      }
    }

    record Presigning(PresignRequest request, HeldKey key, Books.Entry committee) implements Read {}

    /** Finished before: the same order again gets the same outcome. */
    record Known(Outcome outcome) implements Read {}

    record Refused(Refusal refusal) implements Read {}
  }

  Read read(Order order) {
    return switch (order) {
      case Order.Sign asked ->
          authentic(asked.request())
              .<Read>map(Read.Refused::new)
              .or(() -> known(asked.request().body()))
              .orElseGet(() -> sign(asked));
      case Order.GenerateKey asked ->
          authentic(asked.request())
              .<Read>map(Read.Refused::new)
              .or(() -> known(asked.request().body()))
              .orElseGet(() -> generate(asked));
      case Order.RekeyPair(var request, var second) ->
          authentic(request)
              .or(() -> authentic(second))
              .<Read>map(Read.Refused::new)
              .or(() -> known(request.body()))
              .orElseGet(() -> rekey(request, second));
      case Order.Presign(PresignRequest request) ->
          known(request).orElseGet(() -> presign(request));
    };
  }

  private String initiator(SignedRequest<?> request) {
    return desk.books().judge().initiator(request).orElse("");
  }

  private Optional<Refusal> authentic(SignedRequest<?> request) {
    if (initiator(request).isEmpty()) {
      return refusal(
          Code.REQUEST_UNAUTHENTIC,
          "the request's signature does not hold, or this party's policy does not know its key");
    }
    var body = request.body();
    var now = desk.clock().instant();
    if (!body.notAfter().isAfter(now)) {
      return refusal(Code.EXPIRED, "the request was valid until " + body.notAfter());
    }
    if (body.notAfter().isAfter(now.plus(MAX_VALIDITY))) {
      return refusal(Code.EXPIRED, "a request may be valid for 24 hours at most");
    }
    if (!desk.books().policy().committees().contains(body.committee())) {
      return refusal(
          Code.UNKNOWN_COMMITTEE, "this party does not accept committee " + body.committee());
    }
    return Optional.empty();
  }

  /** The same request has the same outcome; another one under its id is refused. */
  private Optional<Read> known(RequestBody body) {
    var row = desk.store().read(from -> desk.requests().find(from, body.requestId()));
    if (row.isEmpty()) {
      return Optional.empty();
    }
    boolean waits = row.get().session().length == 0 && row.get().outcome().isEmpty();
    if (!Arrays.equals(row.get().digest(), body.digest())) {
      return Optional.of(
          new Read.Refused(
              new Refusal(
                  Code.REQUEST_CONFLICT,
                  "another request has used the id " + body.requestId() + "; choose a new one")));
    }
    return waits ? Optional.empty() : Optional.of(known(row.get()));
  }

  private Read known(RequestRow row) {
    return row.outcome()
        .<Read>map(outcome -> new Read.Known(OutcomeCodec.decode(outcome, desk::describe)))
        .orElseGet(() ->
            new Read.Refused(
                new Refusal(
                    Code.REQUEST_CONFLICT,
                    "request " + row.requestId() + " is being worked on; ask for its outcome")));
  }

  private Read sign(Order.Sign asked) {
    var request = asked.request().body();
    byte[] payload = asked.payload();
    var key = desk.keys().find(request.keyId());
    if (key.isEmpty() || !key.get().committee().equals(request.committee())) {
      return refused(
          Code.UNKNOWN_KEY, "this party has no key " + request.keyId() + " of that committee");
    }
    if (key.get().stage() != Stage.USABLE) {
      return refused(
          Code.KEY_NOT_USABLE,
          "not all parties have said that key " + request.keyId() + " is active");
    }
    KeyPath path;
    try {
      path = request.path().map(KeyPath::parse).orElse(KeyPath.ROOT);
    } catch (IllegalArgumentException e) {
      return refused(Code.MISMATCH, String.valueOf(e.getMessage()));
    }
    var purpose =
        Purpose.named(request.purpose())
            .filter(known -> key.get().record().metadata().purposes().contains(known.label()));
    if (purpose.isEmpty()) {
      return refused(
          Code.MISMATCH,
          "key "
              + request.keyId()
              + " is for "
              + key.get().record().metadata().purposes()
              + ", nothing else");
    }
    if (!Ending.sha256(payload).equals(request.payloadSha256())) {
      return refused(Code.MISMATCH, "the payload is not the one whose hash was signed");
    }
    var committee = desk.books().committee(request.committee()).orElseThrow();
    var derivation = desk.signing().derived(key.get(), path);
    if (derivation.isEmpty()) {
      return refused(Code.MISMATCH, "there is no key at " + path + "; take the next index");
    }
    // Where it names no chain it does not read either, on whatever chain it is read.
    var chain =
        Signing.chain(purpose.get(), payload, committee.document().network())
            .orElse(ChainId.ETHEREUM);
    var account = desk.signing().account(key.get(), path, derivation.get(), chain);
    return switch (Decoders.decode(purpose.get(), payload, account)) {
      case Decoding.Refused(var code, int offset, String detail) ->
          refused(
              Code.PAYLOAD_REFUSED,
              "payload refused (" + code.label() + ") at byte " + offset + ": " + detail);
      case Decoding.Decoded(Intent intent) ->
          decoded(asked, key.get(), path, purpose.get(), account, intent);
    };
  }

  private Read decoded(
      Order.Sign asked,
      HeldKey key,
      KeyPath path,
      Purpose purpose,
      Account account,
      Intent intent) {
    var request = asked.request().body();
    var mismatch = mismatch(request.expect(), intent);
    if (mismatch.isPresent()) {
      return refused(Code.MISMATCH, mismatch.get());
    }
    var lanes = new ArrayList<SigningOrder.Lane>();
    for (var input : intent.inputs()) {
      Optional<LaneKey> signs;
      try {
        signs = desk.signing().key(key, path.then(KeyPath.parse(input.path())), input.tweak());
      } catch (IllegalArgumentException e) {
        return refused(
            Code.MISMATCH,
            "input "
                + input.index()
                + " is at "
                + input.path()
                + " below "
                + path
                + ": "
                + e.getMessage());
      }
      if (signs.isEmpty()) {
        return refused(Code.MISMATCH, "input " + input.index() + " is of no key");
      }
      lanes.add(new SigningOrder.Lane(input.index(), signs.get(), input.bytes().toArray()));
    }
    var committee = desk.books().committee(request.committee()).orElseThrow();
    return new Read.Signing(
        new SigningOrder(
            request, key, path, purpose, asked.payload(), account, intent, List.copyOf(lanes)),
        committee,
        initiator(asked.request()),
        asked);
  }

  /** What the initiator expects is compared with what the transaction does, and never used. */
  private static Optional<String> mismatch(Map<String, String> expect, Intent intent) {
    for (var expected : expect.entrySet()) {
      var found =
          switch (expected.getKey()) {
            case "destination" ->
                intent.transfers().stream()
                    .map(transfer -> transfer.destination().address())
                    .distinct()
                    .toList();
            case "amount" ->
                List.of(
                    intent.transfers().stream()
                        .map(Transfer::amount)
                        .reduce(BigInteger.ZERO, BigInteger::add)
                        .toString());
            case "digest" ->
                intent.inputs().stream()
                    .map(input -> HexFormat.of().formatHex(input.bytes().toArray()))
                    .toList();
            default -> List.<String>of();
          };
      if (!found.equals(List.of(expected.getValue()))) {
        return Optional.of(
            "expected "
                + expected.getKey()
                + " "
                + expected.getValue()
                + ", but the transaction says "
                + (found.isEmpty() ? "nothing of it" : String.join(", ", found)));
      }
    }
    return Optional.empty();
  }

  private Read generate(Order.GenerateKey asked) {
    var request = asked.request().body();
    if (desk.keys().find(request.keyId()).isPresent()) {
      return refused(Code.KEY_EXISTS, "there is a key " + request.keyId() + " already");
    }
    if (request.purposes().isEmpty()) {
      return refused(Code.MISMATCH, "a key needs a purpose, such as btc.tx, evm.tx or sol.tx");
    }
    for (var label : request.purposes()) {
      if (Purpose.named(label)
          .filter(purpose -> Signing.serves(request.scheme(), purpose))
          .isEmpty()) {
        return refused(
            Code.MISMATCH, request.scheme().label() + " keys do not serve the purpose " + label);
      }
    }
    var committee = desk.books().committee(request.committee()).orElseThrow();
    return new Read.Generating(asked, committee, initiator(asked.request()));
  }

  private Read rekey(SignedRequest<PairRequest> signed, SignedRequest<PairRequest> second) {
    var request = signed.body();
    if (!Arrays.equals(request.digest(), second.body().digest())) {
      return refused(Code.MISMATCH, "the two signatures are over different requests");
    }
    var people = new TreeSet<>(List.of(initiator(signed), initiator(second)));
    if (people.size() < Judge.PAIR_OPERATORS) {
      return refused(
          Code.REQUEST_UNAUTHENTIC, "it takes the signatures of two people to make a pair anew");
    }
    var key = desk.keys().find(request.keyId());
    if (key.isEmpty() || !key.get().committee().equals(request.committee())) {
      return refused(
          Code.UNKNOWN_KEY, "this party has no key " + request.keyId() + " of that committee");
    }
    int self = desk.books().self().value();
    if (!request.parties().contains(self)) {
      return refused(Code.MISMATCH, "this party is none of the two; ask one of them");
    }
    var peer =
        new PartyId(
            request.parties().stream().filter(party -> party != self).findFirst().orElseThrow());
    var pair = desk.pairs().find(request.keyId(), peer);
    if (pair.isEmpty() || key.get().stage() != Stage.USABLE) {
      return refused(Code.KEY_NOT_USABLE, "this party shares nothing of a usable key with " + peer);
    }
    long own = pair.get().generation();
    if (request.generation() <= own || request.generation() > own + AHEAD) {
      return refused(
          Code.MISMATCH,
          "this party has generation " + own + " of that pair: ask for generation " + (own + 1));
    }
    return new Read.Rekeying(
        request,
        key.get(),
        peer,
        desk.books().committee(request.committee()).orElseThrow(),
        people);
  }

  /** Nobody has signed it, so that this party's own configuration is asked first. */
  private Read presign(PresignRequest request) {
    var now = desk.clock().instant();
    var key = desk.keys().find(request.keyId());
    if (key.isEmpty() || !key.get().committee().equals(request.committee())) {
      return refused(
          Code.UNKNOWN_KEY, "this party has no key " + request.keyId() + " of that committee");
    }
    if (!desk.stock().presigning().kept().keys().contains(request.keyId())
        || key.get().scheme() != Scheme.DKLS23_SECP256K1) {
      return refused(
          Code.MISMATCH,
          "this appliance keeps no presignatures of key "
              + request.keyId()
              + "; its setting presignatures.keys says of which");
    }
    if (key.get().stage() != Stage.USABLE) {
      return refused(Code.KEY_NOT_USABLE, "key " + request.keyId() + " is not usable yet");
    }
    if (!request.notAfter().isAfter(now) || request.notAfter().isAfter(now.plus(PRESIGNING))) {
      return refused(Code.EXPIRED, "an order for a presignature is valid for five minutes at most");
    }
    var committee = desk.books().committee(request.committee());
    if (committee.isEmpty()
        || request.parties().stream()
            .anyMatch(party -> committee.get().document().party(party).isEmpty())
        || !request.parties().contains(desk.books().self().value())) {
      return refused(Code.MISMATCH, "the signers are not of the committee, or without this party");
    }
    return new Read.Presigning(request, key.get(), committee.get());
  }

  private static Optional<Refusal> refusal(Code code, String detail) {
    return Optional.of(new Refusal(code, detail));
  }

  private static Read refused(Code code, String detail) {
    return new Read.Refused(new Refusal(code, detail));
  }

  /** When a session for that order must be over. */
  static Instant deadline(Instant now, Duration limit, RequestBody body) {
    var latest = now.plus(limit);
    return body.notAfter().isBefore(latest) ? body.notAfter() : latest;
  }
}
