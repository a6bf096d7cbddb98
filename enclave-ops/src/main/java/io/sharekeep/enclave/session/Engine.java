package io.sharekeep.enclave.session;

import io.sharekeep.cbor.CborDecoder;
import io.sharekeep.cbor.CborFields;
import io.sharekeep.cbor.CborLimits;
import io.sharekeep.cbor.CborProfile;
import io.sharekeep.cbor.Parsed;
import io.sharekeep.enclave.KeyDescription;
import io.sharekeep.enclave.KeyId;
import io.sharekeep.enclave.Order;
import io.sharekeep.enclave.Outcome;
import io.sharekeep.enclave.PresignRequest;
import io.sharekeep.enclave.Proposal;
import io.sharekeep.enclave.Refusal;
import io.sharekeep.enclave.Refusal.Code;
import io.sharekeep.enclave.Scheme;
import io.sharekeep.enclave.StepReply;
import io.sharekeep.enclave.StepRequest;
import io.sharekeep.enclave.memory.PoolStats;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.wire.Octets;
import io.sharekeep.threshold.wire.Protocol;
import io.sharekeep.threshold.wire.SessionContext;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The sessions of this process: opens them, hands each round to the thread that a session is pinned
 * to, and answers the same question with the same bytes.
 */
final class Engine implements AutoCloseable {
  private static final int MAX_STORED = 1 << 20;

  /** How long a caller waits for a step before it is told to ask again. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  /** How long an order for a presignature is good. */
  private static final Duration PRESIGNING = Duration.ofSeconds(60);

  private final Desk desk;
  private final Admission admission;
  private final Docket docket;
  private final KeyLedgers ledgers;
  private final List<SigningThread> threads;
  private final Duration limit;
  private final Map<Octets, Pinned> live = new ConcurrentHashMap<>();

  /** A session with its thread and what it has answered; only that thread reads the answers. */
  private record Pinned(
      SigningThread thread, LiveSession session, String requestId, Map<Integer, Answer> answers) {}

  private record Answer(byte[] inbox, StepReply reply) {}

  Engine(Desk desk, KeyLedgers ledgers, List<SigningThread> threads, Duration limit) {
    this.desk = desk;
    this.admission = new Admission(desk);
    this.docket = new Docket(desk);
    this.ledgers = ledgers;
    this.threads = List.copyOf(threads);
    this.limit = limit;
  }

  Proposal propose(Order order, Set<Integer> reachable) {
    return switch (admission.read(order)) {
      case Admission.Read.Refused(Refusal refusal) -> new Proposal.Refused(refusal);
      case Admission.Read.Known(Outcome outcome) -> new Proposal.Known(outcome);
      case Admission.Read.Signing signing -> proposeSigning(signing, reachable);
      case Admission.Read.Generating generating -> proposeKey(generating, reachable);
      case Admission.Read.Rekeying rekeying -> proposePair(rekeying, reachable);
      case Admission.Read.Presigning presigning -> proposePresignature(presigning, reachable);
    };
  }

  private Proposal proposeSigning(Admission.Read.Signing signing, Set<Integer> reachable) {
    var request = signing.order().request();
    var fit = withoutBurnt(signing.order().key(), signing.committee(), reachable);
    var signers = quorum(signing.order().key().id(), signing.committee(), fit, request.digest());
    if (signers.isEmpty()) {
      return tooFew(signing.committee(), fit, "signing needs its threshold of points");
    }
    return desk.lockouts().locked(signing.order().key().id(), signers)
        ? new Proposal.Refused(Lockouts.refusal(signers))
        : proposeSigning(signing, signers);
  }

  /** The committee minus those with whom the key cannot be used. */
  private Set<Integer> withoutBurnt(HeldKey key, Books.Entry committee, Set<Integer> reachable) {
    if (!key.record().metadata().hasPairs()) {
      return reachable;
    }
    return committee.members().stream()
        .map(SessionContext.Member::id)
        .filter(party -> reachable.contains(party.value()))
        .filter(party -> desk.pairs().unusable(key.id(), List.of(party)).isEmpty())
        .map(PartyId::value)
        .collect(Collectors.toSet());
  }

