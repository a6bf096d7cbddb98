package io.sharekeep.threshold.group;

/** Carries between 64-bit limbs, without a comparison that a compiler could turn into a jump. */
final class Limbs {
  private Limbs() {}

  /** The carry of {@code sum = a + b}, 0 or 1. */
  @ConstantTime
  static long carry(long a, long b, long sum) {
    return ((a & b) | ((a | b) & ~sum)) >>> 63;
  }

  /** The borrow of {@code difference = a - b}, 0 or 1. */
  @ConstantTime
  static long borrow(long a, long b, long difference) {
    return ((~a & b) | ((~a | b) & difference)) >>> 63;
  }

  /** 1 if x is zero, else 0. */
  @ConstantTime
  static long isZero(long x) {
    return ((x | -x) >>> 63) ^ 1;
  }
}
