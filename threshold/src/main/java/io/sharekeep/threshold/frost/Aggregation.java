package io.sharekeep.threshold.frost;

import io.sharekeep.threshold.EvaluationPoint;
import io.sharekeep.threshold.Fault;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.Step;
import io.sharekeep.threshold.group.Element;
import io.sharekeep.threshold.group.PublicScalar;
import io.sharekeep.threshold.primitive.SignatureVerifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Joins signature shares, RFC 9591 sections 5.3 and 5.4. All of it is public. */
public final class Aggregation {
  private Aggregation() {}

  /**
   * Sums the shares and verifies the signature, by code that has no part in making it. Only if it
   * does not verify is each share checked, to name who is to blame.
   *
   * @param shares one of each point that signs, in any order
   * @param verificationShares Y of every point that signs, as stored: neither derived nor tweaked
   * @return the signature, {@link FrostSuite#signatureLength} bytes; or {@code BAD_PARTICIPANTS}
   *     with the owners of points whose share is missing or comes twice; or {@code
   *     BAD_SIGNATURE_SHARE} with the owners of those that do not verify
   * @throws IllegalStateException if every share verifies and the signature does not: the stored
   *     verification shares are not those of the key
   */
  public static Step<byte[]> aggregate(
      SigningPackage signing,
      List<SignatureShare> shares,
      Map<EvaluationPoint, Element> verificationShares,
      SignatureVerifier verifier) {
    var signers = signing.signers();
    if (!verificationShares.keySet().containsAll(signers.points())) {
      throw new IllegalArgumentException("a verification share is missing");
    }
    var points = shares.stream().map(SignatureShare::point).sorted().toList();
    if (!points.equals(signers.points())) {
      return new Step.Aborted<>(Fault.BAD_PARTICIPANTS, SigningPackage.culprits(signers, points));
    }
    var ops = signing.key().group().publicOps();
    var z = shares.stream().map(SignatureShare::z).reduce(ops::add).orElseThrow();
    var signature = signature(signing, z);
    if (verifies(signing, z, signature, verifier)) {
      return new Step.Advanced<>(signature);
    }
    var culprits = culprits(signing, shares, verificationShares);
    if (culprits.isEmpty()) {
      throw new IllegalStateException("the verification shares are not those of the group key");
    }
    return new Step.Aborted<>(Fault.BAD_SIGNATURE_SHARE, culprits);
  }

  private static boolean verifies(
      SigningPackage signing, PublicScalar z, byte[] signature, SignatureVerifier verifier) {
    var key = signing.key().groupKey().encoded();
    return switch (signing.key().suite()) {
      case ED25519 -> verifier.ed25519(key, signing.message(), signature);
      case SECP256K1_TAPROOT ->
          verifier.bip340(FrostSuite.xOnly(key), signing.message(), signature);
      case SECP256K1 -> satisfiesEquation(signing, z);
    };
  }

  /**
   * z·G == R + c·PK, as z·G − c·PK == R: one pass, one comparison of canonical encodings. No other
   * verifier knows the signatures of RFC 9591 section 6.5.
   */
  private static boolean satisfiesEquation(SigningPackage signing, PublicScalar z) {
    var ops = signing.key().group().publicOps();
    var commitment =
        ops.linearCombination(
            List.of(z, ops.negate(signing.challenge())),
            List.of(ops.generator(), signing.key().groupKey()));
    return commitment.equals(Optional.of(signing.groupCommitment()));
  }

  private static byte[] signature(SigningPackage signing, PublicScalar z) {
    var commitment = signing.groupCommitment().encoded();
    return PublicHash.join(
        signing.key().suite().isTaproot() ? FrostSuite.xOnly(commitment) : commitment, z.encoded());
  }

  private static List<PartyId> culprits(
      SigningPackage signing,
      List<SignatureShare> shares,
      Map<EvaluationPoint, Element> verificationShares) {
    var culprits = new ArrayList<PartyId>();
    for (var owned : signing.signers().owners().entrySet()) {
      var stored = Optional.ofNullable(verificationShares.get(owned.getKey())).orElseThrow();
      for (var share : shares) {
        if (share.point().equals(owned.getKey()) && !verifies(signing, share, stored)) {
          culprits.add(owned.getValue());
        }
      }
    }
    return culprits;
  }

  /**
   * Whether one share is right, RFC 9591 section 5.4: z·G == ±(D + ρ·E) + c·λ·(±Y + offset·G).
   *
   * <p>Pure, so that anybody who holds the signed messages can repeat the blame.
   *
   * @param verificationShare Y of the share's point, as stored
   * @return false also for a point that does not sign
   */
  public static boolean verifies(
      SigningPackage signing, SignatureShare share, Element verificationShare) {
    var own = signing.bound(share.point());
    return own.isPresent() && verifies(signing, share.z(), own.get(), verificationShare);
  }

  private static boolean verifies(
      SigningPackage signing, PublicScalar z, SigningPackage.Bound own, Element verificationShare) {
    var key = signing.key();
    var ops = key.group().publicOps();
    var commitment = own.commitment();
    var weight = signing.weightedChallenge(commitment.point());
    var base = ops.subtract(z, ops.multiply(weight, key.offset()));
    var nonce = ops.scalar(1);
    var factor = own.factor();
    // Everything is moved to one side, where the identity means equality.
    return ops.linearCombination(
            List.of(
                base,
                key.isNegated() ? weight : ops.negate(weight),
                signing.noncesNegated() ? nonce : ops.negate(nonce),
                signing.noncesNegated() ? factor : ops.negate(factor)),
            List.of(ops.generator(), verificationShare, commitment.hiding(), commitment.binding()))
        .isEmpty();
  }
}
