package io.sharekeep.intent;

import java.math.BigInteger;
import java.util.Optional;

/**
 * What decoders must know of the curve y² = x³ + 7: points of public keys, derived and recovered.
 * Public values only; nothing here takes a time that a secret could not bear to show.
 */
final class Secp256k1 {
  private static final BigInteger P =
      BigInteger.TWO.pow(256).subtract(BigInteger.TWO.pow(32)).subtract(BigInteger.valueOf(977));
  private static final BigInteger SEVEN = BigInteger.valueOf(7);

  /** The group's order. */
  static final BigInteger N =
      new BigInteger("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 16);

  static final Point GENERATOR =
      new Point(
          new BigInteger("79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798", 16),
          new BigInteger("483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8", 16));

  private Secp256k1() {}

  /** Whether 32 bytes are the x of a point, as BIP-340's lift_x asks. */
  static boolean isX(Bytes bytes) {
    return Point.lift(new BigInteger(1, bytes.toArray()), false).isPresent();
  }

  /** A number below the order, from 32 bytes. */
  static Optional<BigInteger> scalar(Bytes bytes) {
    return Optional.of(new BigInteger(1, bytes.toArray())).filter(k -> k.compareTo(N) < 0);
  }

  /** BIP-341 with an empty script tree (BIP-86): the x-only output key of an internal key. */
  static Optional<Bytes> taprootOutput(Bytes compressed) {
    var x = Bytes.of(compressed.toArray(), 1, 33);
    return Point.lift(new BigInteger(1, x.toArray()), false)
        .flatMap(internal ->
            scalar(Bytes.of(Hash.tagged("TapTweak", x.toArray())))
                .map(tweak -> GENERATOR.multiply(tweak).add(internal)))
        .filter(output -> !output.isInfinity())
        .map(output -> Bytes.of(output.compressed().toArray(), 1, 33));
  }

  /**
   * SEC 1 section 4.1.6: the key under which a signature verifies.
   *
   * @param parity of y(R)
   */
  static Optional<Point> recover(byte[] digest, BigInteger r, BigInteger s, int parity) {
    if (r.signum() == 0 || s.signum() == 0 || r.compareTo(N) >= 0 || s.compareTo(N) >= 0) {
      return Optional.empty();
    }
    return Point.lift(r, parity == 1)
        .map(nonce -> {
          var inverse = r.modInverse(N);
          var e = new BigInteger(1, digest).multiply(inverse).negate().mod(N);
          return nonce.multiply(s.multiply(inverse).mod(N)).add(GENERATOR.multiply(e));
        })
        .filter(key -> !key.isInfinity());
  }

  /** A point in affine coordinates; infinity is (0, 0), which is not on the curve. */
  record Point(BigInteger x, BigInteger y) {
    private static final Point INFINITY = new Point(BigInteger.ZERO, BigInteger.ZERO);

    /** From 33 bytes, SEC 1 compressed. */
    static Optional<Point> decode(Bytes compressed) {
      if (compressed.length() != 33 || (compressed.at(0) != 2 && compressed.at(0) != 3)) {
        return Optional.empty();
      }
      var x = new BigInteger(1, Bytes.of(compressed.toArray(), 1, 33).toArray());
      return lift(x, compressed.at(0) == 3);
    }

    static Optional<Point> lift(BigInteger x, boolean odd) {
      if (x.compareTo(P) >= 0) {
        return Optional.empty();
      }
      var square = x.modPow(BigInteger.valueOf(3), P).add(SEVEN).mod(P);
      // P is 3 modulo 4, so this is a root if there is one.
      var root = square.modPow(P.add(BigInteger.ONE).shiftRight(2), P);
      if (!root.multiply(root).mod(P).equals(square)) {
        return Optional.empty();
      }
      return Optional.of(new Point(x, root.testBit(0) == odd ? root : P.subtract(root)));
    }

    boolean isInfinity() {
      return equals(INFINITY);
    }

    Point add(Point other) {
      if (isInfinity()) {
        return other;
      }
      if (other.isInfinity()) {
        return this;
      }
      if (x.equals(other.x)) {
        return y.equals(other.y) ? twice() : INFINITY;
      }
      return chord(other, other.y.subtract(y).multiply(other.x.subtract(x).modInverse(P)).mod(P));
    }

    private Point twice() {
      if (isInfinity()) {
        return this; // and no point has y = 0: the order is odd
      }
      var slope =
          x.multiply(x).multiply(BigInteger.valueOf(3)).multiply(y.shiftLeft(1).modInverse(P));
      return chord(this, slope.mod(P));
    }

    private Point chord(Point other, BigInteger slope) {
      var thirdX = slope.multiply(slope).subtract(x).subtract(other.x).mod(P);
      return new Point(thirdX, slope.multiply(x.subtract(thirdX)).subtract(y).mod(P));
    }

    Point multiply(BigInteger k) {
      var sum = Jacobian.INFINITY;
      for (int bit = k.bitLength() - 1; bit >= 0; bit--) {
        sum = sum.twice();
        if (k.testBit(bit)) {
          sum = sum.add(this);
        }
      }
      return sum.affine();
    }

    /** 33 bytes. */
    Bytes compressed() {
      var bytes = new byte[33];
      bytes[0] = (byte) (y.testBit(0) ? 3 : 2);
      System.arraycopy(fixed(x), 0, bytes, 1, 32);
      return Bytes.of(bytes);
    }

    /** 64 bytes: x and y, without the byte 4 before. */
    byte[] coordinates() {
      var bytes = new byte[64];
      System.arraycopy(fixed(x), 0, bytes, 0, 32);
      System.arraycopy(fixed(y), 0, bytes, 32, 32);
      return bytes;
    }

    private static byte[] fixed(BigInteger value) {
      var bytes = value.toByteArray();
      var fixed = new byte[32];
      int length = Math.min(32, bytes.length);
      System.arraycopy(bytes, bytes.length - length, fixed, 32 - length, length);
      return fixed;
    }
  }

  /** (X/Z², Y/Z³): one inversion at the end in place of one a step. Infinity has Z = 0. */
  private record Jacobian(BigInteger x, BigInteger y, BigInteger z) {
    static final Jacobian INFINITY = new Jacobian(BigInteger.ONE, BigInteger.ONE, BigInteger.ZERO);

    Jacobian twice() {
      var yy = y.multiply(y).mod(P);
      var s = x.multiply(yy).shiftLeft(2).mod(P);
      var m = x.multiply(x).multiply(BigInteger.valueOf(3)).mod(P);
      var thirdX = m.multiply(m).subtract(s.shiftLeft(1)).mod(P);
      var thirdY = m.multiply(s.subtract(thirdX)).subtract(yy.multiply(yy).shiftLeft(3)).mod(P);
      return new Jacobian(thirdX, thirdY, y.multiply(z).shiftLeft(1).mod(P));
    }

    Jacobian add(Point other) {
      if (z.signum() == 0) {
        return new Jacobian(other.x, other.y, BigInteger.ONE);
      }
      var zz = z.multiply(z).mod(P);
      var h = other.x.multiply(zz).subtract(x).mod(P);
      var r = other.y.multiply(zz).multiply(z).subtract(y).mod(P);
      if (h.signum() == 0) {
        return r.signum() == 0 ? twice() : INFINITY;
      }
      var hh = h.multiply(h).mod(P);
      var hhh = h.multiply(hh).mod(P);
      var v = x.multiply(hh).mod(P);
      var thirdX = r.multiply(r).subtract(hhh).subtract(v.shiftLeft(1)).mod(P);
      var thirdY = r.multiply(v.subtract(thirdX)).subtract(y.multiply(hhh)).mod(P);
      return new Jacobian(thirdX, thirdY, z.multiply(h).mod(P));
    }

    Point affine() {
      if (z.signum() == 0) {
        return Point.INFINITY;
      }
      var inverse = z.modInverse(P);
      var square = inverse.multiply(inverse).mod(P);
      return new Point(x.multiply(square).mod(P), y.multiply(square).multiply(inverse).mod(P));
    }
  }
}
