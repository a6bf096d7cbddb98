package io.sharekeep.threshold.frost;

import io.sharekeep.threshold.EvaluationPoint;
import io.sharekeep.threshold.Fault;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.Step;
import io.sharekeep.threshold.group.Element;
import io.sharekeep.threshold.group.Interpolation;
import io.sharekeep.threshold.group.PublicScalar;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One message and the commitments that sign it, checked, with all that is public and common to the
 * signers: binding factors (RFC 9591 section 4.4), group commitment (4.5) and challenge (4.6). They
 * are computed once and serve round two, verification and blame.
 */
public final class SigningPackage {
  private final SigningKey key;
  private final Signers signers;
  private final SortedMap<EvaluationPoint, Bound> bound;
  private final Element groupCommitment;
  private final boolean noncesNegated;
  private final PublicScalar challenge;
  private final byte[] message;

  /** A commitment with its binding factor. */
  record Bound(NonceCommitment commitment, PublicScalar factor) {}

  private SigningPackage(
      SigningKey key,
      Signers signers,
      SortedMap<EvaluationPoint, Bound> bound,
      Element sum,
      byte[] message) {
    var ops = key.group().publicOps();
    this.key = key;
    this.signers = signers;
    this.bound = bound;
    this.noncesNegated = key.suite().isTaproot() && sum.hasOddY();
    this.groupCommitment = noncesNegated ? ops.negate(sum) : sum;
    this.message = message;
    this.challenge = key.suite().challenge(ops, groupCommitment, key.groupKey(), message);
  }

  /**
   * Checks and computes. The commitments must be those of exactly the signers' points, ascending.
   *
   * @param own the nonces of this party, which are lent and not spent; none for a bystander
   * @return {@code BAD_PARTICIPANTS} with the owners of points that are missing or come twice, and
   *     with nobody when the order is wrong or a point is not the signers'; {@code DEGENERATE} if
   *     the commitments sum to the identity
   * @throws IllegalArgumentException when a commitment is of another group than the key
   */
  public static Step<SigningPackage> of(
      SigningKey key,
      Signers signers,
      byte[] message,
      List<NonceCommitment> commitments,
      List<Committed> own) {
    for (var commitment : commitments) {
      if (commitment.hiding().group() != key.suite().group()) {
        throw new IllegalArgumentException("a commitment of another group than the key");
      }
    }
    var points = commitments.stream().map(NonceCommitment::point).toList();
    if (!points.equals(signers.points())) {
      return new Step.Aborted<>(Fault.BAD_PARTICIPANTS, culprits(signers, points));
    }
    var bound = bindingFactors(key, message, commitments);
    return sum(key, bound.values(), own)
        .<Step<SigningPackage>>map(sum ->
            new Step.Advanced<>(new SigningPackage(key, signers, bound, sum, message.clone())))
        .orElseGet(() -> new Step.Aborted<>(Fault.DEGENERATE, List.of()));
  }

  /** Owners of the signers' points that are not there exactly once. */
  static List<PartyId> culprits(Signers signers, List<EvaluationPoint> points) {
    var once = new HashSet<EvaluationPoint>();
    var twice = new HashSet<EvaluationPoint>();
    for (var point : points) {
      if (!once.add(point)) {
        twice.add(point);
      }
    }
    return signers.owners().entrySet().stream()
        .filter(owned -> !once.contains(owned.getKey()) || twice.contains(owned.getKey()))
        .map(Map.Entry::getValue)
        .toList();
  }

  /** RFC 9591 sections 4.3 and 4.4. */
  private static SortedMap<EvaluationPoint, Bound> bindingFactors(
      SigningKey key, byte[] message, List<NonceCommitment> commitments) {
    var ops = key.group().publicOps();
    var encoded = new ArrayList<byte[]>(3 * commitments.size());
    for (var commitment : commitments) {
      encoded.add(identifier(key, commitment));
      encoded.add(commitment.hiding().encoded());
      encoded.add(commitment.binding().encoded());
    }
    var list = PublicHash.join(encoded.toArray(byte[][]::new));
    var prefix =
        PublicHash.join(
            key.groupKey().encoded(),
            key.suite().messageHash(message),
            key.suite().commitmentHash(list));
    var bound = new TreeMap<EvaluationPoint, Bound>();
    for (var commitment : commitments) {
      var factor = key.suite().bindingFactor(ops, prefix, identifier(key, commitment));
      bound.put(commitment.point(), new Bound(commitment, factor));
    }
    return bound;
  }

  private static byte[] identifier(SigningKey key, NonceCommitment commitment) {
    return key.group().publicOps().scalar(commitment.point().x()).encoded();
  }

  /**
   * R = Σ D_i + Σ ρ_i·E_i, RFC 9591 section 4.5, in one pass: a backend loads a term with the
   * factor 1 and does not multiply it. Whose nonces are known is added as one such term.
   */
  private static Optional<Element> sum(
      SigningKey key, Collection<Bound> bound, List<Committed> own) {
    var ops = key.group().publicOps();
    var one = ops.scalar(1);
    var factors = new ArrayList<PublicScalar>(2 * bound.size());
    var elements = new ArrayList<Element>(2 * bound.size());
    for (var each : bound) {
      var nonces =
          own.stream().filter(held -> held.commitment().equals(each.commitment())).findFirst();
      if (nonces.isPresent()) {
        nonces
            .get()
            .bound(each.factor())
            .ifPresent(element -> {
              factors.add(one);
              elements.add(element);
            });
      } else {
        factors.add(one);
        elements.add(each.commitment().hiding());
        factors.add(each.factor());
        elements.add(each.commitment().binding());
      }
    }
    return ops.linearCombination(factors, elements);
  }

  public SigningKey key() {
    return key;
  }

  public Signers signers() {
    return signers;
  }

  /** R; for Taproot with an even y. */
  public Element groupCommitment() {
    return groupCommitment;
  }

  /** What is signed: not to be written to. */
  byte[] message() {
    return message;
  }

  /** c = H2(R, group key, message). */
  public PublicScalar challenge() {
    return challenge;
  }

  /** ρ of a point; empty for one that does not sign. */
  public Optional<PublicScalar> bindingFactor(EvaluationPoint point) {
    return Optional.ofNullable(bound.get(point)).map(Bound::factor);
  }

  /** Whether R came out odd, so that every nonce counts negated: Taproot only. */
  boolean noncesNegated() {
    return noncesNegated;
  }

  Optional<Bound> bound(EvaluationPoint point) {
    return Optional.ofNullable(bound.get(point));
  }

  /** c·λ of a point that signs. */
  PublicScalar weightedChallenge(EvaluationPoint point) {
    var ops = key.group().publicOps();
    return ops.multiply(challenge, Interpolation.coefficient(ops, point, bound.keySet()));
  }
}
