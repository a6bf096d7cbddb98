package io.sharekeep.bench.fuzz;

import io.sharekeep.threshold.EvaluationPoint;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.Scratch;
import io.sharekeep.threshold.Step;
import io.sharekeep.threshold.frost.Aggregation;
import io.sharekeep.threshold.frost.Committed;
import io.sharekeep.threshold.frost.FrostSuite;
import io.sharekeep.threshold.frost.NonceCommitment;
import io.sharekeep.threshold.frost.SignatureShare;
import io.sharekeep.threshold.frost.Signers;
import io.sharekeep.threshold.frost.SigningKey;
import io.sharekeep.threshold.frost.SigningPackage;
import io.sharekeep.threshold.group.Element;
import io.sharekeep.threshold.group.Group;
import io.sharekeep.threshold.group.GroupId;
import io.sharekeep.threshold.group.Groups;
import io.sharekeep.threshold.primitive.SignatureVerifier;
import io.sharekeep.threshold.wire.FrostNonces;
import io.sharekeep.threshold.wire.FrostShares;
import io.sharekeep.threshold.wire.Octets;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * FROST at an honest signer while the other one sends what it likes. The first byte of an input
 * chooses the round, the rest is the payload. No signature comes out but one that verifies, and who
 * is blamed is the other.
 */
final class FrostSteps implements Target {
  private static final SignatureVerifier VERIFIER = SignatureVerifier.open();

  private static final EvaluationPoint OWN = new EvaluationPoint(1);
  private static final EvaluationPoint OTHER = new EvaluationPoint(2);
  private static final byte[] MESSAGE = new byte[32];

  private final FrostSuite suite;
  private final Group group;
  private final CountedScratch scratch = new CountedScratch();
  private final Scratch.Slab ownShare = scratch.borrow(32);
  private final Scratch.Slab otherShare = scratch.borrow(32);
  private final Signers signers;
  private final SigningKey key;
  private final Map<EvaluationPoint, Element> verificationShares = new TreeMap<>();
  private final SigningPackage signing;
  private final SignatureShare ownZ;
  private final SignatureShare otherZ;
  private final NonceCommitment otherCommitment;

  FrostSteps(GroupId id) {
    this.suite = id == GroupId.ED25519 ? FrostSuite.ED25519 : FrostSuite.SECP256K1_TAPROOT;
    this.group = Groups.open(new Seeded(99)).of(id);
    var owners = new TreeMap<EvaluationPoint, PartyId>();
    owners.put(OWN, Cast.VICTIM);
    owners.put(OTHER, Cast.ROGUE);
    this.signers = new Signers(2, owners);
    this.key = SigningKey.stored(suite, group, deal());
    var own = committed(OWN, ownShare);
    var other = committed(OTHER, otherShare);
    this.otherCommitment = other.commitment();
    this.signing = advanced(sign(List.of(own.commitment(), otherCommitment)));
    this.ownZ = advanced(own.sign(ownShare.bytes(), signing));
    this.otherZ = advanced(other.sign(otherShare.bytes(), signing));
  }

  /** f(x) = s + a·x, written out: the public key is s·G. */
  private Element deal() {
    var ops = group.secretOps();
    try (var work = scratch.borrow(64)) {
      var secret = work.bytes().asSlice(0, 32);
      var slope = work.bytes().asSlice(32, 32);
      var random = new Seeded(5);
      ops.random(random, scratch, secret);
      ops.random(random, scratch, slope);
      ops.add(secret, slope, ownShare.bytes());
      ops.add(ownShare.bytes(), slope, otherShare.bytes());
      verificationShares.put(OWN, image(ownShare.bytes()));
      verificationShares.put(OTHER, image(otherShare.bytes()));
      return image(secret);
    }
  }

  private Element image(MemorySegment scalar) {
    return group.secretOps().multiplyBase(scratch, scalar).orElseThrow();
  }

  private Committed committed(EvaluationPoint point, Scratch.Slab share) {
    return Committed.commit(suite, group, scratch, new Seeded(point.x()), point, share.bytes());
  }

  private Step<SigningPackage> sign(List<NonceCommitment> commitments) {
    return SigningPackage.of(key, signers, MESSAGE, commitments, List.of());
  }

  /** What the other signer sends when it is honest. */
  Octets honest(int round) {
    return round == 1
        ? new FrostNonces(
                Octets.of(new byte[16]),
                List.of(
                    new FrostNonces.Entry(
                        0, OTHER, 0, otherCommitment.hiding(), otherCommitment.binding())))
            .encoded()
        : new FrostShares(List.of(new FrostShares.Entry(0, OTHER, otherZ.z()))).encoded();
  }

  @Override
  public void take(byte[] input) {
    if (input.length >= 2) {
      play(1 + (input[0] & 1), Octets.of(Arrays.copyOfRange(input, 1, input.length)));
    }
  }

  /**
   * @return whether it advanced
   */
  boolean play(int round, Octets payload) {
    int lent = scratch.lent();
    boolean advanced = round == 1 ? commitments(payload) : shares(payload);
    Finding.unless(scratch.lent() == lent, "slabs are lent after the end, or returned twice");
    return advanced;
  }

  private boolean commitments(Octets payload) {
    var decoded = FrostNonces.decode(group.id(), group.publicOps(), payload).valid();
    if (decoded.isEmpty()) {
      return false;
    }
    try (var own = committed(OWN, ownShare)) {
      var all = new ArrayList<NonceCommitment>();
      all.add(own.commitment());
      decoded
          .get()
          .entries()
          .forEach(entry ->
              all.add(new NonceCommitment(entry.point(), entry.hiding(), entry.binding())));
      return follow(sign(all))
          .flatMap(signed -> follow(own.sign(ownShare.bytes(), signed)))
          .isPresent();
    }
  }

  private boolean shares(Octets payload) {
    var decoded = FrostShares.decode(group.publicOps(), payload).valid();
    if (decoded.isEmpty()) {
      return false;
    }
    var all = new ArrayList<SignatureShare>();
    all.add(ownZ);
    decoded
        .get()
        .entries()
        .forEach(entry -> all.add(new SignatureShare(entry.point(), entry.share())));
    var signature = follow(Aggregation.aggregate(signing, all, verificationShares, VERIFIER));
    Finding.unless(
        signature.isEmpty() || all.equals(List.of(ownZ, otherZ)),
        "a signature of other shares came out");
    return signature.isPresent();
  }

  /** The own party is blamed where the rogue speaks for its point: the owner of a doubled point. */
  private static <S> Optional<S> follow(Step<S> step) {
    return switch (step) {
      case Step.Advanced<S>(S state) -> Optional.of(state);
      case Step.Aborted<S>(var fault, var culprits) -> {
        Finding.unless(
            List.of(Cast.VICTIM, Cast.ROGUE).containsAll(culprits),
            fault + " was blamed on " + culprits);
        yield Optional.empty();
      }
    };
  }

  private static <S> S advanced(Step<S> step) {
    if (step instanceof Step.Advanced<S>(S state)) {
      return state;
    }
    throw new Finding("honest signers aborted: " + step);
  }
}
