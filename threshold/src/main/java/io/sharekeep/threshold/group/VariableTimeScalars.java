package io.sharekeep.threshold.group;

import static io.sharekeep.threshold.group.Limbs.borrow;
import static io.sharekeep.threshold.group.Limbs.carry;
import static java.lang.Math.unsignedMultiplyHigh;

import java.math.BigInteger;
import java.util.Optional;

/**
 * The public half of a scalar field: variable-time arithmetic on arrays of four limbs of 64 bits,
 * least significant first. In the tests it is also the witness of the secret half.
 */
abstract sealed class VariableTimeScalars implements ScalarField permits MontgomeryScalars {
  static final int LENGTH = GroupId.SCALAR_LENGTH;
  private static final BigInteger WORD = BigInteger.TWO.pow(64);

  final GroupId group;
  private final BigInteger order;
  final long[] q;

  /** -1/q mod 2^64. */
  final long qInverse;

  /** R mod q, with R = 2^256. */
  final long[] r;

  /** R² mod q. */
  final long[] rSquared;

  VariableTimeScalars(GroupId group, BigInteger order) {
    this.group = group;
    this.order = order;
    this.q = limbs(order);
    this.qInverse = order.modInverse(WORD).negate().longValue();
    this.r = limbs(BigInteger.TWO.pow(256).mod(order));
    this.rSquared = limbs(BigInteger.TWO.pow(512).mod(order));
  }

  /** Limb {@code index} of an encoding of {@code limbs} limbs. */
  abstract long limb(byte[] encoding, int limbs, int index);

  abstract void store(byte[] out, long[] limbs);

  @Override
  public Optional<PublicScalar> decode(byte[] encoding) {
    if (encoding.length != LENGTH || !less(limbsOf(encoding, 4), q)) {
      return Optional.empty();
    }
    return Optional.of(new PublicScalar(group, encoding.clone()));
  }

  @Override
  public PublicScalar scalar(long[] limbs) {
    if (!less(limbs, q)) {
      throw new IllegalArgumentException("not below the order");
    }
    return encoded(limbs);
  }

  @Override
  public long[] order() {
    return q.clone();
  }

  @Override
  public PublicScalar scalar(long value) {
    if (value < 0) {
      throw new IllegalArgumentException("negative: " + value);
    }
    return encoded(new long[] {value, 0, 0, 0});
  }

  @Override
  public PublicScalar reduce(byte[] wide) {
    if (wide.length != 2 * LENGTH) {
      throw new IllegalArgumentException(wide.length + " bytes, not " + 2 * LENGTH);
    }
    long[] all = limbsOf(wide, 8);
    long[] low = {all[0], all[1], all[2], all[3]};
    long[] high = {all[4], all[5], all[6], all[7]};
    return encoded(sum(montgomery(high, rSquared), montgomery(low, r)));
  }

  @Override
  public PublicScalar add(PublicScalar a, PublicScalar b) {
    return encoded(sum(limbs(a), limbs(b)));
  }

  @Override
  public PublicScalar subtract(PublicScalar a, PublicScalar b) {
    return encoded(sum(limbs(a), negative(limbs(b))));
  }

  @Override
  public PublicScalar multiply(PublicScalar a, PublicScalar b) {
    return encoded(montgomery(montgomery(limbs(a), limbs(b)), rSquared));
  }

  @Override
  public PublicScalar negate(PublicScalar a) {
    return encoded(negative(limbs(a)));
  }

  @Override
  public PublicScalar invert(PublicScalar a) {
    if (a.isZero()) {
      throw new ArithmeticException("zero has no inverse");
    }
    long[] limbs = limbs(a);
    long[] negative = negative(limbs);
    if (isSmall(limbs)) {
      return encoded(inverseOfSmall(limbs[0]));
    }
    if (isSmall(negative)) {
      return encoded(negative(inverseOfSmall(negative[0])));
    }
    return encoded(limbs(integer(limbs).modInverse(order)));
  }

  private static boolean isSmall(long[] limbs) {
    return limbs[0] >= 0 && (limbs[1] | limbs[2] | limbs[3]) == 0;
  }