  /** With exactly these signers, ascending. */
  Proposal proposeSigning(Admission.Read.Signing signing, List<PartyId> signers) {
    var deadline = Admission.deadline(desk.clock().instant(), limit, signing.order().request());
    var order = signing.order();
    var context =
        signingContext(
            order,
            signing.committee(),
            signers,
            deadline.getEpochSecond(),
            nonce(),
            desk.stock()
                .propose(
                    order.key().id(), signers, desk.books().self().value(), order.lanes().size()));
    return waiting(docket.signing(context, signing))
        .orElseGet(() -> ready(context, rounds(context.protocol())));
  }

  /** Where this party's own policy makes it wait for people, nobody else is asked yet. */
  private Optional<Proposal> waiting(Docket.Case one) {
    if (!one.petition().map(one.judge()::waits).orElse(false)) {
      return Optional.empty();
    }
    return switch (docket.file(one, false)) {
      case Docket.Filed.Refused(Refusal refusal) -> Optional.of(new Proposal.Refused(refusal));
      case Docket.Filed.Ended(Outcome outcome) -> Optional.of(new Proposal.Known(outcome));
      case Docket.Filed.Unwritten _ -> Optional.empty();
      case Docket.Filed.Approved _ ->
          throw new IllegalStateException("a session was opened by a proposal");
    };
  }

  private static int rounds(Protocol protocol) {
    return switch (protocol) {
      case ECDSA_SIGN, PRESIGN -> EcdsaSession.ROUNDS;
      case ECDSA_ONLINE -> OnlineSession.ROUNDS;
      case FROST_SIGN -> SigningSession.ROUNDS;
      case DKG -> KeyGenerationSession.ROUNDS;
      case PAIR_REKEY -> PairRekeySession.ROUNDS;
    };
  }

  Admission admission() {
    return admission;
  }

  /**
   * This party, then others in an order that the request decides, until the threshold is met. Those
   * who came to nothing together are asked last.
   */
  private List<PartyId> quorum(
      KeyId key, Books.Entry committee, Collection<Integer> reachable, byte[] requestDigest) {
    var others = new ArrayList<PartyId>();
    for (var member : committee.members()) {
      if (!member.id().equals(desk.books().self()) && reachable.contains(member.id().value())) {
        others.add(member.id());
      }
    }
    int start = Byte.toUnsignedInt(requestDigest[0]);
    return IntStream.range(0, Math.max(1, others.size()))
        .mapToObj(turn -> quorum(committee, others, start + turn))
        .min(Comparator.comparingInt(signers -> desk.lockouts().failures(key, signers)))
        .orElseThrow();
  }

  /** Every set that a request may choose. */
  private List<List<PartyId>> quorums(Books.Entry committee, Collection<Integer> reachable) {
    var others =
        committee.members().stream()
            .map(SessionContext.Member::id)
            .filter(id -> !id.equals(desk.books().self()) && reachable.contains(id.value()))
            .toList();
    return IntStream.range(0, others.size())
        .mapToObj(start -> quorum(committee, others, start))
        .distinct()
        .toList();
  }

  private List<PartyId> quorum(Books.Entry committee, List<PartyId> others, int start) {
    var chosen = new TreeSet<PartyId>(List.of(desk.books().self()));
    int points = committee.pointsOf(desk.books().self()).size();
    for (int i = 0; i < others.size() && points < committee.document().threshold(); i++) {
      var next = others.get((start + i) % others.size());
      chosen.add(next);
      points += committee.pointsOf(next).size();
    }
    return points < committee.document().threshold() ? List.of() : List.copyOf(chosen);
  }

  private Proposal proposeKey(Admission.Read.Generating generating, Set<Integer> reachable) {
    var committee = generating.committee();
    var all = committee.members().stream().map(SessionContext.Member::id).toList();
    for (var party : all) {
      if (!party.equals(desk.books().self()) && !reachable.contains(party.value())) {
        return tooFew(committee, reachable, "key generation needs every party");
      }
    }
    var deadline = Admission.deadline(desk.clock().instant(), limit, generating.request());
    var context = keyContext(generating, deadline.getEpochSecond(), nonce());
    return waiting(docket.generating(context, generating))
        .orElseGet(() -> ready(context, KeyGenerationSession.ROUNDS));
  }

