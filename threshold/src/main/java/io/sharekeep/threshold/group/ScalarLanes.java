package io.sharekeep.threshold.group;

import static java.lang.Math.multiplyHigh;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Arithmetic mod the order q of secp256k1 on scalars that lie in long rows on slabs, each 32 bytes
 * big-endian at an offset: what vector OLE does thousands of times. In constant time and without
 * allocation. Sums of products are carried through unreduced, so that a row of products costs one
 * reduction.
 *
 * <p>Inside, numbers have limbs of 52 bits, least significant first. Offsets are the caller's
 * business; an operand out of its segment is an {@link IndexOutOfBoundsException}.
 */
public final class ScalarLanes {
  /** Bytes of an accumulator: ten limbs. */
  public static final long ACCUMULATOR = 80;

  /** Products that may be added between two calls of {@link #settle}. */
  public static final int PRODUCTS = 128;

  private static final ValueLayout.OfLong LIMB = ValueLayout.JAVA_LONG_UNALIGNED;
  private static final ValueLayout.OfLong WORD =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final long MASK = (1L << 52) - 1;
  private static final long TOP_MASK = (1L << 48) - 1;

  /** c = 2^256 - q. */
  private static final long C0 = 0xda1732fc9bebfL;

  private static final long C1 = 0x1950b75fc4402L;
  private static final long C2 = 0x1455123L;

  /** 16c = 2^260 mod q. */
  private static final long F0 = C0 << 4 & MASK;

  private static final long F1 = (C1 << 4 | C0 >>> 48) & MASK;
  private static final long F2 = C2 << 4 | C1 >>> 48;

  /** 2q with limbs that have 2^52 lent to each lower limb. */
  private static final long BIAS_0 = 2 * (MASK + 1 - C0) + 2 * (MASK + 1);

  private static final long BIAS_1 = 2 * (MASK - C1) + 2 * MASK;
  private static final long BIAS_2 = 2 * (MASK - C2) + 2 * MASK;
  private static final long BIAS_3 = 2 * MASK + 2 * MASK;
  private static final long BIAS_4 = 2 * TOP_MASK - 2;

  private ScalarLanes() {}

  /** out = 64 big-endian bytes mod q. */
  @ConstantTime
  public static void reduce(MemorySegment wide, long at, MemorySegment out, long to) {
    long w7 = wide.get(WORD, at);
    long w6 = wide.get(WORD, at + 8);
    long w5 = wide.get(WORD, at + 16);
    long w4 = wide.get(WORD, at + 24);
    long w3 = wide.get(WORD, at + 32);
    long w2 = wide.get(WORD, at + 40);
    long w1 = wide.get(WORD, at + 48);
    long w0 = wide.get(WORD, at + 56);
    fold(
        w0 & MASK,
        (w0 >>> 52 | w1 << 12) & MASK,
        (w1 >>> 40 | w2 << 24) & MASK,
        (w2 >>> 28 | w3 << 36) & MASK,
        (w3 >>> 16 | w4 << 48) & MASK,
        w4 >>> 4 & MASK,
        (w4 >>> 56 | w5 << 8) & MASK,
        (w5 >>> 44 | w6 << 20) & MASK,
        (w6 >>> 32 | w7 << 32) & MASK,
        w7 >>> 20,
        out,
        to);
  }

  /** accumulator = 0. */
  @ConstantTime
  public static void clear(MemorySegment accumulator, long at) {
    for (int i = 0; i < 80; i += 8) {
      accumulator.set(LIMB, at + i, 0);
    }
  }

