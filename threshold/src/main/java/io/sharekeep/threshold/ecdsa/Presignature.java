package io.sharekeep.threshold.ecdsa;

import io.sharekeep.threshold.Fault;
import io.sharekeep.threshold.Once;
import io.sharekeep.threshold.Scratch;
import io.sharekeep.threshold.Step;
import io.sharekeep.threshold.group.Element;
import io.sharekeep.threshold.group.PublicScalar;
import io.sharekeep.threshold.keygen.Means;
import io.sharekeep.threshold.wire.Endpoint;
import io.sharekeep.threshold.wire.Octets;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** One party's shares of a signature's nonce: φ, u and v in one slab, spent by one message. */
final class Presignature implements AutoCloseable {
  private static final int SCALAR = 32;

  /** Bytes of the slab. */
  static final long LENGTH = 3 * SCALAR;

  private final Means means;
  private final Once<Scratch.Slab> secrets;
  private final Element point;

  /**
   * @param slab φ ‖ u ‖ v, taken over
   * @param point R = Σ R_i
   */
  Presignature(Means means, Scratch.Slab slab, Element point) {
    this.means = means;
    this.secrets = new Once<>(slab);
    this.point = point;
  }

  static MemorySegment phi(Scratch.Slab slab) {
    return slab.bytes().asSlice(0, SCALAR);
  }

  static MemorySegment u(Scratch.Slab slab) {
    return slab.bytes().asSlice(SCALAR, SCALAR);
  }

  static MemorySegment v(Scratch.Slab slab) {
    return slab.bytes().asSlice(2 * SCALAR, SCALAR);
  }

  /** One-shot: δ = 0. Message and key have been fixed before any nonce was known. */
  Step<Partial> sign(Endpoint endpoint, SigningKey key, Message message) {
    try (var spent = secrets.spend();
        var work = means.scratch().borrow(2 * SCALAR)) {
      var ops = means.group().secretOps();
      var r = xCoordinate(means, point);
      if (r.isZero()) {
        return new Step.Aborted<>(Fault.DEGENERATE, List.of());
      }
      var term = work.bytes().asSlice(0, SCALAR);
      var w = work.bytes().asSlice(SCALAR, SCALAR);
      ops.multiply(means.scratch(), phi(spent), key.offset(), term);
      ops.add(v(spent), term, w); // v'
      ops.multiply(means.scratch(), w, r, w);
      ops.multiply(means.scratch(), phi(spent), message.scalar(), term);
      ops.add(w, term, w);
      var payload = new byte[Rounds.PARTIAL.length()];
      var segment = MemorySegment.ofArray(payload);
      Rounds.PARTIAL.frame(segment);
      put(segment, 0, ops.publish(u(spent)));
      put(segment, 1, ops.publish(w));
      var broadcast = endpoint.broadcast(Rounds.SIGN, Octets.of(payload), Optional.empty());
      return new Step.Advanced<>(new Partial(means, endpoint, key, message, point, broadcast));
    }
  }

  private static void put(MemorySegment payload, int field, PublicScalar scalar) {
    MemorySegment.copy(
        scalar.encoded(),
        0,
        Rounds.PARTIAL.field(payload, field),
        ValueLayout.JAVA_BYTE,
        0,
        SCALAR);
  }

  /** x(R) mod q. */
  static PublicScalar xCoordinate(Means means, Element point) {
    var wide = new byte[64];
    System.arraycopy(point.encoded(), 1, wide, 32, 32);
    return means.group().publicOps().reduce(wide);
  }

  /** Whether x(R) is q or more. */
  static boolean exceedsOrder(Element point, PublicScalar reduced) {
    return !Arrays.equals(point.encoded(), 1, 33, reduced.encoded(), 0, 32);
  }

  /** Wipes what was not spent. */
  @Override
  public void close() {
    secrets.drain().ifPresent(Scratch.Slab::close);
  }
}
