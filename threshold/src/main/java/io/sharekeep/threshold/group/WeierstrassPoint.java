package io.sharekeep.threshold.group;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A public point of secp256k1 in affine coordinates, so never the point at infinity. */
final class WeierstrassPoint implements DecodedPoint {
  private static final int WIDTH = 5;

  /** Normalized, and never written again. */
  private final FieldElementSecp256k1 x;

  private final FieldElementSecp256k1 y;

  /** P, 3P, .. 15P; every value that it may take is equal. */
  private volatile WeierstrassPoint @Nullable [] oddMultiples;

  WeierstrassPoint(FieldElementSecp256k1 x, FieldElementSecp256k1 y) {
    this.x = x.normalize();
    this.y = y.normalize();
  }

  /** The point of a checked element. */
  static WeierstrassPoint of(Element element) {
    if (element.decoded().orElse(null) instanceof WeierstrassPoint point) {
      return point;
    }
    if (element.group() != GroupId.SECP256K1) {
      throw new IllegalArgumentException("an element of " + element.group() + ", not of SECP256K1");
    }
    var point =
        decode(element.raw())
            .orElseThrow(() -> new IllegalStateException("an element that does not decode"));
    element.keep(point);
    return point;
  }

  /** SEC 1 section 2.3.4, compressed only: empty for another form, x ≥ p, and an x without a y. */
  static Optional<WeierstrassPoint> decode(byte[] encoding) {
    var x = new FieldElementSecp256k1();
    if (encoding.length != 33 || (encoding[0] & ~1) != 2 || !x.decode(encoding, 1)) {
      return Optional.empty();
    }
    var y = new FieldElementSecp256k1();
    var square = new FieldElementSecp256k1().square(x);
    square.multiply(square, x).add(square, new FieldElementSecp256k1().set(7));
    if (!y.root(square)) {
      return Optional.empty();
    }
    if (y.isOdd() != (encoding[0] == 3)) {
      y.subtract(new FieldElementSecp256k1(), y);
    }
    return Optional.of(new WeierstrassPoint(x, y));
  }

  byte[] encoded() {
    byte[] encoding = new byte[33];
    encoding[0] = (byte) (y.isOdd() ? 3 : 2);
    x.encode(encoding, 1);
    return encoding;
  }

  WeierstrassPoint negate() {
    return new WeierstrassPoint(
        new FieldElementSecp256k1().set(x),
        new FieldElementSecp256k1().subtract(new FieldElementSecp256k1(), y));
  }

  FieldElementSecp256k1 x() {
    return x;
  }

  FieldElementSecp256k1 y() {
    return y;
  }

  /** P, 3P, .. 15P, for digits of width 5. */
  WeierstrassPoint[] oddMultiples() {
    var known = oddMultiples;
    if (known != null) {
      return known;
    }
    var made = oddMultiples(1 << (WIDTH - 2));
    oddMultiples = made;
    return made;
  }

  /**
   * With 2P = (X, Y, Z): on the isomorphic curve y² = x³ + 7·Z^6 the point (X, Y) is affine and P
   * is (x·Z², y·Z³), so that every addition is a mixed one. The formulas do not use the 7.
   */
  WeierstrassPoint[] oddMultiples(int count) {
    var twice = new WeierstrassSum().set(this).twice();
    var z = new FieldElementSecp256k1().set(twice.z());
    var z2 = new FieldElementSecp256k1().square(z);
    var z3 = new FieldElementSecp256k1().multiply(z2, z);
    var step = new WeierstrassPoint(twice.x(), twice.y());
    var first =
        new WeierstrassPoint(
            new FieldElementSecp256k1().multiply(x, z2),
            new FieldElementSecp256k1().multiply(y, z3));
    var sums = new WeierstrassSum[count];
    sums[0] = new WeierstrassSum().set(first);
    for (int i = 1; i < count; i++) {
      sums[i] = new WeierstrassSum().set(sums[i - 1]).add(step.x, step.y);
    }
    for (var sum : sums) {
      sum.z().multiply(sum.z(), z);
    }
    return WeierstrassSum.affine(sums);
  }
}