  /** accumulator += a·b. */
  @ConstantTime
  public static void addProduct(
      MemorySegment accumulator, long at, MemorySegment a, long aAt, MemorySegment b, long bAt) {
    long w3 = a.get(WORD, aAt);
    long w2 = a.get(WORD, aAt + 8);
    long w1 = a.get(WORD, aAt + 16);
    long w0 = a.get(WORD, aAt + 24);
    long a0 = w0 & MASK;
    long a1 = (w0 >>> 52 | w1 << 12) & MASK;
    long a2 = (w1 >>> 40 | w2 << 24) & MASK;
    long a3 = (w2 >>> 28 | w3 << 36) & MASK;
    long a4 = w3 >>> 16;
    w3 = b.get(WORD, bAt);
    w2 = b.get(WORD, bAt + 8);
    w1 = b.get(WORD, bAt + 16);
    w0 = b.get(WORD, bAt + 24);
    long b0 = w0 & MASK;
    long b1 = (w0 >>> 52 | w1 << 12) & MASK;
    long b2 = (w1 >>> 40 | w2 << 24) & MASK;
    long b3 = (w2 >>> 28 | w3 << 36) & MASK;
    long b4 = w3 >>> 16;
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
    add(accumulator, at, low(a0, b0));
    add(accumulator, at + 8, multiplyHigh(s0, t0) + low(a0, b1) + low(a1, b0));
    add(
        accumulator,
        at + 16,
        multiplyHigh(s0, t1) + multiplyHigh(s1, t0) + low(a0, b2) + low(a1, b1) + low(a2, b0));
    add(
        accumulator,
        at + 24,
        multiplyHigh(s0, t2)
            + multiplyHigh(s1, t1)
            + multiplyHigh(s2, t0)
            + low(a0, b3)
            + low(a1, b2)
            + low(a2, b1)
            + low(a3, b0));
    add(
        accumulator,
        at + 32,
        multiplyHigh(s0, t3)
            + multiplyHigh(s1, t2)
            + multiplyHigh(s2, t1)
            + multiplyHigh(s3, t0)
            + low(a0, b4)
            + low(a1, b3)
            + low(a2, b2)
            + low(a3, b1)
            + low(a4, b0));
    add(
        accumulator,
        at + 40,
        multiplyHigh(s0, t4)
            + multiplyHigh(s1, t3)
            + multiplyHigh(s2, t2)
            + multiplyHigh(s3, t1)
            + multiplyHigh(s4, t0)
            + low(a1, b4)
            + low(a2, b3)
            + low(a3, b2)
            + low(a4, b1));
    add(
        accumulator,
        at + 48,
        multiplyHigh(s1, t4)
            + multiplyHigh(s2, t3)
            + multiplyHigh(s3, t2)
            + multiplyHigh(s4, t1)
            + low(a2, b4)
            + low(a3, b3)
            + low(a4, b2));
    add(
        accumulator,
        at + 56,
        multiplyHigh(s2, t4)
            + multiplyHigh(s3, t3)
            + multiplyHigh(s4, t2)
            + low(a3, b4)
            + low(a4, b3));
    add(accumulator, at + 64, multiplyHigh(s3, t4) + multiplyHigh(s4, t3) + low(a4, b4));
    add(accumulator, at + 72, multiplyHigh(s4, t4));
  }

  /** accumulator += a. */
  @ConstantTime
  public static void add(MemorySegment accumulator, long at, MemorySegment a, long aAt) {
    long w3 = a.get(WORD, aAt);
    long w2 = a.get(WORD, aAt + 8);
    long w1 = a.get(WORD, aAt + 16);
    long w0 = a.get(WORD, aAt + 24);
    add(accumulator, at, w0 & MASK);
    add(accumulator, at + 8, (w0 >>> 52 | w1 << 12) & MASK);
    add(accumulator, at + 16, (w1 >>> 40 | w2 << 24) & MASK);
    add(accumulator, at + 24, (w2 >>> 28 | w3 << 36) & MASK);
    add(accumulator, at + 32, w3 >>> 16);
  }

  /** Carries, so that another {@link #PRODUCTS} products fit. At most 2^8 times. */
  @ConstantTime
  public static void settle(MemorySegment accumulator, long at) {
    long carry = 0;
    for (int i = 0; i < 72; i += 8) {
      long limb = accumulator.get(LIMB, at + i) + carry;
      accumulator.set(LIMB, at + i, limb & MASK);
      carry = limb >>> 52;
    }
    add(accumulator, at + 72, carry);
  }

  /** out = accumulator mod q. */
  @ConstantTime
  public static void finish(MemorySegment accumulator, long at, MemorySegment out, long to) {
    settle(accumulator, at);
    fold(
        accumulator.get(LIMB, at),
        accumulator.get(LIMB, at + 8),
        accumulator.get(LIMB, at + 16),
        accumulator.get(LIMB, at + 24),
        accumulator.get(LIMB, at + 32),
        accumulator.get(LIMB, at + 40),
        accumulator.get(LIMB, at + 48),
        accumulator.get(LIMB, at + 56),
        accumulator.get(LIMB, at + 64),
        accumulator.get(LIMB, at + 72),
        out,
        to);
  }

