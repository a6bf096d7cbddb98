package io.sharekeep.threshold.group;

import static io.sharekeep.threshold.group.Limbs.borrow;
import static io.sharekeep.threshold.group.Limbs.carry;
import static java.lang.Math.unsignedMultiplyHigh;

import io.sharekeep.threshold.Randomness;
import io.sharekeep.threshold.Scratch;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;

/**
 * The secret half of a scalar field: branch-free arithmetic mod an odd q on four limbs of 64 bits,
 * least significant first, that lie in locals and in the callers' segments. A product is two
 * Montgomery products: ab/R and then (ab/R)·R²/R, with R = 2^256; the value in between lives in
 * {@code out}.
 */
abstract sealed class MontgomeryScalars extends VariableTimeScalars
    permits Secp256k1Scalars, Ed25519Scalars {
  private final long q0;
  private final long q1;
  private final long q2;
  private final long q3;
  private final MemorySegment rSegment;
  private final MemorySegment rSquaredSegment;

  MontgomeryScalars(GroupId group, BigInteger order) {
    super(group, order);
    this.q0 = q[0];
    this.q1 = q[1];
    this.q2 = q[2];
    this.q3 = q[3];
    // Native, as slabs are: one kind of segment keeps the accesses below monomorphic.
    this.rSegment = Arena.global().allocate(LENGTH, 8);
    this.rSquaredSegment = Arena.global().allocate(LENGTH, 8);
    store(rSegment, r[0], r[1], r[2], r[3]);
    store(rSquaredSegment, rSquared[0], rSquared[1], rSquared[2], rSquared[3]);
  }

  @ConstantTime
  abstract long limb(MemorySegment scalar, int index);

  @ConstantTime
  abstract void store(MemorySegment out, long l0, long l1, long l2, long l3);

  abstract MemorySegment high(MemorySegment wide);

  abstract MemorySegment low(MemorySegment wide);

  @Override
  public void random(Randomness randomness, Scratch scratch, MemorySegment out) {
    requireLength(out, LENGTH);
    try (var slab = scratch.borrow(2 * LENGTH)) {
      do {
        randomness.fill(slab.bytes());
        reduce(scratch, slab.bytes(), out);
      } while (isZero(out) == 1); // chance 2^-252: that it happened tells nothing of what remains
    }
  }

  @Override
  public int isCanonical(MemorySegment scalar) {
    requireLength(scalar, LENGTH);
    return belowOrder(scalar);
  }

  @Override
  public int isZero(MemorySegment scalar) {
    requireLength(scalar, LENGTH);
    return allZero(scalar);
  }

  @Override
  public void reduce(Scratch scratch, MemorySegment wide, MemorySegment out) {
    requireLength(wide, 2 * LENGTH);
    requireLength(out, LENGTH);
    try (var slab = scratch.borrow(2 * LENGTH)) {
      var high = slab.bytes().asSlice(0, LENGTH);
      var low = slab.bytes().asSlice(LENGTH, LENGTH);
      montgomeryProduct(high(wide), rSquaredSegment, high); // high·R
      montgomeryProduct(low(wide), rSegment, low);
      sum(high, low, out);
    }
  }

  @Override
  public void add(MemorySegment a, MemorySegment b, MemorySegment out) {
    requireLength(a, LENGTH);
    requireLength(b, LENGTH);
    requireLength(out, LENGTH);
    sum(a, b, out);
  }

  @Override
  public void add(MemorySegment a, PublicScalar b, MemorySegment out) {
    requireLength(a, LENGTH);
    requireLength(out, LENGTH);
    long[] limbs = limbs(b);
    sum(a, limbs[0], limbs[1], limbs[2], limbs[3], out);
  }

  @Override
  public void subtract(MemorySegment a, MemorySegment b, MemorySegment out) {
    requireLength(a, LENGTH);
    requireLength(b, LENGTH);
    requireLength(out, LENGTH);
    difference(a, b, out);
  }

  @Override
  public void negate(MemorySegment a, MemorySegment out) {
    requireLength(a, LENGTH);
    requireLength(out, LENGTH);
    negateUnlessChosen(0, a, out);
  }

  @Override
  public void negateUnless(int choice, MemorySegment a, MemorySegment out) {
    requireLength(a, LENGTH);
    requireLength(out, LENGTH);
    negateUnlessChosen(choice, a, out);
  }

  @Override
  public void multiply(MemorySegment a, MemorySegment b, MemorySegment out) {
    requireLength(a, LENGTH);
    requireLength(b, LENGTH);
    requireLength(out, LENGTH);
    montgomeryProduct(a, b, out);
    montgomeryProduct(out, rSquaredSegment, out);
  }

  @Override
  public void multiply(MemorySegment a, PublicScalar b, MemorySegment out) {
    requireLength(a, LENGTH);
    requireLength(out, LENGTH);
    // One secret product instead of two: the public factor goes in as b·R.
    long[] factor = montgomery(limbs(b), rSquared);
    montgomeryProduct(a, factor[0], factor[1], factor[2], factor[3], out);
  }

  @Override
  public PublicScalar publish(MemorySegment scalar) {
    if (isCanonical(scalar) == 0) {
      throw new IllegalStateException("not a canonical scalar");
    }
    byte[] encoding = new byte[LENGTH];
    MemorySegment.copy(scalar, 0, MemorySegment.ofArray(encoding), 0, LENGTH);
    return new PublicScalar(group, encoding);
  }

  @ConstantTime
  private int belowOrder(MemorySegment a) {
    long a0 = limb(a, 0);
    long a1 = limb(a, 1);
    long a2 = limb(a, 2);
    long a3 = limb(a, 3);
    long b = borrow(a0, q0, a0 - q0);
    b = borrowOf(a1, q1, b);
    b = borrowOf(a2, q2, b);
    return (int) borrowOf(a3, q3, b);
  }

  @ConstantTime
  private int allZero(MemorySegment a) {
    return (int) Limbs.isZero(limb(a, 0) | limb(a, 1) | limb(a, 2) | limb(a, 3));
  }

  @ConstantTime
  private void sum(MemorySegment a, MemorySegment b, MemorySegment out) {
    sum(a, limb(b, 0), limb(b, 1), limb(b, 2), limb(b, 3), out);
  }

  @ConstantTime
  private void sum(MemorySegment a, long b0, long b1, long b2, long b3, MemorySegment out) {
    long a0 = limb(a, 0);
    long a1 = limb(a, 1);
    long a2 = limb(a, 2);
    long a3 = limb(a, 3);
    long s0 = a0 + b0;
    long c = carry(a0, b0, s0);
    long s1 = a1 + b1 + c;
    c = carry(a1, b1, s1);
    long s2 = a2 + b2 + c;
    c = carry(a2, b2, s2);
    long s3 = a3 + b3 + c;
    c = carry(a3, b3, s3);
    storeReduced(s0, s1, s2, s3, c, out);
  }

  @ConstantTime
  private void difference(MemorySegment a, MemorySegment b, MemorySegment out) {
    differenceOf(
        limb(a, 0),
        limb(a, 1),
        limb(a, 2),
        limb(a, 3),
        limb(b, 0),
        limb(b, 1),
        limb(b, 2),
        limb(b, 3),
        out);
  }

  /** a - b, plus q where that borrows. */
  @ConstantTime
  private void differenceOf(
      long a0, long a1, long a2, long a3, long b0, long b1, long b2, long b3, MemorySegment out) {
    long d0 = a0 - b0;
    long c = borrow(a0, b0, d0);
    long d1 = a1 - b1 - c;
    c = borrow(a1, b1, d1);
    long d2 = a2 - b2 - c;
    c = borrow(a2, b2, d2);
    long d3 = a3 - b3 - c;
    c = borrow(a3, b3, d3);
    long mask = -c;
    long p0 = q0 & mask;
    long p1 = q1 & mask;
    long p2 = q2 & mask;
    long p3 = q3 & mask;
    long s0 = d0 + p0;
    c = carry(d0, p0, s0);
    long s1 = d1 + p1 + c;
    c = carry(d1, p1, s1);
    long s2 = d2 + p2 + c;
    c = carry(d2, p2, s2);
    store(out, s0, s1, s2, d3 + p3 + c);
  }

  /** 0 - a for choice 0, a - 0 for choice 1. */
  @ConstantTime
  private void negateUnlessChosen(int choice, MemorySegment a, MemorySegment out) {
    long keep = -(long) (choice & 1);
    long a0 = limb(a, 0);
    long a1 = limb(a, 1);
    long a2 = limb(a, 2);
    long a3 = limb(a, 3);
    differenceOf(
        a0 & keep,
        a1 & keep,
        a2 & keep,
        a3 & keep,
        a0 & ~keep,
        a1 & ~keep,
        a2 & ~keep,
        a3 & ~keep,
        out);
  }

  /** ab/R mod q, for a &lt; R and b &lt; q. {@code out} is written last, so it may be a or b. */
  @ConstantTime
  private void montgomeryProduct(MemorySegment a, MemorySegment b, MemorySegment out) {
    montgomeryProduct(a, limb(b, 0), limb(b, 1), limb(b, 2), limb(b, 3), out);
  }

  /** One limb of a at a time: t = (t + a_i·b + m·q) / 2^64, which keeps t below 2q. */
  @ConstantTime
  private void montgomeryProduct(
      MemorySegment a, long b0, long b1, long b2, long b3, MemorySegment out) {
    long t0 = 0;
    long t1 = 0;
    long t2 = 0;
    long t3 = 0;
    long t4 = 0;
    for (int i = 0; i < 4; i++) {
      long x = limb(a, i);
      long lo = x * b0;
      long s = t0 + lo;
      long c = unsignedMultiplyHigh(x, b0) + carry(t0, lo, s);
      t0 = s;
      lo = x * b1;
      s = t1 + lo;
      long hi = unsignedMultiplyHigh(x, b1) + carry(t1, lo, s);
      t1 = s + c;
      c = hi + carry(s, c, t1);
      lo = x * b2;
      s = t2 + lo;
      hi = unsignedMultiplyHigh(x, b2) + carry(t2, lo, s);
      t2 = s + c;
      c = hi + carry(s, c, t2);
      lo = x * b3;
      s = t3 + lo;
      hi = unsignedMultiplyHigh(x, b3) + carry(t3, lo, s);
      t3 = s + c;
      c = hi + carry(s, c, t3);
      s = t4 + c;
      long t5 = carry(t4, c, s);
      t4 = s;

      long m = t0 * qInverse;
      lo = m * q0;
      c = unsignedMultiplyHigh(m, q0) + carry(t0, lo, t0 + lo);
      lo = m * q1;
      s = t1 + lo;
      hi = unsignedMultiplyHigh(m, q1) + carry(t1, lo, s);
      t0 = s + c;
      c = hi + carry(s, c, t0);
      lo = m * q2;
      s = t2 + lo;
      hi = unsignedMultiplyHigh(m, q2) + carry(t2, lo, s);
      t1 = s + c;
      c = hi + carry(s, c, t1);
      lo = m * q3;
      s = t3 + lo;
      hi = unsignedMultiplyHigh(m, q3) + carry(t3, lo, s);
      t2 = s + c;
      c = hi + carry(s, c, t2);
      t3 = t4 + c;
      t4 = t5 + carry(t4, c, t3);
    }
    storeReduced(t0, t1, t2, t3, t4, out);
  }

  /** Stores t mod q, for t = (t4..t0) &lt; 2q. */
  @ConstantTime
  private void storeReduced(long t0, long t1, long t2, long t3, long t4, MemorySegment out) {
    long d0 = t0 - q0;
    long b = borrow(t0, q0, d0);
    long d1 = t1 - q1 - b;
    b = borrow(t1, q1, d1);
    long d2 = t2 - q2 - b;
    b = borrow(t2, q2, d2);
    long d3 = t3 - q3 - b;
    b = borrow(t3, q3, d3);
    long keep = -(b & (t4 ^ 1));
    store(
        out,
        (t0 & keep) | (d0 & ~keep),
        (t1 & keep) | (d1 & ~keep),
        (t2 & keep) | (d2 & ~keep),
        (t3 & keep) | (d3 & ~keep));
  }

  @ConstantTime
  private static long borrowOf(long a, long b, long borrowIn) {
    return borrow(a, b, a - b - borrowIn);
  }

  private static void requireLength(MemorySegment segment, long length) {
    if (segment.byteSize() != length) {
      throw new IllegalArgumentException(segment.byteSize() + " bytes, not " + length);
    }
  }
}
