package io.sharekeep.bench;

import io.sharekeep.threshold.EvaluationPoint;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.Scratch;
import io.sharekeep.threshold.ecdsa.Certifying;
import io.sharekeep.threshold.ecdsa.Committed;
import io.sharekeep.threshold.ecdsa.Extended;
import io.sharekeep.threshold.ecdsa.Multiplied;
import io.sharekeep.threshold.ecdsa.Opened;
import io.sharekeep.threshold.ecdsa.PairSecrets;
import io.sharekeep.threshold.ecdsa.Pairs;
import io.sharekeep.threshold.ecdsa.Partial;
import io.sharekeep.threshold.ecdsa.Presignature;
import io.sharekeep.threshold.ecdsa.SigningKey;
import io.sharekeep.threshold.keygen.Means;
import io.sharekeep.threshold.primitive.SignatureVerifier;
import io.sharekeep.threshold.wire.Endpoint;
import io.sharekeep.threshold.wire.Octets;
import io.sharekeep.threshold.wire.Protocol;
import io.sharekeep.threshold.wire.Reception;
import io.sharekeep.threshold.wire.SessionContext;
import io.sharekeep.threshold.wire.SignedEnvelope;
import io.sharekeep.threshold.wire.Suite;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** One-shot ECDSA signatures among parties with a point each, envelopes and all, on one thread. */
final class EcdsaRun {
  private final SplittableRandom random = new SplittableRandom(2);
  private final Workbench bench;
  private final KeyGenerationRun.Made made;
  private final List<BenchParty> signers;
  private final SignatureVerifier verifier = SignatureVerifier.open();
  private final Means means;
  private final SigningKey key;

  /** CPU in nanoseconds of one party, and bytes that the first one sent. */
  record Sample(long commit, long extend, long multiply, long finish, long combine, long bytes) {
    /** Each step, then the whole; reception of a round counts to the step after it. */
    long[] costs() {
      return new long[] {
        commit, extend, multiply, finish, combine, commit + extend + multiply + finish + combine
      };
    }
  }

  EcdsaRun(Workbench bench, KeyGenerationRun.Made made, List<BenchParty> signers) {
    this.bench = bench;
    this.made = made;
    this.signers = signers;
    this.means =
        new Means(bench.groups().secp256k1(), bench.primitives(), bench.scratch(), bench.random());
    this.key = SigningKey.stored(means.group(), made.key().publicKey());
  }

  Sample run() {
    var endpoints = endpoints(context(Protocol.ECDSA_SIGN));
    var digest = fresh(32);
    long[] at = new long[6];
    at[0] = CpuClock.nanos();
    var committed = new TreeMap<PartyId, Committed>();
    endpoints.forEach(
        (id, endpoint) -> committed.put(id, Committed.start(means, endpoint, Optional.empty())));
    at[1] = CpuClock.nanos();
    long bytes = carry(endpoints, 1, committed.values().stream().map(Committed::outbox).toList());
    var extended = new TreeMap<PartyId, Extended>();
    committed.forEach((id, state) -> extended.put(id, Workbench.advanced(state.extend(pairs(id)))));
    at[2] = CpuClock.nanos();
    bytes += carry(endpoints, 2, extended.values().stream().map(Extended::outbox).toList());
    var multiplied = new TreeMap<PartyId, Multiplied>();
    extended.forEach((id, state) ->
        multiplied.put(id, Workbench.advanced(state.multiply(pairs(id), share(id)))));
    at[3] = CpuClock.nanos();
    bytes += carry(endpoints, 3, multiplied.values().stream().map(Multiplied::outbox).toList());
    var partial = new TreeMap<PartyId, Partial>();
    multiplied.forEach((id, state) ->
        partial.put(id, Workbench.advanced(state.sign(pairs(id), share(id), key, digest))));
    at[4] = CpuClock.nanos();
    bytes += carry(endpoints, 4, partial.values().stream().map(Partial::outbox).toList());
    partial.values().forEach(state -> Workbench.advanced(state.combine(verifier)));
    at[5] = CpuClock.nanos();
    int n = signers.size();
    return new Sample(
        (at[1] - at[0]) / n,
        (at[2] - at[1]) / n,
        (at[3] - at[2]) / n,
        (at[4] - at[3]) / n,
        (at[5] - at[4]) / n,
        bytes);
  }