  /** out = a - b + c, for canonical operands; out may be one of them. */
  @ConstantTime
  public static void subtractAdd(
      MemorySegment a,
      long aAt,
      MemorySegment b,
      long bAt,
      MemorySegment c,
      long cAt,
      MemorySegment out,
      long to) {
    // 2q is added limb by limb with a bias that keeps every limb from going below zero.
    long w3 = a.get(WORD, aAt);
    long w2 = a.get(WORD, aAt + 8);
    long w1 = a.get(WORD, aAt + 16);
    long w0 = a.get(WORD, aAt + 24);
    long d0 = BIAS_0 + (w0 & MASK);
    long d1 = BIAS_1 + ((w0 >>> 52 | w1 << 12) & MASK);
    long d2 = BIAS_2 + ((w1 >>> 40 | w2 << 24) & MASK);
    long d3 = BIAS_3 + ((w2 >>> 28 | w3 << 36) & MASK);
    long d4 = BIAS_4 + (w3 >>> 16);
    w3 = c.get(WORD, cAt);
    w2 = c.get(WORD, cAt + 8);
    w1 = c.get(WORD, cAt + 16);
    w0 = c.get(WORD, cAt + 24);
    d0 += w0 & MASK;
    d1 += (w0 >>> 52 | w1 << 12) & MASK;
    d2 += (w1 >>> 40 | w2 << 24) & MASK;
    d3 += (w2 >>> 28 | w3 << 36) & MASK;
    d4 += w3 >>> 16;
    w3 = b.get(WORD, bAt);
    w2 = b.get(WORD, bAt + 8);
    w1 = b.get(WORD, bAt + 16);
    w0 = b.get(WORD, bAt + 24);
    d0 -= w0 & MASK;
    d1 -= (w0 >>> 52 | w1 << 12) & MASK;
    d2 -= (w1 >>> 40 | w2 << 24) & MASK;
    d3 -= (w2 >>> 28 | w3 << 36) & MASK;
    d4 -= w3 >>> 16;
    close(d0, d1, d2, d3, d4, out, to);
  }

  /** out = a + b where the lowest bit of {@code choice} is 1, else a; out may be one of them. */
  @ConstantTime
  public static void addIf(
      int choice,
      MemorySegment a,
      long aAt,
      MemorySegment b,
      long bAt,
      MemorySegment out,
      long to) {
    long mask = -(long) (choice & 1);
    long w3 = a.get(WORD, aAt);
    long w2 = a.get(WORD, aAt + 8);
    long w1 = a.get(WORD, aAt + 16);
    long w0 = a.get(WORD, aAt + 24);
    long d0 = w0 & MASK;
    long d1 = (w0 >>> 52 | w1 << 12) & MASK;
    long d2 = (w1 >>> 40 | w2 << 24) & MASK;
    long d3 = (w2 >>> 28 | w3 << 36) & MASK;
    long d4 = w3 >>> 16;
    w3 = b.get(WORD, bAt) & mask;
    w2 = b.get(WORD, bAt + 8) & mask;
    w1 = b.get(WORD, bAt + 16) & mask;
    w0 = b.get(WORD, bAt + 24) & mask;
    d0 += w0 & MASK;
    d1 += (w0 >>> 52 | w1 << 12) & MASK;
    d2 += (w1 >>> 40 | w2 << 24) & MASK;
    d3 += (w2 >>> 28 | w3 << 36) & MASK;
    d4 += w3 >>> 16;
    close(d0, d1, d2, d3, d4, out, to);
  }

  /** 0 if the scalar is below q, else 1. */
  @ConstantTime
  public static int exceeds(MemorySegment a, long at) {
    long w3 = a.get(WORD, at);
    long w2 = a.get(WORD, at + 8);
    long w1 = a.get(WORD, at + 16);
    long w0 = a.get(WORD, at + 24);
    return (int)
        over(
            w0 & MASK,
            (w0 >>> 52 | w1 << 12) & MASK,
            (w1 >>> 40 | w2 << 24) & MASK,
            (w2 >>> 28 | w3 << 36) & MASK,
            w3 >>> 16);
  }

