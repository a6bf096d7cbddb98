package io.sharekeep.threshold.group;

import java.math.BigInteger;
import java.util.Optional;

/**
 * The textbook arithmetic of a curve on big integers, slow and for tests alone: the independent
 * opinion against which the backends are measured.
 */
abstract class ModelCurve {
  /** Projective; what T means is the curve's. */
  record Point(BigInteger x, BigInteger y, BigInteger z, BigInteger t) {}

  final BigInteger p;
  final BigInteger q;

  ModelCurve(BigInteger p, BigInteger q) {
    this.p = p;
    this.q = q;
  }

  abstract Point identity();

  abstract Point generator();

  /** Complete: doubles as well. */
  abstract Point add(Point a, Point b);

  abstract Point negate(Point a);

  abstract boolean isIdentity(Point a);

  abstract byte[] encode(Point a);

  /** On the curve, canonical; the subgroup is checked by {@link ModelGroup}. */
  abstract Optional<Point> decode(byte[] encoding);

  /** X ‖ Y in the group's byte order. */
  abstract byte[] coordinates(Point a);

  Point multiply(BigInteger k, Point a) {
    var sum = identity();
    for (int i = k.bitLength() - 1; i >= 0; i--) {
      sum = add(sum, sum);
      if (k.testBit(i)) {
        sum = add(sum, a);
      }
    }
    return sum;
  }

  final BigInteger m(BigInteger a, BigInteger b) {
    return a.multiply(b).mod(p);
  }

  static byte[] bigEndian(BigInteger value) {
    var out = new byte[32];
    var bytes = value.toByteArray();
    int skip = bytes.length > 32 ? bytes.length - 32 : 0;
    System.arraycopy(bytes, skip, out, 32 - (bytes.length - skip), bytes.length - skip);
    return out;
  }

