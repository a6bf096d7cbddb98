package io.sharekeep.threshold.group;

import static java.lang.Math.multiplyHigh;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigInteger;
import java.nio.ByteOrder;

/**
 * An integer mod p = 2^256 - 2^32 - 977 for public values: the arithmetic and the bounds of {@link
 * SlabFieldSecp256k1} on a mutable object. Operands may be the result, too.
 */
final class FieldElementSecp256k1 {
  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final long MASK = (1L << 52) - 1;
  private static final long TOP_MASK = (1L << 48) - 1;

  /** 2^256 mod p. */
  private static final long TOP_FOLD = (1L << 32) + 977;

  /** 2^260 mod p. */
  private static final long FOLD = TOP_FOLD << 4;

  /** 4p, limb by limb: what keeps a difference from going below zero. */
  private static final long BIAS_0 = 4 * (MASK - TOP_FOLD + 1);

  private static final long BIAS = 4 * MASK;
  private static final long BIAS_4 = 4 * TOP_MASK;

  private long l0;
  private long l1;
  private long l2;
  private long l3;
  private long l4;

  /** this = ab. */
  FieldElementSecp256k1 multiply(FieldElementSecp256k1 a, FieldElementSecp256k1 b) {
    long a0 = a.l0;
    long a1 = a.l1;
    long a2 = a.l2;
    long a3 = a.l3;
    long a4 = a.l4;
    long b0 = b.l0;
    long b1 = b.l1;
    long b2 = b.l2;
    long b3 = b.l3;
    long b4 = b.l4;
    long s0 = a0 << 6;
    long s1 = a1 << 6;
    long s2 = a2 << 6;
    long s3 = a3 << 6;
    long s4 = a4 << 6;
    long t0 = b0 << 6;
    long t1 = b1 << 6;
    long t2 = b2 << 6;
    long t3 = b3 << 6;
    long t4 = b4 << 6;
    long r0 = low(a0, b0);
    long r1 = multiplyHigh(s0, t0) + low(a0, b1) + low(a1, b0);
    long r2 = multiplyHigh(s0, t1) + multiplyHigh(s1, t0) + low(a0, b2) + low(a1, b1) + low(a2, b0);
    long r3 =
        multiplyHigh(s0, t2)
            + multiplyHigh(s1, t1)
            + multiplyHigh(s2, t0)
            + low(a0, b3)
            + low(a1, b2)
            + low(a2, b1)
            + low(a3, b0);
    long r4 =
        multiplyHigh(s0, t3)
            + multiplyHigh(s1, t2)
            + multiplyHigh(s2, t1)
            + multiplyHigh(s3, t0)
            + low(a0, b4)
            + low(a1, b3)
            + low(a2, b2)
            + low(a3, b1)
            + low(a4, b0);
    long r5 =
        multiplyHigh(s0, t4)
            + multiplyHigh(s1, t3)
            + multiplyHigh(s2, t2)
            + multiplyHigh(s3, t1)
            + multiplyHigh(s4, t0)
            + low(a1, b4)
            + low(a2, b3)
            + low(a3, b2)
            + low(a4, b1);
    long r6 =
        multiplyHigh(s1, t4)
            + multiplyHigh(s2, t3)
            + multiplyHigh(s3, t2)
            + multiplyHigh(s4, t1)
            + low(a2, b4)
            + low(a3, b3)
            + low(a4, b2);
    long r7 =
        multiplyHigh(s2, t4)
            + multiplyHigh(s3, t3)
            + multiplyHigh(s4, t2)
            + low(a3, b4)
            + low(a4, b3);
    long r8 = multiplyHigh(s3, t4) + multiplyHigh(s4, t3) + low(a4, b4);
    long r9 = multiplyHigh(s4, t4);
    return fold(r0, r1, r2, r3, r4, r5, r6, r7, r8, r9);
  }