  /** The bytes that the first party sent. */
  private static long carry(
      SortedMap<PartyId, Endpoint> endpoints, int round, List<List<SignedEnvelope>> outboxes) {
    long sent = 0;
    for (var envelope : outboxes.stream().flatMap(List::stream).toList()) {
      var from = envelope.envelope().from();
      var encoded = envelope.encoded();
      sent += from.equals(endpoints.firstKey()) ? encoded.length : 0;
      for (var entry : endpoints.entrySet()) {
        boolean addressed =
            !from.equals(entry.getKey())
                && envelope.envelope().to().map(entry.getKey()::equals).orElse(true);
        if (addressed
            && !(entry.getValue().receive(round, encoded, BenchParty.NOW, _ -> 0)
                instanceof Reception.Accepted)) {
          throw new IllegalStateException("an honest envelope was dropped");
        }
      }
    }
    return sent;
  }

  private Pairs pairs(PartyId self) {
    Map<PartyId, Scratch.Slab> own = Optional.ofNullable(made.pairs().get(self)).orElseThrow();
    return peer -> new PairSecrets(Optional.ofNullable(own.get(peer)).orElseThrow().bytes());
  }

  private MemorySegment share(PartyId self) {
    return Optional.ofNullable(made.shares().get(new EvaluationPoint(self.value())))
        .orElseThrow()
        .bytes();
  }

  /** CPU in nanoseconds of one party for the use of a presignature, which is made beforehand. */
  long online() {
    var presignatures = presignatures();
    var endpoints =
        endpoints(
            context(
                Protocol.ECDSA_ONLINE, List.of(presignatures.firstEntry().getValue().session())));
    var digest = fresh(32);
    long began = CpuClock.nanos();
    var opened = new TreeMap<PartyId, Opened>();
    endpoints.forEach((id, endpoint) ->
        opened.put(
            id,
            Optional.ofNullable(presignatures.get(id))
                .flatMap(own -> own.open(endpoint, key, digest, Optional.empty()))
                .orElseThrow()));
    carry(endpoints, 1, opened.values().stream().map(Opened::outbox).toList());
    var partial = new TreeMap<PartyId, Partial>();
    opened.forEach((id, state) -> partial.put(id, Workbench.advanced(state.sign())));
    carry(endpoints, 2, partial.values().stream().map(Partial::outbox).toList());
    partial.values().forEach(state -> Workbench.advanced(state.combine(verifier)));
    return (CpuClock.nanos() - began) / signers.size();
  }

  private SortedMap<PartyId, Presignature> presignatures() {
    var endpoints = endpoints(context(Protocol.PRESIGN));
    var committed = new TreeMap<PartyId, Committed>();
    endpoints.forEach(
        (id, endpoint) -> committed.put(id, Committed.start(means, endpoint, Optional.empty())));
    carry(endpoints, 1, committed.values().stream().map(Committed::outbox).toList());
    var extended = new TreeMap<PartyId, Extended>();
    committed.forEach((id, state) -> extended.put(id, Workbench.advanced(state.extend(pairs(id)))));
    carry(endpoints, 2, extended.values().stream().map(Extended::outbox).toList());
    var multiplied = new TreeMap<PartyId, Multiplied>();
    extended.forEach((id, state) ->
        multiplied.put(id, Workbench.advanced(state.multiply(pairs(id), share(id)))));
    carry(endpoints, 3, multiplied.values().stream().map(Multiplied::outbox).toList());
    var certifying = new TreeMap<PartyId, Certifying>();
    multiplied.forEach((id, state) ->
        certifying.put(
            id,
            Workbench.advanced(
                state.presign(pairs(id), share(id), key.stored(), bench.scratch()))));
    carry(endpoints, 4, certifying.values().stream().map(Certifying::outbox).toList());
    var presignatures = new TreeMap<PartyId, Presignature>();
    certifying.forEach((id, state) -> presignatures.put(id, Workbench.advanced(state.conclude())));
    return presignatures;
  }

  private SortedMap<PartyId, Endpoint> endpoints(SessionContext context) {
    var endpoints = new TreeMap<PartyId, Endpoint>();
    for (var party : signers) {
      endpoints.put(party.id(), new Endpoint(context, party.id(), party.pins(), party.signer()));
    }
    return endpoints;
  }

  private SessionContext context(Protocol protocol) {
    return context(protocol, List.of());
  }

  private SessionContext context(Protocol protocol, List<Octets> presignatures) {
    var committee = made.key().committee();
    var digest = fresh(32);
    return new SessionContext(
        protocol,
        Suite.DKLS23_SECP256K1,
        made.key().keyId(),
        made.key().epoch(),
        committee.threshold(),
        committee.parties().stream()
            .map(id -> new SessionContext.Member(id, digest, committee.pointsOf(id)))
            .toList(),
        signers.stream().map(BenchParty::id).toList(),
        1,
        List.of(),
        fresh(32),
        Optional.empty(),
        BenchParty.NOW + 300,
        fresh(32),
        fresh(32),
        0,
        0,
        presignatures);
  }

  private Octets fresh(int length) {
    var bytes = new byte[length];
    random.nextBytes(bytes);
    return Octets.of(bytes);
  }
}
