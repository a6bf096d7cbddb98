package io.sharekeep.appliance;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sharekeep.enclave.CallerIdentity;
import io.sharekeep.enclave.Cancellation;
import io.sharekeep.enclave.Check;
import io.sharekeep.enclave.DerivedKey;
import io.sharekeep.enclave.DocumentFile;
import io.sharekeep.enclave.Documents;
import io.sharekeep.enclave.Enclave;
import io.sharekeep.enclave.EnclaveStatus;
import io.sharekeep.enclave.Following;
import io.sharekeep.enclave.Frozen;
import io.sharekeep.enclave.KeyDescription;
import io.sharekeep.enclave.KeyId;
import io.sharekeep.enclave.KeyPath;
import io.sharekeep.enclave.KeyStatements;
import io.sharekeep.enclave.Order;
import io.sharekeep.enclave.Outcome;
import io.sharekeep.enclave.PairDescription;
import io.sharekeep.enclave.PendingPolicy;
import io.sharekeep.enclave.Proposal;
import io.sharekeep.enclave.Refusal;
import io.sharekeep.enclave.Scheme;
import io.sharekeep.enclave.Sealing;
import io.sharekeep.enclave.SignedRequests;
import io.sharekeep.enclave.State;
import io.sharekeep.enclave.Statistics;
import io.sharekeep.enclave.StepReply;
import io.sharekeep.enclave.StepRequest;
import io.sharekeep.enclave.WaitingRequest;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An enclave without keys that follows the contract of the real one: three rounds, at most one
 * session per requestId, the same bytes for the same step, locators that change once the session is
 * known, and an inbox that must hold exactly what the other parties sent.
 */
public final class FakeEnclave implements Enclave {
  private static final int ROUNDS = 3;

  public final int party;
  public volatile Optional<String> hsmLost = Optional.empty();
  public volatile State state = State.OPERATIONAL;
  public volatile Documents documents = new Documents(List.of(), "f".repeat(64), "test");
  public volatile Optional<RuntimeException> fault = Optional.empty();
  public volatile Optional<Outcome> ending = Optional.empty();
  public volatile Optional<Refusal> refusal = Optional.empty();
  public volatile Runnable beforeStep = () -> {};
  public volatile boolean ready = true;

  /** What would fill its stock. */
  public volatile Optional<Order> missing = Optional.empty();

  public final Map<String, CallerIdentity> callers = new ConcurrentHashMap<>();

  /** What it reports, by request. */
  public final Map<String, byte[]> blames = new ConcurrentHashMap<>();

  public final Map<KeyId, KeyDescription> keys = new ConcurrentHashMap<>();
  public final List<String> events = new CopyOnWriteArrayList<>();
  public final Map<KeyId, KeyStatements> undecided = new ConcurrentHashMap<>();

  private final Map<String, Outcome> outcomes = new ConcurrentHashMap<>();
  private final Map<String, byte[]> requests = new ConcurrentHashMap<>();
  private final Map<String, Session> sessions = new ConcurrentHashMap<>();

  public FakeEnclave(int party) {
    this.party = party;
  }

  private record Session(String context, Order order, List<Integer> parties) {}

  public static KeyDescription key(KeyId id, KeyDescription.Stage stage) {
    return new KeyDescription(
        id,
        "treasury",
        Scheme.FROST_ED25519,
        stage,
        1,
        2,
        Map.of(1, 1, 2, 2, 3, 3),
        Initiator.COMMITTEE,
        Set.of("sol.tx"),
        "0a".repeat(32),
        new java.util.TreeMap<>(Map.of("sol.tx", "address")),
        Instant.parse("2026-01-01T00:00:00Z"));
  }

  @Override
  public EnclaveStatus status() {
    return new EnclaveStatus(
        state,
        Instant.parse("2026-01-01T00:00:00Z"),
        state == State.FAILED ? Optional.of("log does not verify") : Optional.empty(),
        party,
        "mlock",
        "native",
        List.of("ed25519: test"),
        List.of("soft-token"),
        "1".repeat(64),
        hsmLost,
        7);
  }