  private Proposal proposePair(Admission.Read.Rekeying rekeying, Set<Integer> reachable) {
    if (!reachable.contains(rekeying.peer().value())) {
      return tooFew(rekeying.committee(), reachable, "a pair is made anew by both");
    }
    var deadline = Admission.deadline(desk.clock().instant(), limit, rekeying.request());
    return ready(
        pairContext(rekeying, deadline.getEpochSecond(), nonce()), PairRekeySession.ROUNDS);
  }

  private Proposal proposePresignature(
      Admission.Read.Presigning presigning, Set<Integer> reachable) {
    var others = new HashSet<>(presigning.request().parties());
    others.remove(desk.books().self().value());
    if (!reachable.containsAll(others)) {
      return tooFew(presigning.committee(), reachable, "a presignature is made by its signers");
    }
    var deadline = Admission.deadline(desk.clock().instant(), limit, presigning.request());
    return ready(
        presignContext(presigning, deadline.getEpochSecond(), nonce()), EcdsaSession.ROUNDS);
  }

  /** What would fill this party's stock, if anything is missing of it. */
  Optional<Order> presigning(Set<Integer> reachable) {
    var kept = desk.stock().presigning().kept();
    kept.keys().forEach(this::sweep);
    return kept.keys().stream()
        .sorted(Comparator.comparing(KeyId::hex))
        .flatMap(id -> desk.keys().find(id).stream())
        .filter(key ->
            key.stage() == KeyDescription.Stage.USABLE && key.scheme() == Scheme.DKLS23_SECP256K1)
        .flatMap(key -> missing(key, reachable, kept.stock()).stream())
        .findFirst();
  }

  private void sweep(KeyId key) {
    var _ =
        home(Octets.of(key.bytes()))
            .call(
                PATIENCE,
                _ -> {
                  desk.stock().tidy(key);
                  return key;
                });
  }

  private Optional<Order> missing(HeldKey key, Set<Integer> reachable, int stock) {
    var committee = desk.books().committee(key.committee());
    if (committee.isEmpty()) {
      return Optional.empty();
    }
    int self = desk.books().self().value();
    return quorums(committee.get(), withoutBurnt(key, committee.get(), reachable)).stream()
        .filter(signers ->
            !signers.isEmpty()
                && !desk.lockouts().locked(key.id(), signers)
                && desk.stock().count(key.id(), signers, self) < stock)
        .findFirst()
        .map(signers ->
            new Order.Presign(
                new PresignRequest(
                    "presign:" + HexFormat.of().formatHex(Nonces.fresh(), 0, 16),
                    key.committee(),
                    key.id(),
                    signers.stream().map(PartyId::value).toList(),
                    self,
                    desk.clock().instant().plus(PRESIGNING).truncatedTo(ChronoUnit.MILLIS))));
  }

  private Proposal tooFew(Books.Entry committee, Set<Integer> reachable, String what) {
    var down =
        committee.document().parties().stream()
            .filter(party ->
                party.id() != desk.books().self().value() && !reachable.contains(party.id()))
            .map(party -> party.name())
            .toList();
    return new Proposal.Refused(
        new Refusal(
            Code.TOO_FEW_PARTIES,
            what + "; not reachable or not ready: " + String.join(", ", down)));
  }

  private static Proposal ready(SessionContext context, int rounds) {
    return new Proposal.Ready(
        context.encoded(),
        context.hash().toArray(),
        context.signers().stream().map(PartyId::value).toList(),
        rounds);
  }

  private Octets nonce() {
    return Octets.of(Nonces.fresh());
  }

  /** Everything but signers, deadline and nonce comes from this party's own records. */
  SessionContext signingContext(
      SigningOrder order,
      Books.Entry committee,
      List<PartyId> signers,
      long deadline,
      Octets nonce) {
    return signingContext(order, committee, signers, deadline, nonce, List.of());
  }