  /** this = a². */
  FieldElementSecp256k1 square(FieldElementSecp256k1 a) {
    long a0 = a.l0;
    long a1 = a.l1;
    long a2 = a.l2;
    long a3 = a.l3;
    long a4 = a.l4;
    long s0 = a0 << 6;
    long s1 = a1 << 6;
    long s2 = a2 << 6;
    long s3 = a3 << 6;
    long s4 = a4 << 6;
    long d0 = a0 << 7;
    long e0 = a0 << 1;
    long d1 = a1 << 7;
    long e1 = a1 << 1;
    long d2 = a2 << 7;
    long e2 = a2 << 1;
    long d3 = a3 << 7;
    long e3 = a3 << 1;
    long t0 = a0 << 6;
    long t1 = a1 << 6;
    long t2 = a2 << 6;
    long t3 = a3 << 6;
    long t4 = a4 << 6;
    long r0 = low(a0, a0);
    long r1 = multiplyHigh(s0, t0) + low(e0, a1);
    long r2 = multiplyHigh(d0, t1) + low(e0, a2) + low(a1, a1);
    long r3 = multiplyHigh(d0, t2) + multiplyHigh(s1, t1) + low(e0, a3) + low(e1, a2);
    long r4 = multiplyHigh(d0, t3) + multiplyHigh(d1, t2) + low(e0, a4) + low(e1, a3) + low(a2, a2);
    long r5 =
        multiplyHigh(d0, t4)
            + multiplyHigh(d1, t3)
            + multiplyHigh(s2, t2)
            + low(e1, a4)
            + low(e2, a3);
    long r6 = multiplyHigh(d1, t4) + multiplyHigh(d2, t3) + low(e2, a4) + low(a3, a3);
    long r7 = multiplyHigh(d2, t4) + multiplyHigh(s3, t3) + low(e3, a4);
    long r8 = multiplyHigh(d3, t4) + low(a4, a4);
    long r9 = multiplyHigh(s4, t4);
    return fold(r0, r1, r2, r3, r4, r5, r6, r7, r8, r9);
  }

  private FieldElementSecp256k1 fold(
      long r0, long r1, long r2, long r3, long r4, long r5, long r6, long r7, long r8, long r9) {
    r6 += r5 >>> 52;
    r7 += r6 >>> 52;
    r8 += r7 >>> 52;
    r9 += r8 >>> 52;
    r5 &= MASK;
    r6 &= MASK;
    r7 &= MASK;
    r8 &= MASK;
    r0 += low(r5, FOLD);
    r1 += foldHigh(r5) + low(r6, FOLD);
    r2 += foldHigh(r6) + low(r7, FOLD);
    r3 += foldHigh(r7) + low(r8, FOLD);
    r4 += foldHigh(r8) + low(r9, FOLD);
    r1 += r0 >>> 52;
    r2 += r1 >>> 52;
    r3 += r2 >>> 52;
    r4 += r3 >>> 52;
    // What is left from 2^256 up, at most 46 bits, comes back as a product with 2^32 + 977.
    long top = (foldHigh(r9) << 4) + (r4 >>> 48);
    r0 = (r0 & MASK) + low(top, TOP_FOLD);
    r1 = (r1 & MASK) + multiplyHigh(top << 6, TOP_FOLD << 6) + (r0 >>> 52);
    l0 = r0 & MASK;
    l1 = r1 & MASK;
    l2 = (r2 & MASK) + (r1 >>> 52);
    l3 = r3 & MASK;
    l4 = r4 & TOP_MASK;
    return this;
  }

  private static long low(long x, long y) {
    return x * y & MASK;
  }

  private static long foldHigh(long x) {
    return multiplyHigh(x << 6, FOLD << 6);
  }

  /** this = a + b, not carried. */
  FieldElementSecp256k1 add(FieldElementSecp256k1 a, FieldElementSecp256k1 b) {
    l0 = a.l0 + b.l0;
    l1 = a.l1 + b.l1;
    l2 = a.l2 + b.l2;
    l3 = a.l3 + b.l3;
    l4 = a.l4 + b.l4;
    return this;
  }

