package io.sharekeep.threshold.ecdsa;

import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.wire.Octets;
import io.sharekeep.threshold.wire.Tag;
import io.sharekeep.threshold.wire.TaggedHash;

/**
 * One direction of one pair in one multiplication (protocols.md, section 3.5): Alice gives the
 * scalars, Bob the choice bits. A value that comes back would reveal choice bits, so the session id
 * in it holds every party's fresh nonce.
 *
 * @param batch k, from 0
 */
record PairId(Octets session, int batch, PartyId alice, PartyId bob) {
  /** 32 bytes. */
  Octets hash() {
    return TaggedHash.of(Tag.PAIR).octets(session).integer(batch).party(alice).party(bob).digest();
  }
}
