package io.sharekeep.threshold.keygen;

import io.sharekeep.threshold.wire.Endpoint;
import io.sharekeep.threshold.wire.Protocol;

/** The rounds of key generation, and what has to hold before the first. */
final class Ceremony {
  static final int COMMIT = 1;
  static final int DEAL = 2;
  static final int COMPLAIN = 3;

  private Ceremony() {}

  /** Of a context that is one of key generation, for the group at hand. */
  static Committee committee(Means means, Endpoint endpoint) {
    var context = endpoint.context();
    var committee = Committee.of(context);
    if (context.protocol() != Protocol.DKG
        || context.suite().group() != means.group().id()
        || context.epoch() != 0
        || context.newEpoch() < 1
        || context.batch() != 1
        || !context.path().isEmpty()
        || !context.signers().equals(committee.parties())) {
      throw new IllegalArgumentException("not the context of a key generation in this group");
    }
    return committee;
  }

  /** Whether every message to this party alone has come, where the suite has such. */
  static boolean pairsHeard(Endpoint endpoint, int round) {
    return !PairSetup.belongsTo(endpoint.context().suite())
        || endpoint.missingSealed(round).isEmpty();
  }

  /** A state was left too early: a bug in the caller, not a peer's fault. */
  static void require(boolean complete, String round) {
    if (!complete) {
      throw new IllegalStateException(round + " is not complete");
    }
  }
}