  /**
   * @param presignatures one for each lane, or none
   */
  private SessionContext signingContext(
      SigningOrder order,
      Books.Entry committee,
      List<PartyId> signers,
      long deadline,
      Octets nonce,
      List<Octets> presignatures) {
    boolean online =
        order.key().scheme() == Scheme.DKLS23_SECP256K1
            && presignatures.size() == order.lanes().size();
    return new SessionContext(
        online ? Protocol.ECDSA_ONLINE : protocol(order.key().scheme()),
        HeldKey.suite(order.key().scheme()),
        Octets.of(order.key().id().bytes()),
        order.key().epoch(),
        order.key().threshold(),
        committee.members(),
        signers,
        order.lanes().size(),
        order.path().steps(),
        Octets.of(order.request().digest()),
        Optional.empty(),
        deadline,
        nonce,
        committee.hashOctets(),
        0,
        0,
        online ? presignatures : List.of());
  }

  static Protocol protocol(Scheme scheme) {
    return switch (scheme) {
      case FROST_ED25519, FROST_SECP256K1_TR -> Protocol.FROST_SIGN;
      case DKLS23_SECP256K1 -> Protocol.ECDSA_SIGN;
    };
  }

  SessionContext keyContext(Admission.Read.Generating generating, long deadline, Octets nonce) {
    var committee = generating.committee();
    return new SessionContext(
        Protocol.DKG,
        HeldKey.suite(generating.request().scheme()),
        Octets.of(generating.request().keyId().bytes()),
        0,
        committee.document().threshold(),
        committee.members(),
        committee.members().stream().map(SessionContext.Member::id).toList(),
        1,
        List.of(),
        Octets.of(generating.request().digest()),
        Optional.empty(),
        deadline,
        nonce,
        committee.hashOctets(),
        1);
  }

  private SessionContext pairContext(
      Admission.Read.Rekeying rekeying, long deadline, Octets nonce) {
    var key = rekeying.key();
    return new SessionContext(
        Protocol.PAIR_REKEY,
        HeldKey.suite(key.scheme()),
        Octets.of(key.id().bytes()),
        key.epoch(),
        key.threshold(),
        rekeying.committee().members(),
        rekeying.request().parties().stream().map(PartyId::new).toList(),
        1,
        List.of(),
        Octets.of(rekeying.request().digest()),
        Optional.empty(),
        deadline,
        nonce,
        rekeying.committee().hashOctets(),
        0,
        rekeying.request().generation(),
        List.of());
  }

  private SessionContext presignContext(
      Admission.Read.Presigning presigning, long deadline, Octets nonce) {
    var key = presigning.key();
    return new SessionContext(
        Protocol.PRESIGN,
        HeldKey.suite(key.scheme()),
        Octets.of(key.id().bytes()),
        key.epoch(),
        key.threshold(),
        presigning.committee().members(),
        presigning.request().parties().stream().map(PartyId::new).toList(),
        1,
        List.of(),
        Octets.of(presigning.request().digest()),
        Optional.empty(),
        deadline,
        nonce,
        presigning.committee().hashOctets(),
        0);
  }

  StepReply step(byte[] locator, StepRequest request) {
    live.values().removeIf(pinned -> pinned.session().isOver());
    var id = Octets.of(locator);
    if (request.round() == 1) {
      return request
          .opening()
          .map(opening -> open(id, opening))
          .orElseGet(() -> refused(Code.MALFORMED, "round 1 brings a context and an order"));
    }
    if (request.opening().isPresent()) {
      return refused(Code.MALFORMED, "only round 1 brings a context");
    }
    var pinned = live.get(id);
    return pinned == null
        ? stored(id, request)
        : pinned
            .thread()
            .call(PATIENCE, _ -> answer(pinned, request, id))
            .orElseGet(Engine::overloaded);
  }

  private StepReply answer(Pinned pinned, StepRequest request, Octets id) {
    byte[] digest = Ending.digest(request.inbox());
    var answered = pinned.answers().get(request.round());
    if (answered != null) {
      return Arrays.equals(answered.inbox(), digest)
          ? answered.reply()
          : refused(
              Code.INBOX_CONFLICT,
              "round " + request.round() + " was answered for other messages already");
    }
    var session = pinned.session();
    if (session.isOver()) {
      return stored(id, request);
    }
    if (request.round() != session.nextRound()) {
      return refused(
          Code.INBOX_CONFLICT,
          "the session waits for round " + session.nextRound() + ", not " + request.round());
    }
    var reply = session.step(request.round(), request.inbox());
    if (!(reply instanceof StepReply.Refused)) {
      pinned.answers().put(request.round(), new Answer(digest, reply));
    }
    return reply;
  }

