package io.sharekeep.threshold.ecdsa;

import io.sharekeep.threshold.Fault;
import io.sharekeep.threshold.Once;
import io.sharekeep.threshold.PartyId;
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
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one party has of a signature before the message comes in: shares of φ, r·φ and sk·φ and its
 * entropy in one slab, spent by one message.
 */
final class Shares implements AutoCloseable {
  private static final int SCALAR = 32;

  /** Bytes of the slab. */
  static final long LENGTH = 4 * SCALAR;

  private final Means means;
  private final Scratch.Slab slab;
  private final Once<Scratch.Slab> secrets;
  private final Element point;
  private final SortedMap<PartyId, Octets> entropies;

  /**
   * @param slab φ ‖ u ‖ v ‖ e, taken over
   * @param point R = Σ R_i
   * @param entropies E of every signer
   */
  Shares(Means means, Scratch.Slab slab, Element point, SortedMap<PartyId, Octets> entropies) {
    this.means = means;
    this.slab = slab;
    this.secrets = new Once<>(slab);
    this.point = point;
    this.entropies = Collections.unmodifiableSortedMap(new TreeMap<>(entropies));
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

  static MemorySegment entropy(Scratch.Slab slab) {
    return slab.bytes().asSlice(3 * SCALAR, SCALAR);
  }

  Element point() {
    return point;
  }

  SortedMap<PartyId, Octets> entropies() {
    return entropies;
  }

  /** The own entropy, once: whoever sees it can compute δ, so it is public from now on. */
  Octets openEntropy() {
    return Octets.of(entropy(slab).toArray(ValueLayout.JAVA_BYTE));
  }

  /**
   * u' = u + δ·φ, v' = v + τ·φ, w = m·φ + r'·v', R' = R + δ·G (protocols.md, section 4.6). The
   * shares are gone once this is called, whatever it returns.
   *
   * @param delta δ; empty where message and key were fixed before any nonce was known
   */
  Step<Partial> sign(
      Endpoint endpoint, int round, SigningKey key, Message message, Optional<PublicScalar> delta) {
    try (var spent = secrets.spend();
        var work = means.work().borrow(3 * SCALAR)) {
      var ops = means.group().secretOps();
      var moved = moved(delta);
      var r = moved.map(p -> xCoordinate(means, p));
      if (r.isEmpty() || r.get().isZero()) {
        return new Step.Aborted<>(Fault.DEGENERATE, List.of());
      }
      var term = work.bytes().asSlice(0, SCALAR);
      var w = work.bytes().asSlice(SCALAR, SCALAR);
      var u = work.bytes().asSlice(2 * SCALAR, SCALAR);
      ops.multiply(means.work(), phi(spent), key.offset(), term);
      ops.add(v(spent), term, w); // v'
      ops.multiply(means.work(), w, r.get(), w);
      ops.multiply(means.work(), phi(spent), message.scalar(), term);
      ops.add(w, term, w);
      ops.multiply(
          means.work(),
          phi(spent),
          delta.orElseGet(() -> means.group().publicOps().scalar(0)),
          term);
      ops.add(u(spent), term, u);
      var payload = new byte[Rounds.PARTIAL.length()];
      var segment = MemorySegment.ofArray(payload);
      Rounds.PARTIAL.frame(segment);
      put(segment, 0, ops.publish(u));
      put(segment, 1, ops.publish(w));
      var broadcast = endpoint.broadcast(round, Octets.of(payload), Optional.empty());
      return new Step.Advanced<>(
          new Partial(means, endpoint, round, key, message, moved.get(), broadcast));
    }
  }

  /** R', empty where it is the identity. */
  private Optional<Element> moved(Optional<PublicScalar> delta) {
    var ops = means.group().publicOps();
    return delta.isEmpty() || delta.get().isZero()
        ? Optional.of(point)
        : ops.multiplyBase(delta.get()).flatMap(shift -> ops.add(point, shift));
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

  @Override
  public String toString() {
    return "Shares[redacted]";
  }
}
