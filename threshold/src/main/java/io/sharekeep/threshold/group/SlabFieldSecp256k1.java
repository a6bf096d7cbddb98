package io.sharekeep.threshold.group;

import static java.lang.Math.multiplyHigh;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Integers mod p = 2^256 - 2^32 - 977 for secrets: five limbs of 52 bits at an offset of a work
 * segment, all of it branch-free.
 *
 * <p>A product, a square, a difference and a selected element have limbs below 2^52 + 2^38, the
 * highest below 2^48 + 2^6 ("carried"). A sum has limbs below the sum of its operands'. Operands
 * may be a sum of three carried elements in a difference and of eight in a product. The high half
 * of a limb product is taken of shifted factors, so that it counts multiples of 2^52.
 */
final class SlabFieldSecp256k1 {
  /** Bytes of an element. */
  static final long SIZE = 40;

  private static final ValueLayout.OfLong LIMB = ValueLayout.JAVA_LONG_UNALIGNED;
  private static final ValueLayout.OfLong WORD =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
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

  private SlabFieldSecp256k1() {}

  /** out = ab. */
  @ConstantTime
  static void multiply(MemorySegment w, long out, long a, long b) {
    long a0 = w.get(LIMB, a);
    long a1 = w.get(LIMB, a + 8);
    long a2 = w.get(LIMB, a + 16);
    long a3 = w.get(LIMB, a + 24);
    long a4 = w.get(LIMB, a + 32);
    long b0 = w.get(LIMB, b);
    long b1 = w.get(LIMB, b + 8);
    long b2 = w.get(LIMB, b + 16);
    long b3 = w.get(LIMB, b + 24);
    long b4 = w.get(LIMB, b + 32);
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
    fold(w, out, r0, r1, r2, r3, r4, r5, r6, r7, r8, r9);
  }

  /** out = a². */
  @ConstantTime
  static void square(MemorySegment w, long out, long a) {
    square(w, out, a, 1);
  }

  /** out = a^(2^times), for a public number of times. In between, the limbs are in registers. */
  @ConstantTime(publicInts = true)
  static void square(MemorySegment w, long out, long a, int times) {
    long a0 = w.get(LIMB, a);
    long a1 = w.get(LIMB, a + 8);
    long a2 = w.get(LIMB, a + 16);
    long a3 = w.get(LIMB, a + 24);
    long a4 = w.get(LIMB, a + 32);
    for (int i = 0; i < times; i++) {
      long s0 = a0 << 6;
      long s1 = a1 << 6;
      long s2 = a2 << 6;
      long s3 = a3 << 6;
      long s4 = a4 << 6;
      long e0 = a0 << 1;
      long e1 = a1 << 1;
      long e2 = a2 << 1;
      long e3 = a3 << 1;
      long d0 = a0 << 7;
      long d1 = a1 << 7;
      long d2 = a2 << 7;
      long d3 = a3 << 7;
      long r0 = low(a0, a0);
      long r1 = multiplyHigh(s0, s0) + low(e0, a1);
      long r2 = multiplyHigh(d0, s1) + low(e0, a2) + low(a1, a1);
      long r3 = multiplyHigh(d0, s2) + multiplyHigh(s1, s1) + low(e0, a3) + low(e1, a2);
      long r4 =
          multiplyHigh(d0, s3) + multiplyHigh(d1, s2) + low(e0, a4) + low(e1, a3) + low(a2, a2);
      long r5 =
          multiplyHigh(d0, s4)
              + multiplyHigh(d1, s3)
              + multiplyHigh(s2, s2)
              + low(e1, a4)
              + low(e2, a3);
      long r6 = multiplyHigh(d1, s4) + multiplyHigh(d2, s3) + low(e2, a4) + low(a3, a3);
      long r7 = multiplyHigh(d2, s4) + multiplyHigh(s3, s3) + low(e3, a4);
      long r8 = multiplyHigh(d3, s4) + low(a4, a4);
      long r9 = multiplyHigh(s4, s4);
      // As in fold.
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
      a0 = r0 & MASK;
      a1 = r1 & MASK;
      a2 = (r2 & MASK) + (r1 >>> 52);
      a3 = r3 & MASK;
      a4 = r4 & TOP_MASK;
    }
    w.set(LIMB, out, a0);
    w.set(LIMB, out + 8, a1);
    w.set(LIMB, out + 16, a2);
    w.set(LIMB, out + 24, a3);
    w.set(LIMB, out + 32, a4);
  }

  @ConstantTime
  private static void fold(
      MemorySegment w,
      long out,
      long r0,
      long r1,
      long r2,
      long r3,
      long r4,
      long r5,
      long r6,
      long r7,
      long r8,
      long r9) {
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
    w.set(LIMB, out, r0 & MASK);
    w.set(LIMB, out + 8, r1 & MASK);
    w.set(LIMB, out + 16, (r2 & MASK) + (r1 >>> 52));
    w.set(LIMB, out + 24, r3 & MASK);
    w.set(LIMB, out + 32, r4 & TOP_MASK);
  }

