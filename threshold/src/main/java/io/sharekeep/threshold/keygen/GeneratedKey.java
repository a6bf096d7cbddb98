package io.sharekeep.threshold.keygen;

import io.sharekeep.threshold.EvaluationPoint;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.group.Element;
import io.sharekeep.threshold.group.Group;
import io.sharekeep.threshold.wire.DkgOpening;
import io.sharekeep.threshold.wire.Endpoint;
import io.sharekeep.threshold.wire.Octets;
import io.sharekeep.threshold.wire.Suite;
import io.sharekeep.threshold.wire.Tag;
import io.sharekeep.threshold.wire.TaggedHash;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What everybody in the committee knows of a new key, equal at all of them.
 *
 * @param keyId 16 bytes
 * @param session 32 bytes: the ceremony's session id
 * @param epoch the new epoch
 * @param publicKey PK, internal and untweaked
 * @param verificationShares Y of every point
 * @param chainCode 32 bytes
 * @param coefficientsDigest 32 bytes: over all dealers' commitments
 */
public record GeneratedKey(
    Suite suite,
    Octets keyId,
    Octets session,
    long epoch,
    Committee committee,
    Element publicKey,
    SortedMap<EvaluationPoint, Element> verificationShares,
    Octets chainCode,
    Octets coefficientsDigest) {
  public GeneratedKey {
    verificationShares = Collections.unmodifiableSortedMap(new TreeMap<>(verificationShares));
    if (!verificationShares.keySet().equals(committee.owners().keySet())) {
      throw new IllegalArgumentException("each point of the committee has a verification share");
    }
  }

  /**
   * The key that openings of round 2 make, which have been judged.
   *
   * @return empty when a sum is the identity: chance, or all dealers colluding
   */
  static Optional<GeneratedKey> of(
      Group group,
      Endpoint endpoint,
      Committee committee,
      SortedMap<PartyId, DkgOpening> openings) {
    var context = endpoint.context();
    var session = endpoint.session().orElseThrow();
    var sum = Feldman.sum(group, openings.values().stream().map(DkgOpening::coefficients).toList());
    var verificationShares = new TreeMap<EvaluationPoint, Element>();
    sum.ifPresent(total ->
        committee
            .owners()
            .keySet()
            .forEach(point -> total.at(point).ifPresent(y -> verificationShares.put(point, y))));
    if (sum.isEmpty() || verificationShares.size() < committee.owners().size()) {
      return Optional.empty();
    }
    var chainCode = TaggedHash.of(Tag.DKG_CHAIN_CODE).octets(session).integer(openings.size());
    var coefficients = TaggedHash.of(Tag.DKG_COEFFICIENTS).integer(openings.size());
    openings.forEach((party, opening) -> {
      chainCode.party(party).octets(opening.chainCode());
      coefficients.party(party).integer(opening.coefficients().size());
      opening.coefficients().forEach(coefficients::element);
    });
    return Optional.of(
        new GeneratedKey(
            context.suite(),
            context.keyId(),
            session,
            context.newEpoch(),
            committee,
            sum.get().constant(),
            verificationShares,
            chainCode.digest(),
            coefficients.digest()));
  }

  /** What a certificate of this key signs (protocols.md, section 5.2, round 4). */
  public Statement.Certificate certificate() {
    return new Statement.Certificate(session, epoch, digest());
  }

  /**
   * Y of one point.
   *
   * @throws IllegalArgumentException when the point is not of this key
   */
  public Element verificationShare(EvaluationPoint point) {
    return Optional.ofNullable(verificationShares.get(point))
        .orElseThrow(() -> new IllegalArgumentException("no point " + point.x() + " in this key"));
  }

  private Octets digest() {
    var owners = committee.owners();
    var hash =
        TaggedHash.of(Tag.DKG_CERTIFICATE)
            .octets(session)
            .integer(epoch)
            .integer(committee.threshold())
            .element(publicKey)
            .integer(owners.size());
    owners.forEach(
        (point, owner) -> hash.point(point).party(owner).element(verificationShare(point)));
    return hash.octets(chainCode).octets(coefficientsDigest).digest();
  }
}