  /** Ten limbs, of 52 bits but the last, which may be longer. */
  @ConstantTime
  private static void fold(
      long r0,
      long r1,
      long r2,
      long r3,
      long r4,
      long r5,
      long r6,
      long r7,
      long r8,
      long r9,
      MemorySegment out,
      long to) {
    // (r5..r9)·2^260 = (r5..r9)·16c: three limbs by five, eight limbs in all. r9 has 54 bits.
    long s0 = r0 + low(r5, F0);
    long s1 = r1 + high(r5, F0) + low(r5, F1) + low(r6, F0);
    long s2 = r2 + high(r5, F1) + high(r6, F0) + low(r5, F2) + low(r6, F1) + low(r7, F0);
    long s3 =
        r3 + high(r5, F2) + high(r6, F1) + high(r7, F0) + low(r6, F2) + low(r7, F1) + low(r8, F0);
    long s4 =
        r4 + high(r6, F2) + high(r7, F1) + high(r8, F0) + low(r7, F2) + low(r8, F1) + low(r9, F0);
    long s5 = high(r7, F2) + high(r8, F1) + high(r9, F0) + low(r8, F2) + low(r9, F1);
    long s6 = high(r8, F2) + high(r9, F1) + low(r9, F2);
    long s7 = high(r9, F2);
    s1 += s0 >>> 52;
    s2 += s1 >>> 52;
    s3 += s2 >>> 52;
    s4 += s3 >>> 52;
    s5 += s4 >>> 52;
    s6 += s5 >>> 52;
    s7 += s6 >>> 52;
    s5 &= MASK;
    s6 &= MASK;
    // (s5, s6, s7)·2^260, s7 of 33 bits.
    long d0 = (s0 & MASK) + low(s5, F0);
    long d1 = (s1 & MASK) + high(s5, F0) + low(s5, F1) + low(s6, F0);
    long d2 = (s2 & MASK) + high(s5, F1) + high(s6, F0) + low(s5, F2) + low(s6, F1) + low(s7, F0);
    long d3 = (s3 & MASK) + high(s5, F2) + high(s6, F1) + high(s7, F0) + low(s6, F2) + low(s7, F1);
    long d4 = (s4 & MASK) + high(s6, F2) + high(s7, F1) + (s7 * F2);
    close(d0, d1, d2, d3, d4, out, to);
  }

  /** Stores d mod q, for d below 2^268 whose limbs have not been carried. */
  @ConstantTime
  private static void close(
      long d0, long d1, long d2, long d3, long d4, MemorySegment out, long to) {
    d1 += d0 >>> 52;
    d2 += d1 >>> 52;
    d3 += d2 >>> 52;
    d4 += d3 >>> 52;
    long top = d4 >>> 48;
    d0 = (d0 & MASK) + low(top, C0);
    d1 = (d1 & MASK) + high(top, C0) + low(top, C1) + (d0 >>> 52);
    d2 = (d2 & MASK) + high(top, C1) + top * C2 + (d1 >>> 52);
    d3 = (d3 & MASK) + (d2 >>> 52);
    d4 = (d4 & TOP_MASK) + (d3 >>> 52);
    d0 &= MASK;
    d1 &= MASK;
    d2 &= MASK;
    d3 &= MASK;
    // What is left is below 2^256 + 2^142: at most one q too much. Adding c and dropping 2^256.
    long mask = -over(d0, d1, d2, d3, d4);
    d0 += C0 & mask;
    d1 += (C1 & mask) + (d0 >>> 52);
    d2 += (C2 & mask) + (d1 >>> 52);
    d3 += d2 >>> 52;
    d4 += d3 >>> 52;
    d0 &= MASK;
    d1 &= MASK;
    d2 &= MASK;
    d3 &= MASK;
    d4 &= TOP_MASK;
    out.set(WORD, to + 24, d0 | d1 << 52);
    out.set(WORD, to + 16, d1 >>> 12 | d2 << 40);
    out.set(WORD, to + 8, d2 >>> 24 | d3 << 28);
    out.set(WORD, to, d3 >>> 36 | d4 << 16);
  }

  /** 1 if carried limbs make q or more, else 0. */
  @ConstantTime
  private static long over(long d0, long d1, long d2, long d3, long d4) {
    long carry = (d0 + C0) >>> 52;
    carry = (d1 + C1 + carry) >>> 52;
    carry = (d2 + C2 + carry) >>> 52;
    carry = (d3 + carry) >>> 52;
    return (d4 + carry) >>> 48;
  }

  @ConstantTime
  private static void add(MemorySegment accumulator, long at, long value) {
    accumulator.set(LIMB, at, accumulator.get(LIMB, at) + value);
  }

  @ConstantTime
  private static long low(long x, long y) {
    return x * y & MASK;
  }

  /** x·y / 2^52, for x and y below 2^57. */
  @ConstantTime
  private static long high(long x, long y) {
    return multiplyHigh(x << 6, y << 6);
  }
}
