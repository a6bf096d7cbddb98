package io.sharekeep.bench;

import io.sharekeep.threshold.EvaluationPoint;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.frost.Aggregation;
import io.sharekeep.threshold.frost.Committed;
import io.sharekeep.threshold.frost.NonceCommitment;
import io.sharekeep.threshold.frost.SignatureShare;
import io.sharekeep.threshold.frost.Signers;
import io.sharekeep.threshold.frost.SigningKey;
import io.sharekeep.threshold.frost.SigningPackage;
import io.sharekeep.threshold.wire.Endpoint;
import io.sharekeep.threshold.wire.FrostNonces;
import io.sharekeep.threshold.wire.FrostShares;
import io.sharekeep.threshold.wire.Protocol;
import io.sharekeep.threshold.wire.Reception;
import io.sharekeep.threshold.wire.SessionContext;
import io.sharekeep.threshold.wire.SessionId;
import io.sharekeep.threshold.wire.SignedEnvelope;
import io.sharekeep.threshold.wire.Suite;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * One whole FROST signature by a quorum of parties with a point each, on one thread: sessions,
 * envelopes, codecs and verification, everything of a session but HSM, disk and network.
 */
final class SigningRun {
  private static final int COMMIT = 1;
  private static final int SIGN = 2;
  private static final SplittableRandom IDS = new SplittableRandom(2);

  private final Workbench bench;
  private final KeyGenerationRun.Made made;
  private final SigningKey key;
  private final List<BenchParty> parties;
  private final List<BenchParty> everybody;
  private List<SignedEnvelope> said = List.of();

  /** Nanoseconds of CPU of all parties together, step by step. */
  record Spent(long commit, long sign, long aggregate) {
    long whole() {
      return commit + sign + aggregate;
    }
  }

  /** One party's state between the rounds. */
  private static final class Signing {
    private final BenchParty party;
    private final EvaluationPoint point;
    private final Endpoint endpoint;
    private final List<FrostNonces.Entry> own = new ArrayList<>();
    private Optional<Committed> committed = Optional.empty();
    private Optional<SigningPackage> signing = Optional.empty();

    private Signing(BenchParty party, Endpoint endpoint) {
      this.party = party;
      this.point = new EvaluationPoint(party.id().value());
      this.endpoint = endpoint;
    }
  }

  SigningRun(
      Workbench bench,
      KeyGenerationRun.Made made,
      SigningKey key,
      List<BenchParty> quorum,
      List<BenchParty> everybody) {
    this.bench = bench;
    this.made = made;
    this.key = key;
    this.parties = List.copyOf(quorum);
    this.everybody = List.copyOf(everybody);
  }

  /** Round 1 at everybody, then round 2, then the signature, which each party makes for itself. */
  Spent run(byte[] message) {
    long began = CpuClock.nanos();
    var signings = new ArrayList<Signing>();
    var sent = new ArrayList<SignedEnvelope>();
    var context = context();
    for (var party : parties) {
      var endpoint = new Endpoint(context, party.id(), party.pins(), party.signer());
      var signing = new Signing(party, endpoint);
      signings.add(signing);
      sent.add(commit(signing));
    }
    long committed = CpuClock.nanos();
    var signers = signers();
    var shares = new ArrayList<SignedEnvelope>();
    for (var signing : signings) {
      receive(signing, COMMIT, sent);
      shares.add(sign(signing, signers, message));
    }
    long signed = CpuClock.nanos();
    said = Stream.concat(sent.stream(), shares.stream()).toList();
    for (var signing : signings) {
      receive(signing, SIGN, shares);
      aggregate(signing);
    }
    return new Spent(committed - began, signed - committed, CpuClock.nanos() - signed);
  }

  /** What all have sent each other in the last run. */
  List<SignedEnvelope> said() {
    return said;
  }

