package io.sharekeep.bench.timing;

import java.util.Arrays;

/**
 * Welch's t-test between the times of two kinds of operand. The long tail of a busy machine hides
 * differences, so it is taken at five crops too: all samples, and those below four quantiles.
 */
final class WelchTest {
  /** Above it, time depends on the operand. */
  static final double FAIL = 10;

  /** Above it, look closer. */
  static final double WARN = 4.5;

  /** What a leak must reach that is known to be one. */
  static final double CONTROL = 50;

  private static final double[] CROPS = {1, 0.99, 0.95, 0.9, 0.75};

  private WelchTest() {}

  /**
   * @param nanos the samples
   * @param kinds 0 or 1, of each sample
   * @return the t of the crop where it is largest in size; 0 when a kind has no spread to compare
   */
  static double worst(long[] nanos, byte[] kinds) {
    var sorted = nanos.clone();
    Arrays.sort(sorted);
    double worst = 0;
    for (double crop : CROPS) {
      long limit = sorted[Math.min(sorted.length - 1, (int) (crop * sorted.length))];
      double t = t(nanos, kinds, limit);
      if (Math.abs(t) > Math.abs(worst)) {
        worst = t;
      }
    }
    return worst;
  }

  private static double t(long[] nanos, byte[] kinds, long limit) {
    var count = new double[2];
    var mean = new double[2];
    var squares = new double[2];
    for (int i = 0; i < nanos.length; i++) {
      if (nanos[i] <= limit) {
        int kind = kinds[i];
        count[kind]++;
        double delta = nanos[i] - mean[kind];
        mean[kind] += delta / count[kind];
        squares[kind] += delta * (nanos[i] - mean[kind]);
      }
    }
    if (count[0] < 2 || count[1] < 2) {
      // A crop that leaves one kind alone is the strongest of differences.
      return count[0] == count[1] ? 0 : Double.MAX_VALUE;
    }
    double variance =
        squares[0] / (count[0] - 1) / count[0] + squares[1] / (count[1] - 1) / count[1];
    double difference = mean[0] - mean[1];
    if (variance == 0) {
      return difference == 0 ? 0 : Math.copySign(Double.MAX_VALUE, difference);
    }
    return difference / Math.sqrt(variance);
  }
}
