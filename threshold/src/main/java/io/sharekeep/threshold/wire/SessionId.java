package io.sharekeep.threshold.wire;

import io.sharekeep.threshold.PartyId;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;

/** How a session gets its id (protocols.md, section 3.2): from what all parties contributed. */
public final class SessionId {
  private SessionId() {}

  /** Of a protocol whose round 1 carries nonce, commitment and ephemeral key. */
  public static Octets ofRoundOne(
      Octets contextHash, SortedMap<PartyId, DkgCommitment> contributions) {
    var hash = TaggedHash.of(Tag.SESSION).octets(contextHash).integer(contributions.size());
    contributions.forEach((party, contribution) ->
        hash.party(party)
            .octets(contribution.nonce())
            .octets(contribution.commitment())
            .octets(contribution.ephemeralKey()));
    return hash.digest();
  }

  /**
   * Of a FROST signature: the commitment list of every lane. One-use nonces bring the freshness.
   *
   * @param entries of all signers, in any order
   */
  public static Octets ofFrostSigning(Octets contextHash, List<FrostNonces.Entry> entries) {
    var sorted =
        entries.stream()
            .sorted(
                Comparator.comparingInt(FrostNonces.Entry::lane)
                    .thenComparing(FrostNonces.Entry::point))
            .toList();
    var hash = TaggedHash.of(Tag.SESSION_FROST).octets(contextHash).integer(sorted.size());
    for (var entry : sorted) {
      hash.integer(entry.lane())
          .point(entry.point())
          .element(entry.hiding())
          .element(entry.binding());
    }
    return hash.digest();
  }
}