  /** this = a - b. */
  FieldElementSecp256k1 subtract(FieldElementSecp256k1 a, FieldElementSecp256k1 b) {
    long d0 = a.l0 + BIAS_0 - b.l0;
    long d1 = a.l1 + BIAS - b.l1;
    long d2 = a.l2 + BIAS - b.l2;
    long d3 = a.l3 + BIAS - b.l3;
    long d4 = a.l4 + BIAS_4 - b.l4;
    return carry(d0, d1, d2, d3, d4);
  }

  private FieldElementSecp256k1 carry(long d0, long d1, long d2, long d3, long d4) {
    l0 = (d0 & MASK) + TOP_FOLD * (d4 >>> 48);
    l1 = (d1 & MASK) + (d0 >>> 52);
    l2 = (d2 & MASK) + (d1 >>> 52);
    l3 = (d3 & MASK) + (d2 >>> 52);
    l4 = (d4 & TOP_MASK) + (d3 >>> 52);
    return this;
  }

  FieldElementSecp256k1 set(FieldElementSecp256k1 a) {
    l0 = a.l0;
    l1 = a.l1;
    l2 = a.l2;
    l3 = a.l3;
    l4 = a.l4;
    return this;
  }

  FieldElementSecp256k1 set(long small) {
    l0 = small;
    l1 = 0;
    l2 = 0;
    l3 = 0;
    l4 = 0;
    return this;
  }

  /** this = a^(2^times), times ≥ 1. */
  FieldElementSecp256k1 square(FieldElementSecp256k1 a, int times) {
    square(a);
    for (int i = 1; i < times; i++) {
      square(this);
    }
    return this;
  }

  /** Brings this to the one representation below p. */
  FieldElementSecp256k1 normalize() {
    long a0 = l0;
    long a1 = l1;
    long a2 = l2;
    long a3 = l3;
    long a4 = l4;
    // Twice, for what the first round carries into the lowest limb.
    for (int i = 0; i < 2; i++) {
      a0 += (a4 >>> 48) * TOP_FOLD;
      a4 &= TOP_MASK;
      a1 += a0 >>> 52;
      a0 &= MASK;
      a2 += a1 >>> 52;
      a1 &= MASK;
      a3 += a2 >>> 52;
      a2 &= MASK;
      a4 += a3 >>> 52;
      a3 &= MASK;
    }
    // 1 if the value is p or more: then adding 2^32 + 977 and dropping 2^256 subtracts p.
    long over = (a0 + TOP_FOLD) >>> 52;
    over = (a1 + over) >>> 52;
    over = (a2 + over) >>> 52;
    over = (a3 + over) >>> 52;
    over = (a4 + over) >>> 48;
    a0 += over * TOP_FOLD;
    a1 += a0 >>> 52;
    a0 &= MASK;
    a2 += a1 >>> 52;
    a1 &= MASK;
    a3 += a2 >>> 52;
    a2 &= MASK;
    a4 += a3 >>> 52;
    a3 &= MASK;
    a4 &= TOP_MASK;
    l0 = a0;
    l1 = a1;
    l2 = a2;
    l3 = a3;
    l4 = a4;
    return this;
  }

  boolean isZero() {
    var a = new FieldElementSecp256k1().set(this).normalize();
    return (a.l0 | a.l1 | a.l2 | a.l3 | a.l4) == 0;
  }

  boolean sameAs(FieldElementSecp256k1 other) {
    return new FieldElementSecp256k1().subtract(this, other).isZero();
  }

  boolean isOdd() {
    return (new FieldElementSecp256k1().set(this).normalize().l0 & 1) == 1;
  }

  /** The limbs, for a table from which secrets select: normalized, five from {@code at} on. */
  void write(long[] table, int at) {
    var a = new FieldElementSecp256k1().set(this).normalize();
    table[at] = a.l0;
    table[at + 1] = a.l1;
    table[at + 2] = a.l2;
    table[at + 3] = a.l3;
    table[at + 4] = a.l4;
  }