  @Override
  public List<Check> readiness() {
    return List.of(new Check("hsm", ready, ready ? "sealed and opened" : "the HSM is gone"));
  }

  @Override
  public Statistics statistics() {
    return new Statistics(
        Map.of(
            "sharekeep_sign_requests_total{scheme=\"frost-ed25519\",chain=\"solana\",result=\"signed\"}",
            3L),
        Map.of("sharekeep_slabs{state=\"lent\"}", 0L),
        Map.of("sharekeep_round{protocol=\"frost-sign\",round=\"1\"}", 1_500_000_000L),
        Map.of(
            "share_open_seconds",
            new Statistics.Histogram(List.of(1_000L, 10_000L), List.of(2L, 1L, 0L), 7_000_000L)));
  }

  @Override
  public Documents documents() {
    return documents;
  }

  @Override
  public Optional<CallerIdentity> caller(byte[] spkiSha256) {
    return Optional.ofNullable(callers.get(HexFormat.of().formatHex(spkiSha256)));
  }

  @Override
  public List<KeyDescription> keys() {
    fault.ifPresent(f -> {
      throw f;
    });
    return List.copyOf(keys.values());
  }

  @Override
  public Optional<DerivedKey> derived(KeyId id, KeyPath path) {
    return key(id)
        .map(key ->
            new DerivedKey(
                path,
                "02" + "ab".repeat(32),
                new java.util.TreeMap<>(Map.of("evm.tx", "0x" + path.steps().size()))));
  }

  @Override
  public List<PairDescription> pairs(KeyId id) {
    return List.of(new PairDescription(2, 1, "active", 0), new PairDescription(3, 0, "burnt", 2));
  }

  @Override
  public Optional<KeyDescription> key(KeyId id) {
    return Optional.ofNullable(keys.get(id));
  }

  @Override
  public Proposal propose(Order order, Set<Integer> reachable) {
    fault.ifPresent(f -> {
      throw f;
    });
    var requestId = order.requestId();
    var known = outcomes.get(requestId);
    if (known != null) {
      return java.util.Arrays.equals(requests.get(requestId), bytes(order))
          ? new Proposal.Known(known)
          : refused(Refusal.Code.REQUEST_CONFLICT, "requestId is taken");
    }
    if (!authentic(order)) {
      return refused(Refusal.Code.REQUEST_UNAUTHENTIC, "nobody of the policy signed this");
    }
    if (order instanceof Order.Sign sign && !keys.containsKey(sign.request().body().keyId())) {
      return refused(Refusal.Code.UNKNOWN_KEY, "no such key");
    }
    var committee = documents.committees().stream().findFirst();
    if (committee.isEmpty() || !committee.get().hash().equals(Initiator.COMMITTEE)) {
      return refused(Refusal.Code.UNKNOWN_COMMITTEE, "no such committee");
    }
    int needed =
        order instanceof Order.GenerateKey
            ? committee.get().parties().size()
            : committee.get().threshold();
    if (reachable.size() < needed) {
      return refused(
          Refusal.Code.TOO_FEW_PARTIES, needed + " needed and " + reachable.size() + " there");
    }
    var parties = new TreeSet<>(reachable).stream().limit(needed).toList();
    var context = parties + " " + System.nanoTime();
    return new Proposal.Ready(
        context.getBytes(UTF_8), sha256(context.getBytes(UTF_8)), parties, ROUNDS);
  }

  private static Proposal refused(Refusal.Code code, String detail) {
    return new Proposal.Refused(new Refusal(code, detail));
  }

  private static boolean authentic(Order order) {
    return switch (order) {
      case Order.Sign sign ->
          SignedRequests.verifies(sign.request())
              && sign.request().body().payloadSha256().equals(Initiator.sha256(sign.payload()));
      case Order.GenerateKey generate -> SignedRequests.verifies(generate.request());
      case Order.Presign _ -> true;
      case Order.RekeyPair rekey ->
          SignedRequests.verifies(rekey.request())
              && SignedRequests.verifies(rekey.second())
              && rekey.request().body().equals(rekey.second().body());
    };
  }

