package io.sharekeep.threshold.ecdsa;

import io.sharekeep.threshold.EvaluationPoint;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.group.Interpolation;
import io.sharekeep.threshold.group.PublicScalar;
import io.sharekeep.threshold.keygen.Committee;
import io.sharekeep.threshold.keygen.Means;
import io.sharekeep.threshold.wire.Endpoint;
import io.sharekeep.threshold.wire.Octets;
import io.sharekeep.threshold.wire.Protocol;
import io.sharekeep.threshold.wire.Suite;
import io.sharekeep.threshold.wire.Tag;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Who signs in a session, with which points, and what a party's share of the key is among them. */
final class Quorum {
  private static final int SCALAR = 32;

  private final Means means;
  private final PartyId self;
  private final List<PartyId> peers;
  private final List<PublicScalar> weights = new ArrayList<>();

  /**
   * @throws IllegalArgumentException when the context is none of threshold ECDSA, or the signers
   *     have fewer points than the threshold
   */
  Quorum(Means means, Endpoint endpoint) {
    var context = endpoint.context();
    var committee = Committee.of(context);
    var points = new ArrayList<EvaluationPoint>();
    context.signers().forEach(party -> points.addAll(committee.pointsOf(party)));
    boolean multiplies =
        context.protocol() == Protocol.ECDSA_SIGN
            || (context.protocol() == Protocol.PRESIGN && context.path().isEmpty());
    if (!multiplies
        || context.suite() != Suite.DKLS23_SECP256K1
        || means.group().id() != context.suite().group()
        || context.epoch() < 1
        || context.newEpoch() != 0
        || context.batch() != 1
        || context.signers().size() < 2
        || points.size() < committee.threshold()) {
      throw new IllegalArgumentException("not the context of an ECDSA signature by a quorum");
    }
    this.means = means;
    this.self = endpoint.self();
    this.peers = context.signers().stream().filter(party -> !party.equals(self)).toList();
    for (var point : committee.pointsOf(self)) {
      weights.add(Interpolation.coefficient(means.group().publicOps(), point, points));
    }
  }

  /** Ascending. */
  List<PartyId> peers() {
    return peers;
  }

  /**
   * out = sk_i = Σ λ_x·s_x + ζ_i (protocols.md, sections 4.5 and 4.6).
   *
   * @param shares s_x of every own point, ascending, 32 bytes each
   */
  void share(Octets session, int batch, Pairs pairs, MemorySegment shares, MemorySegment out) {
    var ops = means.group().secretOps();
    if (shares.byteSize() != (long) SCALAR * weights.size()) {
      throw new IllegalArgumentException("one share of 32 bytes for each own point");
    }
    try (var slab = means.work().borrow(SCALAR)) {
      var term = slab.bytes();
      out.fill((byte) 0);
      for (int i = 0; i < weights.size(); i++) {
        var share = shares.asSlice((long) SCALAR * i, SCALAR);
        if (ops.isCanonical(share) != 1) { // what was sealed was canonical
          throw new IllegalArgumentException("a share is below the order");
        }
        ops.multiply(means.work(), share, weights.get(i), term);
        ops.add(out, term, out);
      }
      for (var peer : peers) {
        zeta(session, batch, pairs.with(peer), term);
        if (peer.compareTo(self) > 0) {
          ops.negate(term, term);
        }
        ops.add(out, term, out);
      }
    }
  }

  /** HS("zeta", z, sid, k). */
  private void zeta(Octets session, int batch, PairSecrets pair, MemorySegment out) {
    try (var slab = means.work().borrow(256 + 64)) {
      var wide = slab.bytes().asSlice(256, 64);
      new SecretHash(means.primitives(), Tag.ZETA, slab.bytes().asSlice(0, 256))
          .segment(pair.zeta())
          .bytes(session.toArray())
          .integer(batch)
          .full(wide);
      means.group().secretOps().reduce(means.work(), wide, out);
    }
  }
}
