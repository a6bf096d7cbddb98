package io.sharekeep.threshold.group;

import static io.sharekeep.threshold.group.SlabFieldSecp256k1.SIZE;
import static io.sharekeep.threshold.group.SlabFieldSecp256k1.add;
import static io.sharekeep.threshold.group.SlabFieldSecp256k1.choose;
import static io.sharekeep.threshold.group.SlabFieldSecp256k1.isZero;
import static io.sharekeep.threshold.group.SlabFieldSecp256k1.multiply;
import static io.sharekeep.threshold.group.SlabFieldSecp256k1.normalize;
import static io.sharekeep.threshold.group.SlabFieldSecp256k1.parity;
import static io.sharekeep.threshold.group.SlabFieldSecp256k1.quarterPower;
import static io.sharekeep.threshold.group.SlabFieldSecp256k1.set;
import static io.sharekeep.threshold.group.SlabFieldSecp256k1.square;
import static io.sharekeep.threshold.group.SlabFieldSecp256k1.subtract;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;

/**
 * The map of RFC 9380 suite {@code secp256k1_XMD:SHA-256_SSWU_RO_} from two field elements to a
 * point: the simplified SWU map to the isogenous curve (section 6.6.2 and appendix F.2), the
 * 3-isogeny (appendix E.1), and the sum of both points. Coordinates stay fractions, so that nothing
 * is inverted. In constant time.
 *
 * <p>Where the isogeny is not defined, for one u in 2^254, the result is (0 : 0 : 0), which the
 * caller meets as the identity.
 */
final class HashToCurve {
  private static final BigInteger P =
      BigInteger.ONE.shiftLeft(256).subtract(BigInteger.valueOf((1L << 32) + 977));

  /** B' of the isogenous curve y² = x³ + A'x + B'. */
  private static final String B = "6eb";

  private static final String[] CONSTANTS = {
    "3f8731abdd661adca08a5558f0f5d272e953d363cb6f0e5d405447c01a444533", // A'
    B,
    P.subtract(BigInteger.valueOf(11)).toString(16), // Z
    // sqrt(-Z)
    BigInteger.valueOf(11).modPow(P.add(BigInteger.ONE).shiftRight(2), P).toString(16),
    "8e38e38e38e38e38e38e38e38e38e38e38e38e38e38e38e38e38e38daaaaa8c7", // k_(1,0)
    "07d3d4c80bc321d5b9f315cea7fd44c5d595d2fc0bf63b92dfff1044f17c6581",
    "534c328d23f234e6e2a413deca25caece4506144037c40314ecbd0b53d9dd262",
    "8e38e38e38e38e38e38e38e38e38e38e38e38e38e38e38e38e38e38daaaaa88c",
    "d35771193d94918a9ca34ccbb7b640dd86cd409542f8487d9fe6b745781eb49b", // k_(2,0)
    "edadc6f64383dc1df7c4b2d51b54225406d36b641f5e41bbc52a56612a8c6d14",
    "4bda12f684bda12f684bda12f684bda12f684bda12f684bda12f684b8e38e23c", // k_(3,0)
    "c75e0c32d5cb7c0fa9d0a54b12a0a6d5647ab046d686da6fdffc90fc201d71a3",
    "29a6194691f91a73715209ef6512e576722830a201be2018a765e85a9ecee931",
    "2f684bda12f684bda12f684bda12f684bda12f684bda12f684bda12f38e38d84",
    "fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffff93b", // k_(4,0)
    "7a06534bb8bdb49fd5e9e6632722c2989467c1bfc8e8d978dfb425d2685c2573",
    "6484aa716545ca2cf3a70c3fa8fe337e0a3d21162f0d6299a7bf8192bfd2a76f",
  };

  /** Offsets in the work segment, behind that of the addition. */
  private static final long K = SlabWeierstrass.WORK;

  private static final long A_PRIME = K;
  private static final long B_PRIME = K + SIZE;
  private static final long Z_SWU = K + 2 * SIZE;
  private static final long ROOT = K + 3 * SIZE;
  private static final long X_NUM = K + 4 * SIZE;
  private static final long X_DEN = K + 8 * SIZE;
  private static final long Y_NUM = K + 10 * SIZE;
  private static final long Y_DEN = K + 14 * SIZE;

  private static final long T = K + 17 * SIZE;
  private static final long TV1 = T;
  private static final long TV2 = T + SIZE;
  private static final long TV3 = T + 2 * SIZE;
  private static final long TV4 = T + 3 * SIZE;
  private static final long TV5 = T + 4 * SIZE;
  private static final long TV6 = T + 5 * SIZE;
  private static final long X = T + 6 * SIZE;
  private static final long Y = T + 7 * SIZE;
  private static final long Y1 = T + 8 * SIZE;
  private static final long R1 = T + 9 * SIZE;
  private static final long R2 = T + 10 * SIZE;
  private static final long R3 = T + 11 * SIZE;
  private static final long POWER = T + 12 * SIZE;

  /** Where the two field elements are put. */
  static final long U0 = T + 18 * SIZE;

  static final long U1 = U0 + SIZE;

  /** Bytes of the work segment. The result is the point at its beginning. */
  static final long WORK = U1 + SIZE;

  private HashToCurve() {}

  private static final long[] LIMBS = limbs();