  @ConstantTime
  private static long low(long x, long y) {
    return x * y & MASK;
  }

  @ConstantTime
  private static long foldHigh(long x) {
    return multiplyHigh(x << 6, FOLD << 6);
  }

  /** out = a times a public factor of at most 32. */
  @ConstantTime
  static void multiplySmall(MemorySegment w, long out, long a, long factor) {
    long d0 = factor * w.get(LIMB, a);
    long d1 = factor * w.get(LIMB, a + 8);
    long d2 = factor * w.get(LIMB, a + 16);
    long d3 = factor * w.get(LIMB, a + 24);
    long d4 = factor * w.get(LIMB, a + 32);
    carry(w, out, d0, d1, d2, d3, d4);
  }

  /** out = a + b, not carried. */
  @ConstantTime
  static void add(MemorySegment w, long out, long a, long b) {
    w.set(LIMB, out, w.get(LIMB, a) + w.get(LIMB, b));
    w.set(LIMB, out + 8, w.get(LIMB, a + 8) + w.get(LIMB, b + 8));
    w.set(LIMB, out + 16, w.get(LIMB, a + 16) + w.get(LIMB, b + 16));
    w.set(LIMB, out + 24, w.get(LIMB, a + 24) + w.get(LIMB, b + 24));
    w.set(LIMB, out + 32, w.get(LIMB, a + 32) + w.get(LIMB, b + 32));
  }

  /** out = a - b. */
  @ConstantTime
  static void subtract(MemorySegment w, long out, long a, long b) {
    long d0 = w.get(LIMB, a) + BIAS_0 - w.get(LIMB, b);
    long d1 = w.get(LIMB, a + 8) + BIAS - w.get(LIMB, b + 8);
    long d2 = w.get(LIMB, a + 16) + BIAS - w.get(LIMB, b + 16);
    long d3 = w.get(LIMB, a + 24) + BIAS - w.get(LIMB, b + 24);
    long d4 = w.get(LIMB, a + 32) + BIAS_4 - w.get(LIMB, b + 32);
    carry(w, out, d0, d1, d2, d3, d4);
  }

  @ConstantTime
  private static void carry(
      MemorySegment w, long out, long d0, long d1, long d2, long d3, long d4) {
    w.set(LIMB, out, (d0 & MASK) + TOP_FOLD * (d4 >>> 48));
    w.set(LIMB, out + 8, (d1 & MASK) + (d0 >>> 52));
    w.set(LIMB, out + 16, (d2 & MASK) + (d1 >>> 52));
    w.set(LIMB, out + 24, (d3 & MASK) + (d2 >>> 52));
    w.set(LIMB, out + 32, (d4 & TOP_MASK) + (d3 >>> 52));
  }

  /** out = a, one of the small constants. */
  @ConstantTime
  static void set(MemorySegment w, long out, long value) {
    w.set(LIMB, out, value);
    w.set(LIMB, out + 8, 0);
    w.set(LIMB, out + 16, 0);
    w.set(LIMB, out + 24, 0);
    w.set(LIMB, out + 32, 0);
  }

  /** out = the field element at {@code base + digit * stride} of a public table of 16 entries. */
  @ConstantTime
  static void select(MemorySegment w, long out, long[] table, int base, int stride, int digit) {
    long s0 = 0;
    long s1 = 0;
    long s2 = 0;
    long s3 = 0;
    long s4 = 0;
    for (int i = 0; i < 16; i++) {
      int at = base + i * stride;
      long mask = (long) ((i ^ digit) - 1) >> 63;
      s0 |= table[at] & mask;
      s1 |= table[at + 1] & mask;
      s2 |= table[at + 2] & mask;
      s3 |= table[at + 3] & mask;
      s4 |= table[at + 4] & mask;
    }
    w.set(LIMB, out, s0);
    w.set(LIMB, out + 8, s1);
    w.set(LIMB, out + 16, s2);
    w.set(LIMB, out + 24, s3);
    w.set(LIMB, out + 32, s4);
  }

  /** Brings a to the one representation below p. */
  @ConstantTime
  static void normalize(MemorySegment w, long a) {
    long a0 = w.get(LIMB, a);
    long a1 = w.get(LIMB, a + 8);
    long a2 = w.get(LIMB, a + 16);
    long a3 = w.get(LIMB, a + 24);
    long a4 = w.get(LIMB, a + 32);
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
    w.set(LIMB, a, a0);
    w.set(LIMB, a + 8, a1);
    w.set(LIMB, a + 16, a2);
    w.set(LIMB, a + 24, a3);
    w.set(LIMB, a + 32, a4);
  }