  private SignedEnvelope commit(Signing signing) {
    var committed =
        Committed.commit(
            key.suite(),
            key.group(),
            bench.scratch(),
            bench.random(),
            signing.point,
            share(signing.point));
    signing.committed = Optional.of(committed);
    var commitment = committed.commitment();
    signing.own.add(
        new FrostNonces.Entry(0, signing.point, 0, commitment.hiding(), commitment.binding()));
    return signing.endpoint.broadcast(
        COMMIT,
        new FrostNonces(BenchParty.BOOT, signing.own).encoded(),
        Optional.of(BenchParty.CHECKPOINT));
  }

  private SignedEnvelope sign(Signing signing, Signers signers, byte[] message) {
    var entries = new ArrayList<FrostNonces.Entry>();
    for (var envelope : signing.endpoint.accepted(COMMIT).values()) {
      entries.addAll(
          envelope.envelope().from().equals(signing.party.id())
              ? signing.own
              : FrostNonces.decode(
                      key.group().id(), key.group().publicOps(), envelope.envelope().payload())
                  .valid()
                  .orElseThrow()
                  .entries());
    }
    signing.endpoint.fix(SessionId.ofFrostSigning(signing.endpoint.contextHash(), entries));
    var commitments =
        entries.stream()
            .map(entry -> new NonceCommitment(entry.point(), entry.hiding(), entry.binding()))
            .sorted(Comparator.comparing(NonceCommitment::point))
            .toList();
    var mine =
        Workbench.advanced(
            SigningPackage.of(
                key, signers, message, commitments, List.of(signing.committed.orElseThrow())));
    signing.signing = Optional.of(mine);
    var share =
        Workbench.advanced(signing.committed.orElseThrow().sign(share(signing.point), mine));
    return signing.endpoint.broadcast(
        SIGN,
        new FrostShares(List.of(new FrostShares.Entry(0, signing.point, share.z()))).encoded(),
        Optional.empty());
  }

  private void aggregate(Signing signing) {
    var shares = new ArrayList<SignatureShare>();
    for (var envelope : signing.endpoint.accepted(SIGN).values()) {
      FrostShares.decode(key.group().publicOps(), envelope.envelope().payload())
          .valid()
          .orElseThrow()
          .entries()
          .forEach(entry -> shares.add(new SignatureShare(entry.point(), entry.share())));
    }
    Workbench.advanced(
        Aggregation.aggregate(
            signing.signing.orElseThrow(),
            shares,
            made.key().verificationShares(),
            bench.verifier()));
  }

  private void receive(Signing signing, int round, List<SignedEnvelope> sent) {
    for (var envelope : sent) {
      if (!envelope.envelope().from().equals(signing.party.id())
          && !(signing.endpoint.receive(round, envelope.encoded(), BenchParty.NOW, _ -> 0)
              instanceof Reception.Accepted)) {
        throw new IllegalStateException("an honest envelope was dropped");
      }
    }
  }

  private Signers signers() {
    SortedMap<EvaluationPoint, PartyId> owners = new TreeMap<>();
    parties.forEach(party -> owners.put(new EvaluationPoint(party.id().value()), party.id()));
    return new Signers(made.key().committee().threshold(), owners);
  }

  private SessionContext context() {
    var committee = made.key().committee();
    var members =
        everybody.stream()
            .map(party ->
                new SessionContext.Member(
                    party.id(), party.pin().digest(), committee.pointsOf(party.id())))
            .toList();
    return new SessionContext(
        Protocol.FROST_SIGN,
        suite(),
        made.key().keyId(),
        made.key().epoch(),
        committee.threshold(),
        members,
        parties.stream().map(BenchParty::id).toList(),
        1,
        List.of(),
        KeyGenerationRun.fresh(IDS, 32),
        Optional.empty(),
        BenchParty.NOW + 60,
        KeyGenerationRun.fresh(IDS, 32),
        KeyGenerationRun.fresh(IDS, 32),
        0);
  }

  private Suite suite() {
    return made.key().suite();
  }

  private java.lang.foreign.MemorySegment share(EvaluationPoint point) {
    var slab = made.shares().get(point);
    if (slab == null) {
      throw new IllegalStateException("no share at " + point);
    }
    return slab.bytes();
  }
}