  private static long[] limbs() {
    var limbs = new long[5 * CONSTANTS.length];
    for (int i = 0; i < limbs.length; i++) {
      limbs[i] =
          new BigInteger(CONSTANTS[i / 5], 16).shiftRight(52 * (i % 5)).longValue()
              & ((1L << 52) - 1);
    }
    return limbs;
  }

  /** Writes the public constants: once for a work segment. */
  static void prepare(MemorySegment w) {
    MemorySegment.copy(LIMBS, 0, w, ValueLayout.JAVA_LONG, K, LIMBS.length);
  }

  /** The point of U0 and U1, projective, at the beginning of the work segment. */
  static void map(MemorySegment w) {
    mapOne(w, U0, 0);
    mapOne(w, U1, SlabWeierstrass.ADDEND);
    SlabWeierstrass.addEntry(w);
  }

  private static void mapOne(MemorySegment w, long u, long out) {
    swu(w, u);
    isogeny(w, out);
  }

  /** Appendix F.2: x = X/TV4 and y = Y of a point of the isogenous curve. */
  private static void swu(MemorySegment w, long u) {
    square(w, TV1, u);
    multiply(w, TV1, TV1, Z_SWU);
    square(w, TV2, TV1);
    add(w, TV2, TV2, TV1);
    normalize(w, TV2);
    denominator(w);
    multiply(w, TV4, TV4, A_PRIME);
    square(w, TV2, TV3);
    square(w, TV6, TV4);
    multiply(w, TV5, TV6, A_PRIME);
    add(w, TV2, TV2, TV5);
    multiply(w, TV2, TV2, TV3);
    multiply(w, TV6, TV6, TV4);
    multiply(w, TV5, TV6, B_PRIME);
    add(w, TV2, TV2, TV5);
    multiply(w, X, TV1, TV3);
    int square = squareRootOfRatio(w);
    multiply(w, Y, TV1, u);
    multiply(w, Y, Y, Y1);
    choose(w, X, X, TV3, square);
    choose(w, Y, Y, Y1, square);
    signOf(w, u);
  }

  /** TV3 = B'(TV2 + 1); TV4 = -TV2, or Z where TV2 is zero. */
  @ConstantTime
  private static void denominator(MemorySegment w) {
    set(w, TV3, 1);
    add(w, TV3, TV3, TV2);
    multiply(w, TV3, TV3, B_PRIME);
    set(w, TV4, 0);
    subtract(w, TV4, TV4, TV2);
    choose(w, TV4, TV4, Z_SWU, isZero(w, TV2));
  }

  /** Gives Y the sign of u. */
  @ConstantTime
  private static void signOf(MemorySegment w, long u) {
    normalize(w, u);
    normalize(w, Y);
    set(w, TV1, 0);
    subtract(w, TV1, TV1, Y);
    choose(w, Y, Y, TV1, parity(w, u) ^ parity(w, Y));
  }

  /** Appendix F.2.1.2: Y1 = sqrt(TV2/TV6) and 1, or sqrt(Z·TV2/TV6) and 0. */
  private static int squareRootOfRatio(MemorySegment w) {
    square(w, R1, TV6);
    multiply(w, R2, TV2, TV6);
    multiply(w, R1, R1, R2);
    quarterPower(w, R3, R1, POWER);
    multiply(w, Y1, R3, R2);
    multiply(w, R3, Y1, ROOT);
    square(w, R1, Y1);
    multiply(w, R1, R1, TV6);
    subtract(w, R1, R1, TV2);
    int square = isZero(w, R1);
    choose(w, Y1, R3, Y1, square);
    return square;
  }

  /**
   * Appendix E.1 with x = n/d. The four polynomials are made homogeneous: N1 = x_num·d³, N2 =
   * x_den·d², N3 = y_num·d³, N4 = y_den·d³; the image is (N1·N4 : y·N3·d·N2 : d·N2·N4).
   */
  @ConstantTime
  private static void isogeny(MemorySegment w, long out) {
    long n = X;
    long d = TV4;
    square(w, R1, d); // d²
    multiply(w, R2, R1, d); // d³
    // x_den
    multiply(w, TV2, X_DEN, R1);
    multiply(w, TV1, n, d);
    multiply(w, TV3, X_DEN + SIZE, TV1);
    add(w, TV2, TV2, TV3);
    square(w, TV3, n);
    add(w, TV2, TV2, TV3);
    multiply(w, TV2, TV2, d); // d·N2
    multiply(w, TV5, TV3, n); // n³
    multiply(w, TV3, TV3, d); // n²d
    multiply(w, TV1, n, R1); // nd²
    cubic(w, TV6, X_NUM);
    multiply(w, R3, TV5, X_NUM + 3 * SIZE);
    add(w, TV6, TV6, R3);
    cubic(w, R1, Y_NUM);
    multiply(w, R3, TV5, Y_NUM + 3 * SIZE);
    add(w, R1, R1, R3);
    cubic(w, R3, Y_DEN);
    add(w, R3, R3, TV5);
    multiply(w, TV1, Y, R1);
    multiply(w, out + SIZE, TV1, TV2);
    multiply(w, out, TV6, R3);
    multiply(w, out + 2 * SIZE, TV2, R3);
  }

  /** out = k_0·d³ + k_1·nd² + k_2·n²d. */
  @ConstantTime
  private static void cubic(MemorySegment w, long out, long k) {
    multiply(w, out, R2, k);
    multiply(w, POWER, TV1, k + SIZE);
    add(w, out, out, POWER);
    multiply(w, POWER, TV3, k + 2 * SIZE);
    add(w, out, out, POWER);
  }
}
