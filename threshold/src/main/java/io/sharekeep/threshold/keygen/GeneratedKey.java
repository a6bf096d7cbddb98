package io.sharekeep.threshold.keygen;

import io.sharekeep.threshold.EvaluationPoint;
import io.sharekeep.threshold.group.Element;
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
