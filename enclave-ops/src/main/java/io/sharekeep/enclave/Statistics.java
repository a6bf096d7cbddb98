package io.sharekeep.enclave;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counters since start, by the label values of the metric they feed. Durations are nanoseconds,
 * summed.
 *
 * @param histograms durations of one kind each
 */
public record Statistics(
    Map<String, Long> counters,
    Map<String, Long> gauges,
    Map<String, Long> nanoseconds,
    Map<String, Histogram> histograms) {
  public static final Statistics NONE = new Statistics(Map.of(), Map.of(), Map.of(), Map.of());

  public Statistics {
    counters = Map.copyOf(counters);
    gauges = Map.copyOf(gauges);
    nanoseconds = Map.copyOf(nanoseconds);
    histograms = Map.copyOf(histograms);
  }

  /**
   * Durations by size.
   *
   * @param boundsMicros upper bounds, ascending, in microseconds
   * @param buckets how many by bound, not cumulative, one more than there are bounds
   */
  public record Histogram(List<Long> boundsMicros, List<Long> buckets, long totalNanos) {
    public Histogram {
      boundsMicros = List.copyOf(boundsMicros);
      buckets = List.copyOf(buckets);
      if (buckets.size() != boundsMicros.size() + 1) {
        throw new IllegalArgumentException("a histogram has one bucket more than bounds");
      }
    }
  }

  /** Both; no series may be in both. */
  public Statistics and(Statistics other) {
    return new Statistics(
        joined(counters, other.counters),
        joined(gauges, other.gauges),
        joined(nanoseconds, other.nanoseconds),
        joined(histograms, other.histograms));
  }

  private static <V> Map<String, V> joined(Map<String, V> one, Map<String, V> other) {
    var both = new TreeMap<>(one);
    other.forEach((series, value) -> {
      if (both.put(series, value) != null) {
        throw new IllegalArgumentException("counted twice: " + series);
      }
    });
    return both;
  }
}
