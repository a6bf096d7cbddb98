package io.sharekeep.threshold.group;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigInteger;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The witness is BigInteger. */
class DivisionStepsTest {
  private static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));

  @Test
  void zeroHasNoInverseAndStaysZero() {
    assertEquals(BigInteger.ZERO, inverse(BigInteger.ZERO));
  }

  @Test
  void everyPowerOfTwoAndItsNeighboursHaveTheirInverse() {
    for (int bit = 0; bit < 255; bit++) {
      var power = BigInteger.TWO.pow(bit);
      check(power);
      check(power.add(BigInteger.ONE).mod(P));
      check(power.subtract(BigInteger.ONE));
      check(P.subtract(power));
      check(P.subtract(power).subtract(BigInteger.ONE).mod(P));
    }
  }

  @Test
  void smallNumbersAndTheirNegativesHaveTheirInverse() {
    for (long small = 1; small < 2000; small++) {
      check(BigInteger.valueOf(small));
      check(P.subtract(BigInteger.valueOf(small)));
    }
  }

  @Test
  void randomNumbersOfEveryLengthHaveTheirInverse() {
    var random = new SplittableRandom(2019);
    for (int i = 0; i < 20_000; i++) {
      byte[] draw = new byte[32];
      random.nextBytes(draw);
      check(new BigInteger(1, draw).shiftRight(random.nextInt(256)).mod(P));
    }
  }

  @Test
  void theInverseOfTheInverseIsTheNumberItself() {
    var random = new SplittableRandom(77);
    for (int i = 0; i < 2000; i++) {
      long[] words = {
        random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong() >>> 2
      };
      var there = words.clone();
      DivisionSteps.invert(there);
      DivisionSteps.invert(there);
      assertArrayEquals(words, there);
    }
  }

  private static void check(BigInteger a) {
    if (a.signum() != 0) {
      assertEquals(a.modInverse(P), inverse(a), a::toString);
    }
  }

  private static BigInteger inverse(BigInteger a) {
    long[] words = new long[4];
    for (int i = 0; i < words.length; i++) {
      words[i] = a.shiftRight(64 * i).longValue();
    }
    DivisionSteps.invert(words);
    var inverse = BigInteger.ZERO;
    for (int i = words.length - 1; i >= 0; i--) {
      inverse = inverse.shiftLeft(64).or(new BigInteger(Long.toUnsignedString(words[i])));
    }
    return inverse;
  }
}
