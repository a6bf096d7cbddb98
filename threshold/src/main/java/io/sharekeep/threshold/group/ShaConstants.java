package io.sharekeep.threshold.group;

import java.math.BigInteger;

/**
 * The constants of FIPS 180-4 sections 4.2 and 5.3: the first 64 bits of the fractional parts of
 * the square and cube roots of the first primes. SHA-256 takes their upper halves.
 */
final class ShaConstants {
  /** Of the cube roots of the first 80 primes. */
  static final long[] ROUND = new long[80];

  /** Of the square roots of the first 8 primes. */
  static final long[] INITIAL = new long[8];

  static {
    int prime = 2;
    for (int i = 0; i < 80; i++) {
      var scaled = BigInteger.valueOf(prime);
      if (i < 8) {
        INITIAL[i] = scaled.shiftLeft(128).sqrt().longValue();
      }
      ROUND[i] = cubeRoot(scaled.shiftLeft(192)).longValue();
      do {
        prime++;
      } while (!BigInteger.valueOf(prime).isProbablePrime(20));
    }
  }

  private ShaConstants() {}

  /** The largest integer whose cube is at most n, for n &lt; 2^201. */
  private static BigInteger cubeRoot(BigInteger n) {
    var root = BigInteger.ZERO;
    for (int bit = 67; bit >= 0; bit--) {
      var next = root.setBit(bit);
      if (next.pow(3).compareTo(n) <= 0) {
        root = next;
      }
    }
    return root;
  }
}
