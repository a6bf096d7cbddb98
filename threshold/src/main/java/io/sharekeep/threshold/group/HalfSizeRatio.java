package io.sharekeep.threshold.group;

import java.util.Optional;

/**
 * A public scalar c as a ratio of two numbers of half its size: u = v·c mod the group's order, v
 * odd. With them an equation between points takes half the doublings (Antipa, Brown, Gallant,
 * Lambert, Struik, Vanstone 2005). Found by Lehmer's form of Euclid's algorithm.
 *
 * @param u four limbs of 64 bits, least significant first, not negative
 * @param v magnitude, four limbs, odd
 * @param negative whether v is
 */
@SuppressWarnings("ArrayRecordComponent") // used up where it is made
record HalfSizeRatio(long[] u, long[] v, boolean negative) {
  /** What a remainder may have left. */
  private static final int HALF = 127;

  /** Digits of 32 bits: 288 bits in two's complement. */
  private static final int DIGITS = 9;

  private static final long MASK = 0xffffffffL;

  /** Factors below this leave room for two products and a carry in 63 bits. */
  private static final long LARGEST_FACTOR = 1L << 30;

  /** Each pass takes some thirty bits off; five are usual. */
  private static final int PASSES = 24;

  /**
   * @param order odd, of at most 256 bits
   * @param c below the order
   * @return empty for the rare scalar whose quotients are too large for this: nothing is wrong with
   *     it, it has to be used whole
   */
  static Optional<HalfSizeRatio> of(long[] order, long[] c) {
    long[] r0 = digits(order);
    long[] r1 = digits(c);
    long[] t0 = new long[DIGITS];
    long[] t1 = new long[DIGITS];
    t1[0] = 1;
    for (int pass = 0; length(r1) > HALF; pass++) {
      if (pass == PASSES || !pass(r0, r1, t0, t1)) {
        return Optional.empty();
      }
    }
    // One of both v is odd: the determinant of the two pairs is the order.
    return Optional.of((t1[0] & 1) == 1 ? ratio(r1, t1) : ratio(r0, t0));
  }

  /** Euclid's steps on the leading bits of both remainders, then on the whole of both pairs. */
  private static boolean pass(long[] r0, long[] r1, long[] t0, long[] t1) {
    int shift = Math.max(0, Math.max(length(r0), length(r1)) - 62);
    long x = leading(r0, shift);
    long y = leading(r1, shift);
    long enough = shift < HALF ? 1L << Math.min(62, HALF - shift) : 0;
    long a = 1;
    long b = 0;
    long c = 0;
    long d = 1;
    boolean moved = false;
    while (y > enough) {
      long quotient = x / y;
      if (quotient >= LARGEST_FACTOR) {
        break;
      }
      long e = a - quotient * c;
      long f = b - quotient * d;
      if (Math.abs(e) >= LARGEST_FACTOR || Math.abs(f) >= LARGEST_FACTOR) {
        break;
      }
      long rest = x - quotient * y;
      a = c;
      b = d;
      c = e;
      d = f;
      x = y;
      y = rest;
      moved = true;
    }
    combine(r0, r1, a, b, c, d);
    combine(t0, t1, a, b, c, d);
    // The leading bits alone may lead a little too far: the negative pair is as good.
    negateIfNegative(r0, t0);
    negateIfNegative(r1, t1);
    return moved;
  }

  /** (p, q) = (a·p + b·q, c·p + d·q). */
  private static void combine(long[] p, long[] q, long a, long b, long c, long d) {
    long first = 0;
    long second = 0;
    for (int i = 0; i < DIGITS; i++) {
      long x = p[i];
      long y = q[i];
      first += a * x + b * y;
      second += c * x + d * y;
      boolean top = i == DIGITS - 1;
      p[i] = top ? first : first & MASK;
      q[i] = top ? second : second & MASK;
      first >>= 32;
      second >>= 32;
    }
  }

  private static void negateIfNegative(long[] r, long[] t) {
    if (r[DIGITS - 1] < 0) {
      negate(r);
      negate(t);
    }
  }

  private static void negate(long[] n) {
    long carry = 0;
    for (int i = 0; i < DIGITS; i++) {
      carry -= n[i];
      n[i] = i == DIGITS - 1 ? carry : carry & MASK;
      carry >>= 32;
    }
  }

  private static HalfSizeRatio ratio(long[] r, long[] t) {
    boolean negative = t[DIGITS - 1] < 0;
    if (negative) {
      negate(t);
    }
    return new HalfSizeRatio(limbs(r), limbs(t), negative);
  }

  private static int length(long[] n) {
    int i = DIGITS - 1;
    while (i > 0 && n[i] == 0) {
      i--;
    }
    return 32 * i + 64 - Long.numberOfLeadingZeros(n[i]);
  }

  /** The bits from {@code shift} on, at most 62. */
  private static long leading(long[] n, int shift) {
    int word = shift >> 5;
    int bits = shift & 31;
    long all = n[word] >>> bits;
    for (int i = 1; i <= 2 && word + i < DIGITS; i++) {
      all |= n[word + i] << (32 * i - bits);
    }
    return all;
  }

  private static long[] digits(long[] limbs) {
    long[] digits = new long[DIGITS];
    for (int i = 0; i < limbs.length; i++) {
      digits[2 * i] = limbs[i] & MASK;
      digits[2 * i + 1] = limbs[i] >>> 32;
    }
    return digits;
  }

  private static long[] limbs(long[] digits) {
    long[] limbs = new long[4];
    for (int i = 0; i < 4; i++) {
      limbs[i] = digits[2 * i] | digits[2 * i + 1] << 32;
    }
    return limbs;
  }
}