  /** The canonical 32 bytes. */
  void encode(byte[] out, int at) {
    var a = new FieldElementSecp256k1().set(this).normalize();
    WORDS.set(out, at + 24, a.l0 | a.l1 << 52);
    WORDS.set(out, at + 16, a.l1 >>> 12 | a.l2 << 40);
    WORDS.set(out, at + 8, a.l2 >>> 24 | a.l3 << 28);
    WORDS.set(out, at, a.l3 >>> 36 | a.l4 << 16);
  }

  /**
   * this = the 32 bytes, big-endian.
   *
   * @return false if they are p or more
   */
  boolean decode(byte[] in, int at) {
    long w0 = (long) WORDS.get(in, at + 24);
    long w1 = (long) WORDS.get(in, at + 16);
    long w2 = (long) WORDS.get(in, at + 8);
    long w3 = (long) WORDS.get(in, at);
    l0 = w0 & MASK;
    l1 = (w0 >>> 52 | w1 << 12) & MASK;
    l2 = (w1 >>> 40 | w2 << 24) & MASK;
    l3 = (w2 >>> 28 | w3 << 36) & MASK;
    l4 = w3 >>> 16;
    return !(l4 == TOP_MASK && l3 == MASK && l2 == MASK && l1 == MASK && l0 >= MASK - TOP_FOLD + 1);
  }

  /** this = 1/a by Fermat, 0 for 0. The chain of {@link SlabFieldSecp256k1#invert}. */
  FieldElementSecp256k1 invert(FieldElementSecp256k1 a) {
    var two = new FieldElementSecp256k1();
    var u = onesTo246(a, two);
    u.multiply(u.square(u, 5), a);
    u.multiply(u.square(u, 3), two);
    return multiply(u.square(u, 2), a);
  }

  /**
   * this = the square root a^((p+1)/4).
   *
   * @return false if a has none
   */
  boolean root(FieldElementSecp256k1 a) {
    var two = new FieldElementSecp256k1();
    var u = onesTo246(a, two);
    u.multiply(u.square(u, 6), two);
    u.square(u, 2);
    boolean exact = new FieldElementSecp256k1().square(u).sameAs(a);
    set(u);
    return exact;
  }

  /** a to 223 ones, a zero and 22 ones, in binary; {@code two} becomes a^3. */
  private static FieldElementSecp256k1 onesTo246(
      FieldElementSecp256k1 a, FieldElementSecp256k1 two) {
    var u = new FieldElementSecp256k1().square(a);
    two.multiply(u, a);
    var three = new FieldElementSecp256k1();
    three.multiply(u.square(two), a);
    u.multiply(u.square(three, 3), three); // 6
    u.multiply(u.square(u, 3), three); // 9
    u.multiply(u.square(u, 2), two); // 11
    var twentyTwo = new FieldElementSecp256k1().square(u, 11);
    twentyTwo.multiply(twentyTwo, u);
    u.multiply(u.square(twentyTwo, 22), twentyTwo); // 44
    var fortyFour = new FieldElementSecp256k1().set(u);
    u.multiply(u.square(u, 44), fortyFour); // 88
    var eightyEight = new FieldElementSecp256k1().set(u);
    u.multiply(u.square(u, 88), eightyEight); // 176
    u.multiply(u.square(u, 44), fortyFour); // 220
    u.multiply(u.square(u, 3), three); // 223
    return u.multiply(u.square(u, 23), twentyTwo);
  }

  /** this = a times a factor of at most 32. */
  FieldElementSecp256k1 multiplySmall(FieldElementSecp256k1 a, int factor) {
    return carry(factor * a.l0, factor * a.l1, factor * a.l2, factor * a.l3, factor * a.l4);
  }

  /** A constant below p. */
  static FieldElementSecp256k1 of(BigInteger value) {
    var a = new FieldElementSecp256k1();
    for (int i = 31; i >= 0; i--) {
      for (int j = 0; j < 8; j++) {
        a.add(a, a).carry(a.l0, a.l1, a.l2, a.l3, a.l4);
      }
      a.l0 += value.shiftRight(8 * i).intValue() & 255;
    }
    return a.normalize();
  }
}
