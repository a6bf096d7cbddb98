package io.sharekeep.threshold.group;

import java.math.BigInteger;

/**
 * Whether a point of edwards25519 is in the prime-order subgroup, by three exponentiations instead
 * of a multiplication by the order: after Pornin, "Point-Halving and Subgroup Membership in Twisted
 * Edwards Curves" (2022).
 *
 * <p>The group is cyclic of order 8·L, so a point is in the subgroup of order L if and only if it
 * can be halved three times. The first half is computed; whether that one can be halved twice says
 * the Tate pairing of order four.
 *
 * <p>On a Montgomery form y² = x(x² + ax + b) a point can be halved if and only if its x is a
 * square: (0, 0) is the only point of order two, and this is the Tate pairing with it. The half is
 * found along the 2-isogeny with that kernel, to y² = x(x² - 2ax + a² - 4b), and back along the
 * dual one. There are two halves; they differ by (0, 0), which can be halved twice itself, so that
 * it does not matter which one is taken, nor which root of a square.
 *
 * <p>With b = c⁴, T = (c², c³·√(a/c² + 2)) has order four, and 2T = (0, 0). The tangent at T runs
 * through (0, 0), so that (y - y(T)/x(T)·x)²/x has the divisor 4(T) - 4(O): a point can be halved
 * twice if and only if the value of this function there is a fourth power.
 */
final class PointHalving {
  /** A of curve25519, RFC 7748 section 4.1. */
  private static final BigInteger A = BigInteger.valueOf(486662);

  private static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));
  private static final BigInteger I = BigInteger.TWO.modPow(P.shiftRight(2), P);

  /** a² - 4b for b = 1. No square, so that of two numbers with this product one is a square. */
  private static final BigInteger DISCRIMINANT = A.multiply(A).subtract(BigInteger.valueOf(4));

  private static final FieldElement25519 COEFFICIENT = FieldElement25519.of(A);
  private static final FieldElement25519 ONE = new FieldElement25519().set(1);
  private static final FieldElement25519 ROOT_OF_MINUS_ONE = FieldElement25519.of(I);
  private static final FieldElement25519 HALF =
      FieldElement25519.of(P.add(BigInteger.ONE).shiftRight(1));

  /** √(-A-2), by which v = √(-A-2)·u/x; either, for P and -P are both in the subgroup or not. */
  private static final FieldElement25519 SCALE = root(A.add(BigInteger.TWO).negate());

  /** y/x of the point of order four with u = 1; either of the two, for they generate one group. */
  private static final FieldElement25519 TANGENT = root(A.add(BigInteger.TWO));

  /** √((a² - 4b)/i) and √((a² - 4b)/-i) for b = 1. */
  private static final FieldElement25519 ROOT_OVER_I = root(DISCRIMINANT.multiply(I).negate());

  private static final FieldElement25519 ROOT_OVER_MINUS_I = root(DISCRIMINANT.multiply(I));

  /** The curve at hand: a, and √b. */
  private final FieldElement25519 a = new FieldElement25519();

  private final FieldElement25519 rootOfB = new FieldElement25519();

  /** The point at hand: x, its root w, and y/w. */
  private final FieldElement25519 x = new FieldElement25519();

  private final FieldElement25519 w = new FieldElement25519();
  private final FieldElement25519 slope = new FieldElement25519();

  /** y/x of the point of order four. */
  private final FieldElement25519 tangent = new FieldElement25519();

  private final FieldElement25519 power = new FieldElement25519();
  private final FieldElement25519 t = new FieldElement25519();

  private PointHalving() {}

  /** True also for the identity. */
  static boolean inPrimeSubgroup(EdwardsPoint point) {
    if (point.x().isZero()) {
      return point.isIdentity(); // else it is (0, -1), of order two
    }
    return new PointHalving().canHalveThrice(point);
  }

  /**
   * From u = (1+y)/(1-y) and v, with c = (1-y)·x to rid both of denominators: c²·u = (1-y²)·x²,
   * whose root is r·x with r = √(1-y²), and c³·v divided by that root is √(-A-2)·c·r.
   */
  private boolean canHalveThrice(EdwardsPoint point) {
    x.square(point.y());
    x.subtract(ONE, x);
    if (!rootOfX()) {
      return false;
    }
    t.subtract(ONE, point.y());
    t.multiply(t, point.x());
    rootOfB.square(t);
    a.multiply(rootOfB, COEFFICIENT);
    slope.multiply(t, w).multiply(slope, SCALE);
    tangent.multiply(t, TANGENT);
    w.multiply(w, point.x());
    x.square(w);
    halve();
    return canHalveTwice();
  }

  /**
   * With s = y/x in {@code slope}, the pairing's function is x(s - y(T)/x(T))². It is zero at T
   * alone, for the tangent meets the curve nowhere but there and in (0, 0); and no multiple of
   * four.
   */
  private boolean canHalveTwice() {
    t.subtract(slope, tangent);
    t.square(t).multiply(t, x);
    power.rootPower(t);
    w.multiply(power, t);
    return w.multiply(w, power).sameAs(ONE); // t^((p-1)/4)
  }

  /** w = √x; false if there is none. */
  private boolean rootOfX() {
    power.rootPower(x);
    w.multiply(power, x);
    t.multiply(power, w); // x^((p-1)/4)
    if (t.sameAs(ONE)) {
      return true;
    }
    w.multiply(w, ROOT_OF_MINUS_ONE);
    t.add(t, ONE);
    return t.isZero();
  }

  /**
   * Makes x that of a half, and leaves in {@code slope} what gives the half's y/w when multiplied
   * by its w. The image of the half under the isogeny has X = a + 2x ± 2y/w, two numbers whose
   * product is a² - 4b; of the one that is a square, X = s², the half is (s² - a + 2ws)/2.
   */
  private void halve() {
    var sum = new FieldElement25519().add(x, x);
    sum.add(sum, a);
    var twice = new FieldElement25519().add(slope, slope);
    var image = new FieldElement25519().subtract(sum, twice);
    power.rootPower(image);
    var s = slope.multiply(power, image);
    t.multiply(power, s); // image^((p-1)/4)
    var quarter = new FieldElement25519().multiply(t, t);
    if (quarter.sameAs(ONE)) {
      if (!t.sameAs(ONE)) {
        s.multiply(s, ROOT_OF_MINUS_ONE);
      }
    } else {
      image.add(sum, twice);
      s.multiply(power, rootOfB)
          .multiply(s, t.sameAs(ROOT_OF_MINUS_ONE) ? ROOT_OVER_I : ROOT_OVER_MINUS_I);
    }
    t.multiply(w, s);
    x.add(t, t).add(x, image);
    x.subtract(x, a).multiply(x, HALF);
  }

  private static FieldElement25519 root(BigInteger square) {
    var root = new FieldElement25519();
    if (!root.rootOfRatio(FieldElement25519.of(square.mod(P)), ONE)) {
      throw new IllegalStateException("not a square");
    }
    return root;
  }
}
