package io.sharekeep.threshold.group;

import static io.sharekeep.threshold.group.ScalarFieldTest.bytes;

import java.math.BigInteger;
import java.util.Optional;

/** edwards25519 by the book, RFC 8032 section 5.1.4, on BigInteger: the witness of the tests. */
record EdwardsReference(BigInteger x, BigInteger y, BigInteger z, BigInteger t) {
  private static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));
  private static final BigInteger D =
      BigInteger.valueOf(-121665).multiply(BigInteger.valueOf(121666).modInverse(P)).mod(P);

  static final EdwardsReference BASE =
      at(BigInteger.valueOf(4).multiply(BigInteger.valueOf(5).modInverse(P)).mod(P)).orElseThrow();

  private static final EdwardsReference IDENTITY =
      new EdwardsReference(BigInteger.ZERO, BigInteger.ONE, BigInteger.ONE, BigInteger.ZERO);

  /** The point with this y and an even x, if there is one. */
  static Optional<EdwardsReference> at(BigInteger y) {
    var square = y.multiply(y);
    var ratio =
        square
            .subtract(BigInteger.ONE)
            .multiply(D.multiply(square).add(BigInteger.ONE).modInverse(P))
            .mod(P);
    var x = ratio.modPow(P.add(BigInteger.valueOf(3)).shiftRight(3), P);
    if (!x.multiply(x).mod(P).equals(ratio)) {
      x = x.multiply(BigInteger.TWO.modPow(P.shiftRight(2), P)).mod(P);
    }
    if (!x.multiply(x).mod(P).equals(ratio)) {
      return Optional.empty();
    }
    var even = x.testBit(0) ? P.subtract(x) : x;
    return Optional.of(new EdwardsReference(even, y, BigInteger.ONE, even.multiply(y).mod(P)));
  }

  static BigInteger x(BigInteger y, boolean odd) {
    var even = at(y).orElseThrow().x;
    return odd ? P.subtract(even) : even;
  }

  EdwardsReference add(EdwardsReference o) {
    var a = y.subtract(x).multiply(o.y.subtract(o.x));
    var b = y.add(x).multiply(o.y.add(o.x));
    var c = t.multiply(o.t).multiply(D).shiftLeft(1);
    var d = z.multiply(o.z).shiftLeft(1);
    var e = b.subtract(a).mod(P);
    var f = d.subtract(c).mod(P);
    var g = d.add(c).mod(P);
    var h = b.add(a).mod(P);
    return new EdwardsReference(
        e.multiply(f).mod(P), g.multiply(h).mod(P), f.multiply(g).mod(P), e.multiply(h).mod(P));
  }

  EdwardsReference multiply(BigInteger k) {
    var sum = IDENTITY;
    for (int i = k.bitLength() - 1; i >= 0; i--) {
      sum = sum.add(sum);
      if (k.testBit(i)) {
        sum = sum.add(this);
      }
    }
    return sum;
  }

  boolean isIdentity() {
    return x.signum() == 0 && y.equals(z);
  }

  byte[] encoded() {
    var inverse = z.modInverse(P);
    byte[] encoding = bytes(GroupId.ED25519, y.multiply(inverse).mod(P));
    if (x.multiply(inverse).mod(P).testBit(0)) {
      encoding[31] |= (byte) 0x80;
    }
    return encoding;
  }
}