  private static byte[] bytes(Order order) {
    return switch (order) {
      case Order.Sign sign -> SignedRequests.toJson(sign.request());
      case Order.GenerateKey generate -> SignedRequests.toJson(generate.request());
      case Order.RekeyPair rekey -> SignedRequests.toJson(rekey.request());
      case Order.Presign presign -> presign.request().canonicalJson();
    };
  }

  @Override
  public synchronized StepReply step(byte[] locator, StepRequest request) {
    fault.ifPresent(f -> {
      throw f;
    });
    beforeStep.run();
    events.add("step " + request.round());
    if (refusal.isPresent()) {
      return new StepReply.Refused(refusal.get());
    }
    var name = HexFormat.of().formatHex(locator);
    if (request.round() == 1) {
      return open(locator, request);
    }
    var session = sessions.get(name);
    if (session == null) {
      return new StepReply.Refused(
          new Refusal(Refusal.Code.UNKNOWN_SESSION, "no session " + name.substring(0, 8)));
    }
    var expected = new ArrayList<String>();
    for (int from : session.parties()) {
      expected.add(request.round() - 1 + ":" + from + ":0");
      if (request.round() == 3) {
        expected.add("2:" + from + ":" + party);
      }
    }
    var got = request.inbox().stream().map(e -> new String(e, UTF_8)).sorted().toList();
    if (!got.equals(expected.stream().sorted().toList())) {
      return new StepReply.Refused(new Refusal(Refusal.Code.INBOX_INCOMPLETE, "got " + got));
    }
    if (request.round() == 2) {
      var out = new ArrayList<StepReply.Outbound>();
      out.add(envelope(2, 0));
      session.parties().forEach(to -> out.add(envelope(2, to)));
      return new StepReply.Sent(locator, out);
    }
    var outcome = ending.orElseGet(() -> success(session.order()));
    outcomes.put(session.order().requestId(), outcome);
    return new StepReply.Finished(outcome);
  }

  private StepReply open(byte[] locator, StepRequest request) {
    var opening = request.opening().orElseThrow();
    if (!java.util.Arrays.equals(locator, sha256(opening.context()))) {
      return new StepReply.Refused(new Refusal(Refusal.Code.MALFORMED, "not the context's hash"));
    }
    if (!authentic(opening.order())) {
      return new StepReply.Refused(
          new Refusal(Refusal.Code.REQUEST_UNAUTHENTIC, "nobody of the policy signed this"));
    }
    var sid = sha256(locator);
    var context = new String(opening.context(), UTF_8);
    var parties =
        java.util.Arrays.stream(context.substring(1, context.indexOf(']')).split(", "))
            .map(Integer::valueOf)
            .toList();
    var name = HexFormat.of().formatHex(sid);
    if (requests.putIfAbsent(opening.order().requestId(), bytes(opening.order())) != null
        && !sessions.containsKey(name)) {
      return new StepReply.Refused(
          new Refusal(Refusal.Code.REQUEST_CONFLICT, "requestId opened another session"));
    }
    sessions.put(name, new Session(context, opening.order(), parties));
    return new StepReply.Sent(sid, List.of(envelope(1, 0)));
  }

  private StepReply.Outbound envelope(int round, int to) {
    return new StepReply.Outbound(to, (round + ":" + party + ":" + to).getBytes(UTF_8));
  }

  private Outcome success(Order order) {
    return switch (order) {
      case Order.Sign sign ->
          new Outcome.Signed(
              sign.requestId(),
              sign.request().body().keyId(),
              Scheme.FROST_ED25519,
              List.of(new Outcome.Signature(0, new byte[32], sign.payload(), new byte[64])),
              Optional.of(new byte[] {1, 2, 3}));
      case Order.GenerateKey generate -> {
        var id = generate.request().body().keyId();
        var key = key(id, KeyDescription.Stage.ACTIVE);
        keys.put(id, key);
        undecided.put(id, statements(id));
        yield new Outcome.KeyGenerated(generate.requestId(), key);
      }
      case Order.Presign presign ->
          new Outcome.Presigned(
              presign.requestId(), presign.request().keyId(), presign.request().parties());
      case Order.RekeyPair rekey -> {
        var body = rekey.request().body();
        yield new Outcome.PairRekeyed(
            body.requestId(), body.keyId(), body.parties(), body.generation());
      }
    };
  }

