package io.sharekeep.bench.timing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SamplerTest {
  /** Adds as many rounds of a mixer as the operand has low bits: 1 against 16 on average. */
  private static Subject planted() {
    var operands = Operands.bytes(new byte[1], 1);
    return new Plain(
        "planted",
        1,
        operands::load,
        () -> {
          long state = 1;
          int rounds = 500 + 20 * (operands.work().get(ValueLayout.JAVA_BYTE, 0) & 31);
          for (int i = 0; i < rounds; i++) {
            state = state * 0x9E3779B97F4A7C15L + i ^ state >>> 29;
          }
          return Long.valueOf(state);
        });
  }

  @Test
  void aPlantedLeakIsCaught() {
    double t = new Sampler(4_000, 1).t(planted());

    assertTrue(Math.abs(t) > WelchTest.FAIL, "t = " + t);
  }

  @Test
  void aDifferenceBelowTheNoiseOfOneSampleIsSeenInManyAndNoDifferenceIsNot() {
    var random = new SplittableRandom(7);
    int n = 20_000;
    var same = new long[n];
    var apart = new long[n];
    var kinds = new byte[n];
    for (int i = 0; i < n; i++) {
      kinds[i] = (byte) random.nextInt(2);
      same[i] = 1000L + random.nextInt(100) + (random.nextInt(50) == 0 ? 20_000 : 0);
      apart[i] = same[i] + 10 * kinds[i];
    }

    assertTrue(Math.abs(WelchTest.worst(same, kinds)) < WelchTest.WARN);
    assertTrue(WelchTest.worst(apart, kinds) < -WelchTest.FAIL, "the fixed kind is faster");
  }

  @Test
  void aTailThatOnlyOneKindHasIsADifference() {
    int n = 20_000;
    var nanos = new long[n];
    var kinds = new byte[n];
    for (int i = 0; i < n; i++) {
      kinds[i] = (byte) (i & 1);
      nanos[i] = 1000L + (i / 2) % 10 + (kinds[i] == 1 && i % 7 == 0 ? 50_000 : 0);
    }

    assertTrue(Math.abs(WelchTest.worst(nanos, kinds)) > WelchTest.FAIL);
  }

  @Test
  void withoutAnySpreadEqualTimesAreEqualAndOthersAreNot() {
    var kinds = new byte[] {0, 1, 0, 1, 0, 1};

    assertEquals(0, WelchTest.worst(new long[] {5, 5, 5, 5, 5, 5}, kinds));
    assertTrue(WelchTest.worst(new long[] {5, 6, 5, 6, 5, 6}, kinds) < -WelchTest.CONTROL);
  }

  @Test
  void bothKindsOfOperandAreCopiedToOnePlace() {
    var operands = FixedOperand.ONE.scalars(io.sharekeep.threshold.group.GroupId.SECP256K1, 1);

    var fixed = operands.load(0, 17).toArray(ValueLayout.JAVA_BYTE);
    var random = operands.load(1, 17).toArray(ValueLayout.JAVA_BYTE);

    assertEquals(1, fixed[31]);
    assertTrue(java.util.Arrays.mismatch(fixed, random) >= 0);
    assertEquals(0, random[0] & 0x80, "canonical");
  }
}
