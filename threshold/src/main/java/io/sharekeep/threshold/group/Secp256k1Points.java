package io.sharekeep.threshold.group;

import java.lang.foreign.MemorySegment;

/**
 * Operations of secp256k1 on affine points that lie in slabs: 64 bytes, X ‖ Y, each big-endian. For
 * points that are secret, or come by the hundreds: the caller lends each operation a work segment,
 * and wipes it after the last. In constant time, but for {@link #decode}.
 */
public interface Secp256k1Points {
  /** Bytes of an affine point. */
  long LENGTH = 64;

  /** Bytes of the work segment, on a slab. */
  long WORK = SlabWeierstrass.WORK;

  /**
   * The operations that go with a group.
   *
   * @throws IllegalArgumentException when it is not secp256k1
   */
  static Secp256k1Points of(Group group) {
    if (group.secretOps() instanceof Secp256k1Points points) {
      return points;
    }
    throw new IllegalArgumentException(group.id() + " is not secp256k1");
  }

  /**
   * k·G, as a secret.
   *
   * @return false for k = 0, and then {@code out} is zero and the caller must abort
   */
  boolean multiplyBase(MemorySegment work, MemorySegment k, MemorySegment out);

  /**
   * k·P for a point of the curve, as a secret.
   *
   * @param point as {@link #decode} or a sum of such points gives it
   * @return false for k = 0, and then {@code out} is zero and the caller must abort
   */
  boolean multiplyPoint(
      MemorySegment work, MemorySegment k, MemorySegment point, MemorySegment out);

  /**
   * Decodes a compressed point, 33 bytes, in variable time.
   *
   * @return false for what is no point; {@code out} is then undefined
   */
  boolean decode(MemorySegment work, MemorySegment encoding, MemorySegment out);
}