  /** Of a session that no longer lives here: what was answered, or how it ended. */
  private StepReply stored(Octets id, StepRequest request) {
    var row = desk.store().read(from -> desk.sessions().find(from, id.toArray()));
    if (row.isEmpty()) {
      return refused(Code.UNKNOWN_SESSION, "this party has no such session");
    }
    var answered =
        desk.store().read(from -> desk.outboxes().find(from, row.get().id(), request.round()));
    if (answered.isPresent()) {
      return Arrays.equals(answered.get().inboxDigest(), Ending.digest(request.inbox()))
          ? sent(row.get().id(), answered.get().reply())
          : refused(
              Code.INBOX_CONFLICT,
              "round " + request.round() + " was answered for other messages already");
    }
    return outcome(row.get().requestId())
        .<StepReply>map(StepReply.Finished::new)
        .orElseGet(() ->
            refused(Code.UNKNOWN_SESSION, "the session did not outlive a restart or its deadline"));
  }

  private static StepReply sent(byte[] id, byte[] stored) {
    return switch (CborDecoder.parse(
        CborProfile.WIRE, stored, CborLimits.ofBytes(MAX_STORED), Engine::outbox)) {
      case Parsed.Valid<List<StepReply.Outbound>>(var outbox) -> new StepReply.Sent(id, outbox);
      case Parsed.Malformed<List<StepReply.Outbound>>(String reason) ->
          throw new IllegalStateException("a stored reply does not decode: " + reason);
    };
  }

  private static List<StepReply.Outbound> outbox(CborFields fields) {
    var outbox = new ArrayList<StepReply.Outbound>();
    for (int i = 0; i < fields.size(); i++) {
      outbox.add(
          fields.nested(
              i, f -> new StepReply.Outbound(f.uint32(0, 0, 65535), f.bytes(1, 1, MAX_STORED))));
    }
    return outbox;
  }

  Optional<Outcome> outcome(String requestId) {
    return desk.store()
        .read(from -> desk.requests().find(from, requestId))
        .flatMap(row -> row.outcome())
        .map(bytes -> OutcomeCodec.decode(bytes, desk::describe));
  }

  private StepReply open(Octets id, StepRequest.Opening opening) {
    var decoded = SessionContext.decode(opening.context());
    if (decoded instanceof Parsed.Malformed<SessionContext>(String reason)) {
      return refused(Code.MALFORMED, "the session's context is malformed: " + reason);
    }
    var context = decoded.valid().orElseThrow();
    if (!context.hash().equals(id)) {
      return refused(Code.MALFORMED, "the session is addressed by another context's hash");
    }
    var opened = live.get(id);
    if (opened != null) {
      return opened
          .thread()
          .call(PATIENCE, _ -> Optional.ofNullable(opened.answers().get(1)))
          .flatMap(answer -> answer.map(first -> repeat(opened, first, opening)))
          .orElseGet(Engine::overloaded);
    }
    var read = admission.read(opening.order());
    return disagreement(context, read).orElseGet(() -> open(id, context, read, opening.order()));
  }

  /**
   * On the thread that the id names. A ceremony for which that one has no memory left goes to
   * another: what somebody left behind there does not keep its initiator from the next attempt.
   */
  private StepReply open(Octets id, SessionContext context, Admission.Read read, Order order) {
    boolean stocked =
        context.protocol() == Protocol.PRESIGN || context.protocol() == Protocol.ECDSA_ONLINE;
    int first = index(stocked ? context.keyId() : id);
    int last = isCeremony(context.protocol()) ? first + threads.size() - 1 : first;
    for (int at = first; ; at++) {
      var reply = open(threads.get(at % threads.size()), id, context, read, order);
      // No answer is no refusal: the step may still run.
      boolean full =
          reply.isPresent()
              && reply.get() instanceof StepReply.Refused(Refusal refusal)
              && refusal.code() == Code.OVERLOADED;
      if (!full || at == last) {
        return reply.orElseGet(Engine::overloaded);
      }
    }
  }

  private int index(Octets name) {
    return Math.floorMod(name.hashCode(), threads.size());
  }

