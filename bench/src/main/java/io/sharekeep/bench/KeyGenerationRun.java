package io.sharekeep.bench;

import io.sharekeep.threshold.EvaluationPoint;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.Scratch;
import io.sharekeep.threshold.keygen.Certified;
import io.sharekeep.threshold.keygen.Checked;
import io.sharekeep.threshold.keygen.Committed;
import io.sharekeep.threshold.keygen.Committee;
import io.sharekeep.threshold.keygen.Dealt;
import io.sharekeep.threshold.keygen.GeneratedKey;
import io.sharekeep.threshold.keygen.Means;
import io.sharekeep.threshold.wire.Endpoint;
import io.sharekeep.threshold.wire.Octets;
import io.sharekeep.threshold.wire.Protocol;
import io.sharekeep.threshold.wire.Reception;
import io.sharekeep.threshold.wire.SessionContext;
import io.sharekeep.threshold.wire.SignedEnvelope;
import io.sharekeep.threshold.wire.Suite;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** One whole key generation among n parties with a point each, envelopes and all, on one thread. */
final class KeyGenerationRun {
  private static final SplittableRandom IDS = new SplittableRandom(1);

  private final Workbench bench;
  private final SessionContext context;
  private final List<BenchParty> parties;
  private final Map<PartyId, Endpoint> endpoints = new TreeMap<>();

  private final List<SignedEnvelope> said = new ArrayList<>();

  /**
   * What a run leaves: the key, and in slabs of their own each point's share and, for ECDSA, what
   * each party agreed with each other one.
   */
  record Made(
      GeneratedKey key,
      SortedMap<EvaluationPoint, Scratch.Slab> shares,
      SortedMap<PartyId, SortedMap<PartyId, Scratch.Slab>> pairs) {
    void close() {
      shares.values().forEach(Scratch.Slab::close);
      pairs.values().forEach(own -> own.values().forEach(Scratch.Slab::close));
    }
  }

  KeyGenerationRun(Workbench bench, Suite suite, int threshold, List<BenchParty> parties) {
    this.bench = bench;
    this.parties = parties;
    var points = new TreeMap<PartyId, List<EvaluationPoint>>();
    parties.forEach(
        party -> points.put(party.id(), List.of(new EvaluationPoint(party.id().value()))));
    var committee = new Committee(threshold, points);
    var members =
        parties.stream()
            .map(party ->
                new SessionContext.Member(
                    party.id(), party.pin().digest(), committee.pointsOf(party.id())))
            .toList();
    this.context =
        new SessionContext(
            Protocol.DKG,
            suite,
            fresh(IDS, 16),
            0,
            threshold,
            members,
            committee.parties(),
            1,
            List.of(),
            fresh(IDS, 32),
            Optional.empty(),
            BenchParty.NOW + 300,
            fresh(IDS, 32),
            fresh(IDS, 32),
            1);
    for (var party : parties) {
      endpoints.put(party.id(), new Endpoint(context, party.id(), party.pins(), party.signer()));
    }
  }

  Made run() {
    var group = bench.groups().of(context.suite().group());
    var means = new Means(group, bench.primitives(), bench.scratch(), bench.random());

    var committed = new TreeMap<PartyId, Committed>();
    parties.forEach(
        p -> committed.put(p.id(), Committed.start(means, endpoint(p), Optional.empty())));
    carry(1, committed.values().stream().map(Committed::outbox).toList());

    var dealt = new TreeMap<PartyId, Dealt>();
    committed.forEach((id, state) -> dealt.put(id, Workbench.advanced(state.deal())));
    carry(2, dealt.values().stream().map(Dealt::outbox).toList());

    var checked = new TreeMap<PartyId, Checked>();
    dealt.forEach((id, state) -> checked.put(id, Workbench.advanced(state.check().orElseThrow())));
    carry(3, checked.values().stream().map(Checked::outbox).toList());

    var certified = new ArrayList<Certified>();
    var shares = new TreeMap<EvaluationPoint, Scratch.Slab>();
    var pairs = new TreeMap<PartyId, SortedMap<PartyId, Scratch.Slab>>();
    for (var party : parties) {
      var state = checked.get(party.id());
      if (state == null) {
        throw new IllegalStateException("no state of " + party.id());
      }
      var certifiable = Workbench.advanced(state.conclude());
      var point = new EvaluationPoint(party.id().value());
      shares.put(point, certifiable.lend(this::copied));
      var own = new TreeMap<PartyId, Scratch.Slab>();
      for (var peer : certifiable.pairs()) {
        own.put(peer, certifiable.lendPair(peer, this::copied));
      }
      pairs.put(party.id(), own);
      certified.add(certifiable.certify(party::identify));
    }
    var certificates = certified.stream().map(Certified::certificate).toList();
    for (var state : certified) {
      if (state.collect(certificates).certificates().size() != parties.size()) {
        throw new IllegalStateException("an honest certificate was refused");
      }
    }
    return new Made(certified.getFirst().key(), shares, pairs);
  }

  private Scratch.Slab copied(MemorySegment bytes) {
    var slab = bench.scratch().borrow(bytes.byteSize());
    MemorySegment.copy(bytes, 0, slab.bytes(), 0, bytes.byteSize());
    return slab;
  }

  /** Bytes that the first party has sent, certificates of round 4 apart. */
  long sent() {
    return said.stream()
        .filter(envelope -> envelope.envelope().from().equals(parties.getFirst().id()))
        .mapToLong(envelope -> envelope.encoded().length)
        .sum();
  }

  /** What all have sent each other, certificates of round 4 apart. */
  List<SignedEnvelope> said() {
    return List.copyOf(said);
  }

  private void carry(int round, List<List<SignedEnvelope>> outboxes) {
    for (var envelope : outboxes.stream().flatMap(List::stream).toList()) {
      said.add(envelope);
      for (var party : parties) {
        boolean addressed =
            !envelope.envelope().from().equals(party.id())
                && envelope.envelope().to().map(party.id()::equals).orElse(true);
        if (addressed
            && !(endpoint(party).receive(round, envelope.encoded(), BenchParty.NOW, _ -> 0)
                instanceof Reception.Accepted)) {
          throw new IllegalStateException("an honest envelope was dropped");
        }
      }
    }
  }

  private Endpoint endpoint(BenchParty party) {
    return Optional.ofNullable(endpoints.get(party.id())).orElseThrow();
  }

  static Octets fresh(SplittableRandom random, int length) {
    var bytes = new byte[length];
    random.nextBytes(bytes);
    return Octets.of(bytes);
  }
}
