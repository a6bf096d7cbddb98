package io.sharekeep.intent;

import java.math.BigInteger;

/** What a decoder must know of Bitcoin's curve y² = x³ + 7. Public values only. */
final class Secp256k1 {
  private static final BigInteger P =
      BigInteger.TWO.pow(256).subtract(BigInteger.TWO.pow(32)).subtract(BigInteger.valueOf(977));

  private Secp256k1() {}

  /** Whether 32 bytes are the x of a point, as BIP-340's lift_x asks. */
  static boolean isX(Bytes bytes) {
    var x = new BigInteger(1, bytes.toArray());
    if (x.compareTo(P) >= 0) {
      return false;
    }
    var square = x.modPow(BigInteger.valueOf(3), P).add(BigInteger.valueOf(7)).mod(P);
    // Euler: a square is 0 or has (P − 1) / 2 as an exponent of 1. 0 has no x on this curve.
    return square.modPow(P.subtract(BigInteger.ONE).shiftRight(1), P).equals(BigInteger.ONE);
  }
}
