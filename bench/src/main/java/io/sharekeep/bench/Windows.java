package io.sharekeep.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;

/**
 * Medians of many runs in windows of a second, of which the quietest counts.
 *
 * <p>Where virtual machines share a processor, a neighbour on the same core slows a thread by as
 * much as two thirds, for seconds at a time, and the thread's own CPU clock runs on. The quietest
 * window is what the code costs; the median of all windows, printed beside it, is what it cost
 * here.
 */
final class Windows {
  private static final long NANOS = 1_000_000_000L;
  private static final double NANOS_PER_MILLI = 1e6;

  /**
   * In milliseconds.
   *
   * @param quietest the medians of the window whose last quantity has the smallest
   * @param typical the last quantity's median over all windows' medians
   */
  record Measured(List<Double> quietest, double typical) {
    /** What is too long for windows. */
    static Measured once(long nanos) {
      return new Measured(List.of(nanos / NANOS_PER_MILLI), nanos / NANOS_PER_MILLI);
    }

    /** Of what is measured as a whole: the last quantity. */
    double whole() {
      return quietest.getLast();
    }
  }

  private final Supplier<long[]> run;
  private final List<List<Double>> windows = new ArrayList<>();

  /**
   * @param run one run: what it cost, quantity by quantity, the whole last
   */
  Windows(Supplier<long[]> run) {
    this.run = run;
  }

  /** CPU spent before anything counts, in nanoseconds. */
  void warmUp(long nanos) {
    long warm = CpuClock.nanos() + nanos;
    while (CpuClock.nanos() < warm) {
      var _ = run.get();
    }
  }

  /**
   * A window each, in turn, again and again: what slows the machine for a while slows them alike.
   */
  static void inTurn(int times, Windows... measured) {
    for (int i = 0; i < times; i++) {
      for (var one : measured) {
        one.windows.add(window(one.run));
      }
    }
  }

  Measured measured() {
    var sorted = new ArrayList<>(windows);
    sorted.sort(Comparator.comparing(List::getLast));
    return new Measured(sorted.getFirst(), sorted.get(sorted.size() / 2).getLast());
  }

  private static List<Double> window(Supplier<long[]> run) {
    var runs = new ArrayList<long[]>();
    long end = CpuClock.nanos() + NANOS;
    while (CpuClock.nanos() < end) {
      runs.add(run.get());
    }
    var medians = new ArrayList<Double>();
    for (int i = 0; i < runs.getFirst().length; i++) {
      int quantity = i;
      medians.add(
          CpuClock.median(runs.stream().mapToLong(costs -> costs[quantity]).toArray())
              / NANOS_PER_MILLI);
    }
    return List.copyOf(medians);
  }
}
