package io.sharekeep.threshold.keygen;

import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.group.Element;
import io.sharekeep.threshold.group.Group;
import io.sharekeep.threshold.group.GroupId;
import io.sharekeep.threshold.group.PublicScalar;
import io.sharekeep.threshold.wire.Octets;
import io.sharekeep.threshold.wire.Tag;
import io.sharekeep.threshold.wire.TaggedHash;
import java.lang.foreign.MemorySegment;

/**
 * A Schnorr proof that a dealer knows its constant term (protocols.md, section 3.6): c = HS("pok",
 * sid, id, purpose, G, X, R), s = k + c·x. Session and dealer are in the challenge, so that nobody
 * can use another's proof.
 */
record ProofOfPossession(Octets commitment, PublicScalar response) {
  private static final String PURPOSE = "dkg";

  /** How a challenge comes from the statement X and the commitment R. */
  @FunctionalInterface
  interface Challenge {
    PublicScalar over(Element statement, Octets commitment);
  }

  static Challenge challenge(Group group, Octets session, PartyId prover) {
    return (statement, commitment) ->
        TaggedHash.of(Tag.PROOF_OF_POSSESSION)
            .octets(session)
            .party(prover)
            .text(PURPOSE)
            .element(group.publicOps().generator())
            .element(statement)
            .octets(commitment)
            .scalar(group.id(), group.publicOps());
  }

  /**
   * @param secret x, lent for this call
   */
  static ProofOfPossession prove(
      Means means, Challenge challenge, MemorySegment secret, Element statement) {
    var ops = means.group().secretOps();
    try (var slab = means.scratch().borrow(2L * GroupId.SCALAR_LENGTH)) {
      var k = slab.bytes().asSlice(0, GroupId.SCALAR_LENGTH);
      var s = slab.bytes().asSlice(GroupId.SCALAR_LENGTH, GroupId.SCALAR_LENGTH);
      ops.random(means.randomness(), means.scratch(), k);
      var commitment =
          ops.multiplyBase(means.scratch(), k)
              .map(element -> Octets.of(element.encoded()))
              .orElseThrow(() -> new IllegalStateException("a nonce came out as zero"));
      ops.multiply(means.scratch(), secret, challenge.over(statement, commitment), s);
      ops.add(s, k, s);
      return new ProofOfPossession(commitment, ops.publish(s));
    }
  }

  /** s·G − c·X = R. */
  boolean verifies(Group group, Challenge challenge, Element statement) {
    return group
        .publicOps()
        .isDifference(
            response, challenge.over(statement, commitment), statement, commitment.toArray());
  }
}
