package io.sharekeep.threshold.group;

import java.math.BigInteger;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A public point of edwards25519 in affine coordinates. It is on the curve; whether it is in the
 * prime-order subgroup is another question, {@link #inPrimeSubgroup}.
 */
final class EdwardsPoint implements DecodedPoint {
  static final FieldElement25519 D =
      FieldElement25519.of(
          new BigInteger(
              "37095705934669439343138083508754565189542113879843219016388785533085940283555"));
  static final FieldElement25519 TWICE_D = new FieldElement25519().add(D, D).normalize();

  private static final int WIDTH = 5;

  /** Normalized, and never written again. */
  private final FieldElement25519 x;

  private final FieldElement25519 y;

  /** P, 3P, .. 15P; every value that it may take is equal. */
  private volatile EdwardsAddend @Nullable [] oddMultiples;

  EdwardsPoint(FieldElement25519 x, FieldElement25519 y) {
    this.x = x.normalize();
    this.y = y.normalize();
  }

  /** The point of a checked element. */
  static EdwardsPoint of(Element element) {
    if (element.decoded().orElse(null) instanceof EdwardsPoint point) {
      return point;
    }
    if (element.group() != GroupId.ED25519) {
      throw new IllegalArgumentException("an element of " + element.group() + ", not of ED25519");
    }
    var point =
        decode(element.raw())
            .orElseThrow(() -> new IllegalStateException("an element that does not decode"));
    element.keep(point);
    return point;
  }

  /**
   * RFC 8032 section 5.1.3, strictly: empty for a wrong length, y ≥ p, a y without an x, and x = 0
   * with the sign bit set.
   */
  static Optional<EdwardsPoint> decode(byte[] encoding) {
    var y = new FieldElement25519();
    if (encoding.length != 32 || !y.decode(encoding, 0)) {
      return Optional.empty();
    }
    var one = new FieldElement25519().set(1);
    var u = new FieldElement25519().square(y);
    var v = new FieldElement25519().multiply(u, D);
    u.subtract(u, one);
    v.add(v, one);
    var x = new FieldElement25519();
    if (!x.rootOfRatio(u, v)) {
      return Optional.empty();
    }
    boolean odd = encoding[31] < 0;
    if (odd && x.isZero()) {
      return Optional.empty();
    }
    if (x.isOdd() != odd) {
      x.subtract(new FieldElement25519(), x);
    }
    return Optional.of(new EdwardsPoint(x, y));
  }

  byte[] encoded() {
    byte[] encoding = new byte[32];
    y.encode(encoding, 0);
    if (x.isOdd()) {
      encoding[31] |= (byte) 0x80;
    }
    return encoding;
  }

  /** Whether L·P = O. The identity is in. */
  boolean inPrimeSubgroup() {
    return PointHalving.inPrimeSubgroup(this);
  }

  boolean isIdentity() {
    return x.isZero() && y.sameAs(new FieldElement25519().set(1));
  }

  EdwardsPoint negate() {
    return new EdwardsPoint(
        new FieldElement25519().subtract(new FieldElement25519(), x),
        new FieldElement25519().set(y));
  }

  FieldElement25519 x() {
    return x;
  }

  FieldElement25519 y() {
    return y;
  }

  /** P, 3P, .. 15P, for digits of width 5. */
  EdwardsAddend[] oddMultiples() {
    var known = oddMultiples;
    if (known != null) {
      return known;
    }
    var made = oddMultiples(1 << (WIDTH - 2));
    oddMultiples = made;
    return made;
  }

  EdwardsAddend[] oddMultiples(int count) {
    var multiples = new EdwardsAddend[count];
    var sum = new EdwardsSum().set(this);
    multiples[0] = sum.addend();
    if (count > 1) {
      var twice = new EdwardsSum().set(this).twice(true).addend();
      for (int i = 1; i < count; i++) {
        multiples[i] = sum.add(twice).addend();
      }
    }
    return multiples;
  }
}
