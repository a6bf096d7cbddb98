package io.sharekeep.threshold.group;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EdwardsWindowsTest {
  private static final EdwardsPoint POINT =
      PointHalvingTest.times(BigInteger.valueOf(0x5eed), EdwardsTables.BASE);
  private static final EdwardsWindows WINDOWS = new EdwardsWindows(POINT);

  /** Around each window's carry, at both ends, and anything. */
  static Stream<BigInteger> scalars() {
    var random = new SplittableRandom(52);
    var edges =
        Stream.of(1L, 15L, 16L, 17L, 31L, 32L, 33L, 0x3ffL, 0x400L, 0x210L, 0x231L)
            .map(BigInteger::valueOf);
    var highest =
        Stream.of(
            Ed25519Scalars.ORDER.subtract(BigInteger.ONE),
            BigInteger.TWO.pow(255).subtract(BigInteger.ONE),
            BigInteger.TWO.pow(254));
    var any =
        Stream.generate(() -> {
          byte[] bytes = new byte[31];
          random.nextBytes(bytes);
          return new BigInteger(1, bytes);
        });
    return Stream.of(edges, highest, any.limit(40)).flatMap(scalars -> scalars);
  }

  @ParameterizedTest
  @MethodSource("scalars")
  void aSumOfWindowsIsTheMultiple(BigInteger k) {
    var sum = new EdwardsSum();
    WINDOWS.addTo(sum, limbs(k));
    assertArrayEquals(PointHalvingTest.times(k, POINT).encoded(), sum.affine().encoded());

    EdwardsWindows.BASE.addTo(sum, limbs(k));
    var both =
        new EdwardsSum()
            .set(PointHalvingTest.times(k, POINT))
            .add(new EdwardsSum().set(PointHalvingTest.times(k, EdwardsTables.BASE)).addend())
            .affine();
    assertArrayEquals(both.encoded(), sum.affine().encoded());
  }

  @ParameterizedTest
  @MethodSource("scalars")
  void aPointAndItsNegativeCancel(BigInteger k) {
    var sum = new EdwardsSum();
    WINDOWS.addTo(sum, limbs(k));
    new EdwardsWindows(POINT.negate()).addTo(sum, limbs(k));
    assertTrue(sum.isIdentity());
  }

  private static long[] limbs(BigInteger k) {
    long[] limbs = new long[4];
    for (int i = 0; i < 4; i++) {
      limbs[i] = k.shiftRight(64 * i).longValue();
    }
    return limbs;
  }
}
