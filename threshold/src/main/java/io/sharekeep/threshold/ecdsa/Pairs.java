package io.sharekeep.threshold.ecdsa;

import io.sharekeep.threshold.PartyId;

/** Where a session finds what it shares with each peer, opened for as long as a round runs. */
@FunctionalInterface
public interface Pairs {
  /** The secrets of the pair with a peer, lent for the call in progress. */
  PairSecrets with(PartyId peer);
}