  /**
   * For a &lt; 2^63, as the differences of evaluation points and their products are: 1/a = (1 +
   * qm)/a with m = -1/q mod a. Ten times as fast as the general inverse.
   */
  private long[] inverseOfSmall(long a) {
    if (a == 1) {
      return new long[] {1, 0, 0, 0};
    }
    var divisor = BigInteger.valueOf(a);
    long m = a - inverse(order.mod(divisor).longValue(), a);
    return limbs(order.multiply(BigInteger.valueOf(m)).add(BigInteger.ONE).divide(divisor));
  }

  /** 1/b mod a by Euclid, for coprime 0 &lt; b &lt; a. */
  private static long inverse(long b, long a) {
    long r0 = a;
    long r1 = b;
    long t0 = 0;
    long t1 = 1;
    while (r1 != 0) {
      long quotient = r0 / r1;
      long r2 = r0 - quotient * r1;
      long t2 = t0 - quotient * t1;
      r0 = r1;
      r1 = r2;
      t0 = t1;
      t1 = t2;
    }
    return t0 < 0 ? t0 + a : t0;
  }

  @Override
  public long[] limbs(PublicScalar a) {
    if (a.group() != group) {
      throw new IllegalArgumentException("a scalar of " + a.group() + ", not of " + group);
    }
    return limbsOf(a.raw(), 4);
  }

  private long[] limbsOf(byte[] encoding, int count) {
    long[] limbs = new long[count];
    for (int i = 0; i < count; i++) {
      limbs[i] = limb(encoding, count, i);
    }
    return limbs;
  }

  private PublicScalar encoded(long[] limbs) {
    byte[] encoding = new byte[LENGTH];
    store(encoding, limbs);
    return new PublicScalar(group, encoding);
  }

  /** ab/R mod q, for a &lt; R and b &lt; q. */
  final long[] montgomery(long[] a, long[] b) {
    long[] t = new long[6];
    for (int i = 0; i < 4; i++) {
      accumulate(t, a[i], b);
      accumulate(t, t[0] * qInverse, q);
      System.arraycopy(t, 1, t, 0, 5);
      t[5] = 0;
    }
    return reduced(t, t[4]);
  }

  /** t += x·b. */
  private static void accumulate(long[] t, long x, long[] b) {
    long c = 0;
    for (int j = 0; j < 4; j++) {
      long lo = x * b[j];
      long s = t[j] + lo;
      long hi = unsignedMultiplyHigh(x, b[j]) + carry(t[j], lo, s);
      t[j] = s + c;
      c = hi + carry(s, c, t[j]);
    }
    long s = t[4] + c;
    t[5] += carry(t[4], c, s);
    t[4] = s;
  }

  private long[] sum(long[] a, long[] b) {
    long[] s = new long[4];
    long c = 0;
    for (int i = 0; i < 4; i++) {
      s[i] = a[i] + b[i] + c;
      c = carry(a[i], b[i], s[i]);
    }
    return reduced(s, c);
  }

  private long[] negative(long[] a) {
    return (a[0] | a[1] | a[2] | a[3]) == 0 ? a : minus(q, a);
  }

  private long[] reduced(long[] t, long top) {
    return top == 0 && less(t, q) ? new long[] {t[0], t[1], t[2], t[3]} : minus(t, q);
  }

  private static long[] minus(long[] a, long[] b) {
    long[] d = new long[4];
    long c = 0;
    for (int i = 0; i < 4; i++) {
      d[i] = a[i] - b[i] - c;
      c = borrow(a[i], b[i], d[i]);
    }
    return d;
  }

  private static boolean less(long[] a, long[] b) {
    for (int i = 3; i >= 0; i--) {
      int order = Long.compareUnsigned(a[i], b[i]);
      if (order != 0) {
        return order < 0;
      }
    }
    return false;
  }

  private static long[] limbs(BigInteger value) {
    long[] limbs = new long[4];
    for (int i = 0; i < 4; i++) {
      limbs[i] = value.shiftRight(64 * i).longValue();
    }
    return limbs;
  }

  private static BigInteger integer(long[] limbs) {
    var value = BigInteger.ZERO;
    for (int i = 3; i >= 0; i--) {
      value = value.shiftLeft(64).or(new BigInteger(Long.toUnsignedString(limbs[i])));
    }
    return value;
  }
}