  static byte[] reversed(byte[] bytes) {
    var out = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      out[i] = bytes[bytes.length - 1 - i];
    }
    return out;
  }

  /** SEC 2: y² = x³ + 7, complete addition by Renes, Costello and Batina. */
  static final class Secp256k1 extends ModelCurve {
    private static final BigInteger SEVEN = BigInteger.valueOf(7);
    private static final BigInteger THREE_B = BigInteger.valueOf(21);

    Secp256k1() {
      super(
          BigInteger.TWO.pow(256).subtract(BigInteger.valueOf(0x1000003d1L)),
          new BigInteger("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 16));
    }

    @Override
    Point identity() {
      return new Point(BigInteger.ZERO, BigInteger.ONE, BigInteger.ZERO, BigInteger.ZERO);
    }

    @Override
    Point generator() {
      return new Point(
          new BigInteger("79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798", 16),
          new BigInteger("483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8", 16),
          BigInteger.ONE,
          BigInteger.ZERO);
    }

    @Override
    Point add(Point a, Point b) {
      var xx = m(a.x, b.x);
      var yy = m(a.y, b.y);
      var bzz = m(THREE_B, m(a.z, b.z));
      var xy = m(a.x, b.y).add(m(b.x, a.y));
      var yz = m(a.y, b.z).add(m(b.y, a.z));
      var xz = m(a.x, b.z).add(m(b.x, a.z));
      var less = yy.subtract(bzz);
      var more = yy.add(bzz);
      var three = BigInteger.valueOf(3);
      return new Point(
          m(xy, less).subtract(m(THREE_B, m(yz, xz))).mod(p),
          m(more, less).add(m(three, m(THREE_B, m(xx, xz)))).mod(p),
          m(yz, more).add(m(three, m(xx, xy))).mod(p),
          BigInteger.ZERO);
    }

    @Override
    Point negate(Point a) {
      return new Point(a.x, a.y.negate().mod(p), a.z, a.t);
    }

    @Override
    boolean isIdentity(Point a) {
      return a.z.signum() == 0;
    }

    private BigInteger affine(Point a, BigInteger coordinate) {
      return m(coordinate, a.z.modInverse(p));
    }

    @Override
    byte[] encode(Point a) {
      var out = new byte[33];
      out[0] = (byte) (affine(a, a.y).testBit(0) ? 3 : 2);
      System.arraycopy(bigEndian(affine(a, a.x)), 0, out, 1, 32);
      return out;
    }

    @Override
    byte[] coordinates(Point a) {
      var out = new byte[64];
      System.arraycopy(bigEndian(affine(a, a.x)), 0, out, 0, 32);
      System.arraycopy(bigEndian(affine(a, a.y)), 0, out, 32, 32);
      return out;
    }

    @Override
    Optional<Point> decode(byte[] encoding) {
      if (encoding.length != 33 || (encoding[0] != 2 && encoding[0] != 3)) {
        return Optional.empty();
      }
      var x = new BigInteger(1, encoding, 1, 32);
      if (x.compareTo(p) >= 0) {
        return Optional.empty();
      }
      var square = x.modPow(BigInteger.valueOf(3), p).add(SEVEN).mod(p);
      var y = square.modPow(p.add(BigInteger.ONE).shiftRight(2), p);
      if (!m(y, y).equals(square)) {
        return Optional.empty();
      }
      var right = y.testBit(0) == (encoding[0] == 3) ? y : p.subtract(y);
      return Optional.of(new Point(x, right, BigInteger.ONE, BigInteger.ZERO));
    }
  }

  /** RFC 8032: −x² + y² = 1 + d·x²·y², extended coordinates. */
  static final class Ed25519 extends ModelCurve {
    private final BigInteger d;
    private final BigInteger rootOfMinusOne;

    Ed25519() {
      super(
          BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19)),
          BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493")));
      this.d =
          BigInteger.valueOf(-121665).multiply(BigInteger.valueOf(121666).modInverse(p)).mod(p);
      this.rootOfMinusOne = BigInteger.TWO.modPow(p.subtract(BigInteger.ONE).shiftRight(2), p);
    }

    @Override
    Point identity() {
      return new Point(BigInteger.ZERO, BigInteger.ONE, BigInteger.ONE, BigInteger.ZERO);
    }

    @Override
    Point generator() {
      var y = BigInteger.valueOf(4).multiply(BigInteger.valueOf(5).modInverse(p)).mod(p);
      return decode(reversed(bigEndian(y))).orElseThrow();
    }

    @Override
    Point add(Point a, Point b) {
      var s = m(a.y.subtract(a.x), b.y.subtract(b.x));
      var u = m(a.y.add(a.x), b.y.add(b.x));
      var c = m(d.shiftLeft(1), m(a.t, b.t));
      var v = m(a.z, b.z).shiftLeft(1);
      var e = u.subtract(s);
      var f = v.subtract(c);
      var g = v.add(c);
      var h = u.add(s);
      return new Point(m(e, f), m(g, h), m(f, g), m(e, h));
    }

    @Override
    Point negate(Point a) {
      return new Point(a.x.negate().mod(p), a.y, a.z, a.t.negate().mod(p));
    }

    @Override
    boolean isIdentity(Point a) {
      return a.x.signum() == 0 && a.y.equals(a.z);
    }

    @Override
    byte[] encode(Point a) {
      var inverse = a.z.modInverse(p);
      var y = m(a.y, inverse);
      return reversed(bigEndian(m(a.x, inverse).testBit(0) ? y.setBit(255) : y));
    }

    @Override
    byte[] coordinates(Point a) {
      var inverse = a.z.modInverse(p);
      var out = new byte[64];
      System.arraycopy(reversed(bigEndian(m(a.x, inverse))), 0, out, 0, 32);
      System.arraycopy(reversed(bigEndian(m(a.y, inverse))), 0, out, 32, 32);
      return out;
    }

    @Override
    Optional<Point> decode(byte[] encoding) {
      if (encoding.length != 32) {
        return Optional.empty();
      }
      var whole = new BigInteger(1, reversed(encoding));
      boolean odd = whole.testBit(255);
      var y = whole.clearBit(255);
      if (y.compareTo(p) >= 0) {
        return Optional.empty();
      }
      var yy = m(y, y);
      var square = m(yy.subtract(BigInteger.ONE), m(d, yy).add(BigInteger.ONE).modInverse(p));
      var x = square.modPow(p.add(BigInteger.valueOf(3)).shiftRight(3), p);
      if (!m(x, x).equals(square)) {
        x = m(x, rootOfMinusOne);
      }
      if (!m(x, x).equals(square) || (x.signum() == 0 && odd)) {
        return Optional.empty();
      }
      var right = x.testBit(0) == odd ? x : p.subtract(x).mod(p);
      return Optional.of(new Point(right, y, BigInteger.ONE, m(right, y)));
    }
  }
}