  private KeyStatements statements(KeyId id) {
    return new KeyStatements(id, new byte[32], List.of(("active " + party).getBytes(UTF_8)));
  }

  @Override
  public Following follow(DocumentFile document) {
    return new Following.Objected(List.of("nothing follows here"));
  }

  @Override
  public Optional<PendingPolicy> pendingPolicy() {
    return Optional.of(new PendingPolicy("00", 2, Instant.EPOCH));
  }

  @Override
  public Cancellation cancelPolicy(byte[] statement) {
    return new Cancellation.Done(new PendingPolicy("00", 2, Instant.EPOCH));
  }

  @Override
  public Frozen freeze(byte[] statement) {
    return new Frozen.Done("00", "appliance", true, List.of());
  }

  @Override
  public Frozen unfreeze(List<byte[]> statements) {
    return new Frozen.Done("00", "appliance", false, List.of());
  }

  @Override
  public List<byte[]> decisions(String requestId) {
    return List.of();
  }

  @Override
  public Optional<byte[]> blame(String requestId) {
    return Optional.ofNullable(blames.get(requestId));
  }

  @Override
  public boolean keepsPresignatures() {
    return false;
  }

  @Override
  public Optional<Order> presigning(Set<Integer> reachableParties) {
    fault.ifPresent(e -> {
      throw e;
    });
    return missing;
  }

  @Override
  public Optional<byte[]> logFile(String name) {
    return switch (name) {
      case "checkpoint" -> Optional.of("log\n0\n".getBytes(UTF_8));
      case "tile/entries/x001/067.p/12" -> Optional.of(new byte[] {0, 0});
      default -> Optional.empty();
    };
  }

  @Override
  public List<WaitingRequest> waiting() {
    return List.of();
  }

  @Override
  public Optional<WaitingRequest> waiting(String requestId) {
    return Optional.empty();
  }

  @Override
  public Optional<Refusal> assent(String requestId, byte[] statement) {
    return Optional.of(new Refusal(Refusal.Code.NOT_WAITING, "nothing waits here"));
  }

  @Override
  public Optional<Refusal> hear(Order order, byte[] statement) {
    return Optional.of(new Refusal(Refusal.Code.NOT_WAITING, "nothing waits here"));
  }

  @Override
  public Optional<Outcome> outcome(String requestId) {
    return Optional.ofNullable(outcomes.get(requestId));
  }

  @Override
  public List<KeyStatements> undecided() {
    return List.copyOf(undecided.values());
  }

  /** A key is usable here once each peer has shown its statement. */
  @Override
  public synchronized KeyStatements exchange(KeyStatements fromPeer) {
    var id = fromPeer.key();
    events.add("exchange");
    var mine = undecided.get(id);
    if (mine != null && keys.containsKey(id)) {
      var all = new TreeSet<String>();
      mine.statements().forEach(s -> all.add(new String(s, UTF_8)));
      fromPeer.statements().forEach(s -> all.add(new String(s, UTF_8)));
      var merged =
          new KeyStatements(id, new byte[32], all.stream().map(s -> s.getBytes(UTF_8)).toList());
      undecided.put(id, merged);
      if (all.size() == documents.committees().getFirst().parties().size()) {
        keys.put(id, key(id, KeyDescription.Stage.USABLE));
        undecided.remove(id);
        events.add("usable");
      }
      return merged;
    }
    return keys.containsKey(id) ? statements(id) : new KeyStatements(id, new byte[32], List.of());
  }

  @Override
  public void shown(byte[] note) {
    events.add("shown " + new String(note, UTF_8));
  }

  @Override
  public Sealing sealing() {
    return new Sealing(List.of(), 0, 0, 7, 0, Optional.empty());
  }

  @Override
  public Optional<Refusal> seal(Sealing.Order order) {
    return Optional.empty();
  }

  @Override
  public void close() {
    events.add("closed");
  }

  static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
