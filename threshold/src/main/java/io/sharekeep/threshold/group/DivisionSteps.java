package io.sharekeep.threshold.group;

/**
 * The inverse of a public integer mod p = 2^255 - 19 by Bernstein and Yang's division steps ("Fast
 * constant-time gcd computation and modular inversion", 2019), in variable time: half of what a
 * power costs. For public values only, since its time tells of them.
 *
 * <p>A step maps (f, g) to one of (f, g/2), (f, (g+f)/2), (g, (g-f)/2); from (p, a) it comes to
 * (±1, 0). Thirty at a time are decided by the lowest 30 bits alone and gathered in a matrix of
 * 2^30 times their product. Numbers are 9 limbs of 30 bits, the highest of which has the sign.
 */
final class DivisionSteps {
  private static final int LIMB = 30;
  private static final int LIMBS = 9;
  private static final int MASK = (1 << LIMB) - 1;
  private static final int HIGHEST = LIMBS - 1;

  /** 2^255 in units of the highest limb. */
  private static final int SHIFT = 255 - HIGHEST * LIMB;

  private static final int REST = 19;

  /** 1/p mod 2^30. */
  private static final int INVERSE = inverse(-REST);

  private final int[] f = new int[LIMBS];
  private final int[] g;

  /** With p: always a·d = f and a·e = g, and -2p &lt; d, e &lt; p. */
  private final int[] d = new int[LIMBS];

  private final int[] e = new int[LIMBS];

  /** Minus delta of the paper; and the matrix. */
  private int eta = -1;

  private int u;
  private int v;
  private int q;
  private int r;

  private DivisionSteps(long[] words) {
    g = limbs(words);
    f[0] = MASK + 1 - REST;
    for (int i = 1; i < HIGHEST; i++) {
      f[i] = MASK;
    }
    f[HIGHEST] = (1 << SHIFT) - 1;
    e[0] = 1;
  }

  /**
   * @param words below p, four of 64 bits, least significant first; the inverse afterwards, 0 for 0
   */
  static void invert(long[] words) {
    var steps = new DivisionSteps(words);
    while (!steps.done()) {
      steps.decide();
      steps.moveInverses();
      steps.move();
    }
    steps.write(words);
  }

  private boolean done() {
    int any = 0;
    for (int limb : g) {
      any |= limb;
    }
    return any == 0;
  }

  private void decide() {
    int low = f[0];
    int next = g[0];
    u = 1;
    v = 0;
    q = 0;
    r = 1;
    int left = LIMB;
    while (true) {
      int zeros = Integer.numberOfTrailingZeros(next | -1 << left);
      next >>= zeros;
      u <<= zeros;
      v <<= zeros;
      eta -= zeros;
      left -= zeros;
      if (left == 0) {
        return;
      }
      if (eta < 0) {
        eta = -eta;
        int old = low;
        low = next;
        next = -old;
        old = u;
        u = q;
        q = -old;
        old = v;
        v = r;
        r = -old;
      }
      // Adding this multiple of f makes up to 6 low bits of g zero, of which one step at a time
      // would have found no more than eta + 1 before the two change places.
      int bits = Math.min(Math.min(eta + 1, left), 6);
      int multiple = low * next * (low * low - 2) & (1 << bits) - 1;
      next += low * multiple;
      q += u * multiple;
      r += v * multiple;
    }
  }

  /** (f, g) times the matrix over 2^30. */
  private void move() {
    long newF = ((long) u * f[0] + (long) v * g[0]) >> LIMB;
    long newG = ((long) q * f[0] + (long) r * g[0]) >> LIMB;
    for (int i = 1; i < LIMBS; i++) {
      newF += (long) u * f[i] + (long) v * g[i];
      newG += (long) q * f[i] + (long) r * g[i];
      f[i - 1] = (int) newF & MASK;
      g[i - 1] = (int) newG & MASK;
      newF >>= LIMB;
      newG >>= LIMB;
    }
    f[HIGHEST] = (int) newF;
    g[HIGHEST] = (int) newG;
  }

  /** (d, e) times the matrix over 2^30, with what multiple of p makes that an integer. */
  private void moveInverses() {
    int signD = d[HIGHEST] >> 31;
    int signE = e[HIGHEST] >> 31;
    int timesD = (u & signD) + (v & signE);
    int timesE = (q & signD) + (r & signE);
    long newD = (long) u * d[0] + (long) v * e[0];
    long newE = (long) q * d[0] + (long) r * e[0];
    timesD -= INVERSE * (int) newD + timesD & MASK;
    timesE -= INVERSE * (int) newE + timesE & MASK;
    newD = (newD - (long) REST * timesD) >> LIMB;
    newE = (newE - (long) REST * timesE) >> LIMB;
    for (int i = 1; i < LIMBS; i++) {
      newD += (long) u * d[i] + (long) v * e[i];
      newE += (long) q * d[i] + (long) r * e[i];
      if (i == HIGHEST) {
        newD += (long) timesD << SHIFT;
        newE += (long) timesE << SHIFT;
      }
      d[i - 1] = (int) newD & MASK;
      e[i - 1] = (int) newE & MASK;
      newD >>= LIMB;
      newE >>= LIMB;
    }
    d[HIGHEST] = (int) newD;
    e[HIGHEST] = (int) newE;
  }

  /** ±d, for f = ±1, made 0..p-1. */
  private void write(long[] words) {
    int sign = f[HIGHEST] < 0 ? -1 : 1;
    long carry = 0;
    for (int i = 0; i < LIMBS; i++) {
      carry += (long) sign * d[i];
      d[i] = (int) carry & MASK;
      carry >>= LIMB;
    }
    // The sign went into the carry; p is added until it is gone, and then taken away while it can.
    while (carry < 0) {
      carry += addP(1);
    }
    while (!belowP()) {
      carry += addP(-1);
    }
    for (int i = 0; i < words.length; i++) {
      words[i] = 0;
    }
    for (int i = 0; i < LIMBS; i++) {
      int at = i * LIMB;
      words[at >> 6] |= (long) d[i] << at;
      if ((at & 63) > 64 - LIMB && (at >> 6) + 1 < words.length) {
        words[(at >> 6) + 1] |= (long) d[i] >>> (64 - (at & 63));
      }
    }
  }

  private long addP(int times) {
    long carry = (long) -REST * times;
    for (int i = 0; i < LIMBS; i++) {
      carry += d[i] + (i == HIGHEST ? (long) times << SHIFT : 0);
      d[i] = (int) carry & MASK;
      carry >>= LIMB;
    }
    return carry;
  }

  private boolean belowP() {
    long carry = REST;
    for (int i = 0; i < LIMBS; i++) {
      carry += d[i];
      carry >>= i == HIGHEST ? SHIFT : LIMB;
    }
    return carry == 0;
  }

  private static int[] limbs(long[] words) {
    var limbs = new int[LIMBS];
    for (int i = 0; i < LIMBS; i++) {
      int at = i * LIMB;
      long bits = words[at >> 6] >>> at;
      if ((at & 63) > 64 - LIMB && (at >> 6) + 1 < words.length) {
        bits |= words[(at >> 6) + 1] << (64 - (at & 63));
      }
      limbs[i] = (int) bits & MASK;
    }
    return limbs;
  }

  /** Of an odd number mod 2^30, by Newton's iteration. */
  private static int inverse(int odd) {
    int inverse = odd;
    for (int i = 0; i < 5; i++) {
      inverse *= 2 - odd * inverse;
    }
    return inverse & MASK;
  }
}