  /** Where the presignatures of a key lie. */
  private SigningThread home(Octets key) {
    return threads.get(index(key));
  }

  static boolean isCeremony(Protocol protocol) {
    return protocol == Protocol.DKG || protocol == Protocol.PAIR_REKEY;
  }

  private Optional<StepReply> open(
      SigningThread thread, Octets id, SessionContext context, Admission.Read read, Order order) {
    return thread.call(
        PATIENCE,
        bench ->
            new Opener(desk, ledgers, thread, bench)
                .open(
                    context,
                    read,
                    (session, reply) -> {
                      var answers = new HashMap<Integer, Answer>();
                      answers.put(1, new Answer(new byte[0], reply));
                      live.put(id, new Pinned(thread, session, order.requestId(), answers));
                    }));
  }

  private static StepReply repeat(Pinned pinned, Answer answer, StepRequest.Opening opening) {
    return pinned.requestId().equals(opening.order().requestId())
        ? answer.reply()
        : refused(Code.REQUEST_CONFLICT, "the session belongs to another request");
  }

  /** What the coordinator proposes must be what this party would have written itself. */
  private Optional<StepReply> disagreement(SessionContext context, Admission.Read read) {
    long now = desk.clock().instant().getEpochSecond();
    Optional<SessionContext> own =
        switch (read) {
          case Admission.Read.Signing(var order, var committee, var _, var _) ->
              Optional.of(
                  signingContext(
                      order,
                      committee,
                      context.signers(),
                      context.deadline(),
                      context.nonce(),
                      context.presignatures()));
          case Admission.Read.Generating generating ->
              Optional.of(keyContext(generating, context.deadline(), context.nonce()));
          case Admission.Read.Rekeying rekeying ->
              Optional.of(pairContext(rekeying, context.deadline(), context.nonce()));
          case Admission.Read.Presigning presigning ->
              Optional.of(presignContext(presigning, context.deadline(), context.nonce()));
          case Admission.Read.Known _, Admission.Read.Refused _ -> Optional.empty();
        };
    if (own.isEmpty()) {
      return Optional.of(
          switch (read) {
            case Admission.Read.Known(Outcome outcome) -> new StepReply.Finished(outcome);
            case Admission.Read.Refused(Refusal refusal) -> new StepReply.Refused(refusal);
            case Admission.Read.Signing _,
                Admission.Read.Generating _,
                Admission.Read.Rekeying _,
                Admission.Read.Presigning _ ->
                throw new IllegalStateException("an order that can go on has a context");
          });
    }
    if (!own.get().equals(context)) {
      return Optional.of(
          refused(
              Code.MISMATCH,
              "the proposed session differs from this party's records of key, committee or"
                  + " request"));
    }
    if (context.deadline() <= now || context.deadline() > now + limit.toSeconds()) {
      return Optional.of(
          refused(
              Code.EXPIRED, "a session's deadline lies at most " + limit.toSeconds() + " s ahead"));
    }
    if (!context.signers().contains(desk.books().self())) {
      return Optional.of(refused(Code.MISMATCH, "this party has no part in the session"));
    }
    if (context.protocol() == Protocol.PAIR_REKEY) {
      return Optional.empty(); // of two, whatever the threshold
    }
    int points = context.signers().stream().mapToInt(party -> context.pointsOf(party).size()).sum();
    return points < context.threshold()
        ? Optional.of(refused(Code.TOO_FEW_PARTIES, "the signers' points miss the threshold"))
        : Optional.empty();
  }

  int liveSessions() {
    return (int) live.values().stream().filter(pinned -> !pinned.session().isOver()).count();
  }

  int waiting() {
    return threads.stream().mapToInt(SigningThread::waiting).sum();
  }

  /** Of each signing thread. */
  List<PoolStats> slabs() {
    return threads.stream().flatMap(thread -> thread.slabs().stream()).toList();
  }

  static StepReply refused(Code code, String detail) {
    return new StepReply.Refused(new Refusal(code, detail));
  }

  private static StepReply overloaded() {
    return refused(Code.OVERLOADED, "all signing threads are busy; ask again in a second");
  }

  /** Wipes and ends what lives. */
  @Override
  public void close() {
    threads.forEach(SigningThread::close);
  }
}
