package io.sharekeep.threshold.group;

import static java.lang.Math.multiplyHigh;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigInteger;
import java.nio.ByteOrder;

/**
 * An integer mod p = 2^255 - 19 for public values: the arithmetic and the bounds of {@link
 * SlabField25519} on a mutable object. Operands may be the result, too.
 */
final class FieldElement25519 {
  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long MASK = (1L << 51) - 1;

  /** 4p, limb by limb: what keeps a difference from going below zero. */
  private static final long BIAS_0 = 4 * (MASK - 18);

  private static final long BIAS = 4 * MASK;

  private static final FieldElement25519 ROOT_OF_MINUS_ONE =
      of(
          new BigInteger(
              "19681161376707505956807079304988542015446066515923890162744021073123829784752"));

  private long l0;
  private long l1;
  private long l2;
  private long l3;
  private long l4;

  /** this = ab. */
  FieldElement25519 multiply(FieldElement25519 a, FieldElement25519 b) {
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
    long t0 = b0 << 7;
    long t1 = b1 << 7;
    long t2 = b2 << 7;
    long t3 = b3 << 7;
    long t4 = b4 << 7;
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
  FieldElement25519 square(FieldElement25519 a) {
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
    long t0 = a0 << 7;
    long t1 = a1 << 7;
    long t2 = a2 << 7;
    long t3 = a3 << 7;
    long t4 = a4 << 7;
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

  private FieldElement25519 fold(
      long r0, long r1, long r2, long r3, long r4, long r5, long r6, long r7, long r8, long r9) {
    r0 += 19 * r5;
    r1 += 19 * r6;
    r2 += 19 * r7;
    r3 += 19 * r8;
    r4 += 19 * r9;
    r1 += r0 >>> 51;
    r2 += r1 >>> 51;
    r3 += r2 >>> 51;
    r4 += r3 >>> 51;
    l0 = (r0 & MASK) + 19 * (r4 >>> 51);
    l1 = r1 & MASK;
    l2 = r2 & MASK;
    l3 = r3 & MASK;
    l4 = r4 & MASK;
    return this;
  }

  private static long low(long x, long y) {
    return x * y & MASK;
  }

  /** this = a + b, not carried. */
  FieldElement25519 add(FieldElement25519 a, FieldElement25519 b) {
    l0 = a.l0 + b.l0;
    l1 = a.l1 + b.l1;
    l2 = a.l2 + b.l2;
    l3 = a.l3 + b.l3;
    l4 = a.l4 + b.l4;
    return this;
  }

  /** this = a - b. */
  FieldElement25519 subtract(FieldElement25519 a, FieldElement25519 b) {
    long d0 = a.l0 + BIAS_0 - b.l0;
    long d1 = a.l1 + BIAS - b.l1;
    long d2 = a.l2 + BIAS - b.l2;
    long d3 = a.l3 + BIAS - b.l3;
    long d4 = a.l4 + BIAS - b.l4;
    return carry(d0, d1, d2, d3, d4);
  }

  private FieldElement25519 carry(long d0, long d1, long d2, long d3, long d4) {
    l0 = (d0 & MASK) + 19 * (d4 >>> 51);
    l1 = (d1 & MASK) + (d0 >>> 51);
    l2 = (d2 & MASK) + (d1 >>> 51);
    l3 = (d3 & MASK) + (d2 >>> 51);
    l4 = (d4 & MASK) + (d3 >>> 51);
    return this;
  }

  FieldElement25519 set(FieldElement25519 a) {
    l0 = a.l0;
    l1 = a.l1;
    l2 = a.l2;
    l3 = a.l3;
    l4 = a.l4;
    return this;
  }

  FieldElement25519 set(long small) {
    l0 = small;
    l1 = 0;
    l2 = 0;
    l3 = 0;
    l4 = 0;
    return this;
  }

  /** this = a^(2^times), times ≥ 1. */
  FieldElement25519 square(FieldElement25519 a, int times) {
    square(a);
    for (int i = 1; i < times; i++) {
      square(this);
    }
    return this;
  }

  /** Brings this to the one representation below p. */
  FieldElement25519 normalize() {
    long a0 = l0;
    long a1 = l1;
    long a2 = l2;
    long a3 = l3;
    long a4 = l4;
    // Twice, for what the first round carries into the lowest limb.
    for (int i = 0; i < 2; i++) {
      a1 += a0 >>> 51;
      a0 &= MASK;
      a2 += a1 >>> 51;
      a1 &= MASK;
      a3 += a2 >>> 51;
      a2 &= MASK;
      a4 += a3 >>> 51;
      a3 &= MASK;
      a0 += 19 * (a4 >>> 51);
      a4 &= MASK;
    }
    // 1 if the value is p or more: then adding 19 and dropping 2^255 subtracts p.
    long over = (a0 + 19) >>> 51;
    over = (a1 + over) >>> 51;
    over = (a2 + over) >>> 51;
    over = (a3 + over) >>> 51;
    over = (a4 + over) >>> 51;
    a0 += 19 * over;
    a1 += a0 >>> 51;
    a0 &= MASK;
    a2 += a1 >>> 51;
    a1 &= MASK;
    a3 += a2 >>> 51;
    a2 &= MASK;
    a4 += a3 >>> 51;
    a3 &= MASK;
    a4 &= MASK;
    l0 = a0;
    l1 = a1;
    l2 = a2;
    l3 = a3;
    l4 = a4;
    return this;
  }

  boolean isZero() {
    var a = new FieldElement25519().set(this).normalize();
    return (a.l0 | a.l1 | a.l2 | a.l3 | a.l4) == 0;
  }

  boolean sameAs(FieldElement25519 other) {
    return new FieldElement25519().subtract(this, other).isZero();
  }

  boolean isOdd() {
    return (new FieldElement25519().set(this).normalize().l0 & 1) == 1;
  }

  /** The limbs, for a table from which secrets select: normalized, five from {@code at} on. */
  void write(long[] table, int at) {
    var a = new FieldElement25519().set(this).normalize();
    table[at] = a.l0;
    table[at + 1] = a.l1;
    table[at + 2] = a.l2;
    table[at + 3] = a.l3;
    table[at + 4] = a.l4;
  }

  /** this = what {@link #write} left. */
  FieldElement25519 read(long[] table, int at) {
    l0 = table[at];
    l1 = table[at + 1];
    l2 = table[at + 2];
    l3 = table[at + 3];
    l4 = table[at + 4];
    return this;
  }

  /** The canonical 32 bytes. */
  void encode(byte[] out, int at) {
    var words = new FieldElement25519().set(this).normalize().words();
    for (int i = 0; i < words.length; i++) {
      WORDS.set(out, at + 8 * i, words[i]);
    }
  }

  /** Four words of 64 bits, least significant first, of a normalized element. */
  private long[] words() {
    return new long[] {
      l0 | l1 << 51, l1 >>> 13 | l2 << 38, l2 >>> 26 | l3 << 25, l3 >>> 39 | l4 << 12
    };
  }

  private FieldElement25519 words(long w0, long w1, long w2, long w3) {
    l0 = w0 & MASK;
    l1 = (w0 >>> 51 | w1 << 13) & MASK;
    l2 = (w1 >>> 38 | w2 << 26) & MASK;
    l3 = (w2 >>> 25 | w3 << 39) & MASK;
    l4 = w3 >>> 12 & MASK;
    return this;
  }

  /**
   * this = the 32 bytes, little-endian, without the highest bit.
   *
   * @return false if they are p or more
   */
  boolean decode(byte[] in, int at) {
    words(
        (long) WORDS.get(in, at),
        (long) WORDS.get(in, at + 8),
        (long) WORDS.get(in, at + 16),
        (long) WORDS.get(in, at + 24));
    // p and the 18 values above it are the only ones that are not canonical.
    return !(l4 == MASK && l3 == MASK && l2 == MASK && l1 == MASK && l0 >= MASK - 18);
  }

  /** this = 1/a, 0 for 0. */
  FieldElement25519 invert(FieldElement25519 a) {
    var words = new FieldElement25519().set(a).normalize().words();
    DivisionSteps.invert(words);
    return words(words[0], words[1], words[2], words[3]);
  }

  /** this = a^((p-5)/8) = a^(2^252 - 3). */
  FieldElement25519 rootPower(FieldElement25519 a) {
    var u = new FieldElement25519().square(a);
    var ones = new FieldElement25519().square(u, 2);
    ones.multiply(ones, a); // 9
    u.multiply(ones, u); // 11
    u.square(u);
    ones.multiply(ones, u); // 2^5 - 1
    var ten = new FieldElement25519();
    ten.multiply(u.square(ones, 5), ones);
    ones.multiply(u.square(ten, 10), ten);
    u.multiply(u.square(ones, 20), ones); // 2^40 - 1
    ten.multiply(u.square(u, 10), ten); // 2^50 - 1
    ones.multiply(u.square(ten, 50), ten);
    u.multiply(u.square(ones, 100), ones); // 2^200 - 1
    u.multiply(u.square(u, 50), ten); // 2^250 - 1
    return multiply(u.square(u, 2), a);
  }

  /**
   * this = a square root of u/v, by RFC 8032 section 5.1.3.
   *
   * @return false if there is none
   */
  boolean rootOfRatio(FieldElement25519 u, FieldElement25519 v) {
    var v3 = new FieldElement25519().square(v);
    v3.multiply(v3, v);
    var t = new FieldElement25519().square(v3);
    t.multiply(t, v).multiply(t, u); // u v^7
    var x = new FieldElement25519();
    x.rootPower(t).multiply(x, v3).multiply(x, u);
    t.square(x).multiply(t, v);
    if (!t.sameAs(u)) {
      x.multiply(x, ROOT_OF_MINUS_ONE);
      t.square(x).multiply(t, v);
      if (!t.sameAs(u)) {
        return false;
      }
    }
    set(x);
    return true;
  }

  /** A constant below p. */
  static FieldElement25519 of(BigInteger value) {
    var a = new FieldElement25519();
    for (int i = 31; i >= 0; i--) {
      for (int j = 0; j < 8; j++) {
        a.add(a, a).carry(a.l0, a.l1, a.l2, a.l3, a.l4);
      }
      a.l0 += value.shiftRight(8 * i).intValue() & 255;
    }
    return a.normalize();
  }
}