  /** Normalizes a, and writes its 32 bytes into {@code out} at {@code at}. */
  @ConstantTime
  static void encode(MemorySegment w, long a, MemorySegment out, long at) {
    normalize(w, a);
    long a0 = w.get(LIMB, a);
    long a1 = w.get(LIMB, a + 8);
    long a2 = w.get(LIMB, a + 16);
    long a3 = w.get(LIMB, a + 24);
    long a4 = w.get(LIMB, a + 32);
    out.set(WORD, at + 24, a0 | a1 << 52);
    out.set(WORD, at + 16, a1 >>> 12 | a2 << 40);
    out.set(WORD, at + 8, a2 >>> 24 | a3 << 28);
    out.set(WORD, at, a3 >>> 36 | a4 << 16);
  }

  /** Normalizes a; 1 if it is 0 mod p, else 0. */
  @ConstantTime
  static int isZero(MemorySegment w, long a) {
    normalize(w, a);
    long a0 = w.get(LIMB, a);
    long a1 = w.get(LIMB, a + 8);
    long a2 = w.get(LIMB, a + 16);
    long a3 = w.get(LIMB, a + 24);
    long a4 = w.get(LIMB, a + 32);
    return (int) Limbs.isZero(a0 | a1 | a2 | a3 | a4);
  }

  /** out = the 32 big-endian bytes of {@code in} at {@code at}, mod p. */
  @ConstantTime
  static void decode(MemorySegment w, long out, MemorySegment in, long at) {
    long w3 = in.get(WORD, at);
    long w2 = in.get(WORD, at + 8);
    long w1 = in.get(WORD, at + 16);
    long w0 = in.get(WORD, at + 24);
    w.set(LIMB, out, w0 & MASK);
    w.set(LIMB, out + 8, (w0 >>> 52 | w1 << 12) & MASK);
    w.set(LIMB, out + 16, (w1 >>> 40 | w2 << 24) & MASK);
    w.set(LIMB, out + 24, (w2 >>> 28 | w3 << 36) & MASK);
    w.set(LIMB, out + 32, w3 >>> 16);
  }

  /** out = a where {@code choice} is 0, b where it is 1; the choice may be secret. */
  @ConstantTime
  static void choose(MemorySegment w, long out, long a, long b, int choice) {
    long mask = -(long) (choice & 1);
    for (int i = 0; i < 40; i += 8) {
      long x = w.get(LIMB, a + i);
      w.set(LIMB, out + i, x ^ ((x ^ w.get(LIMB, b + i)) & mask));
    }
  }

  /** The lowest bit of a, which is normalized. */
  @ConstantTime
  static int parity(MemorySegment w, long a) {
    return (int) w.get(LIMB, a) & 1;
  }

  /** out = 1/a by Fermat, 0 for 0. Uses 6 elements from {@code t} on; out is none of them. */
  static void invert(MemorySegment w, long out, long a, long t) {
    quarterPower(w, out, a, t);
    square(w, out, out, 2);
    multiply(w, out, out, a);
  }

  /**
   * out = a^((p - 3)/4), so that a·out is a square root of a if it has one. Uses 6 elements from
   * {@code t} on; out is neither of them nor a.
   *
   * <p>(p - 3)/4 is, in binary, 223 ones, a zero, 22 ones, 00001011.
   */
  static void quarterPower(MemorySegment w, long out, long a, long t) {
    long two = t;
    long u = t + SIZE;
    long v = t + 2 * SIZE;
    long twentyTwo = t + 3 * SIZE;
    long x = t + 4 * SIZE;
    long y = t + 5 * SIZE;
    square(w, u, a);
    multiply(w, two, u, a); // 2 ones
    square(w, u, two);
    multiply(w, v, u, a); // 3
    square(w, u, v, 3);
    multiply(w, u, u, v); // 6
    square(w, u, u, 3);
    multiply(w, u, u, v); // 9
    square(w, u, u, 2);
    multiply(w, u, u, two); // 11
    square(w, twentyTwo, u, 11);
    multiply(w, twentyTwo, twentyTwo, u); // 22
    square(w, u, twentyTwo, 22);
    multiply(w, u, u, twentyTwo); // 44
    square(w, x, u, 44);
    multiply(w, x, x, u); // 88
    square(w, y, x, 88);
    multiply(w, x, y, x); // 176
    square(w, x, x, 44);
    multiply(w, u, x, u); // 220
    square(w, u, u, 3);
    multiply(w, u, u, v); // 223
    square(w, u, u, 23);
    multiply(w, u, u, twentyTwo);
    square(w, u, u, 5);
    multiply(w, u, u, a);
    square(w, u, u, 3);
    multiply(w, out, u, two);
  }
}
