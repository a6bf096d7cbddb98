package io.sharekeep.enclave;

import java.util.Map;

/**
 * Counters since start, by the label values of the metric they feed. Durations are nanoseconds,
 * summed.
 */
public record Statistics(
    Map<String, Long> counters, Map<String, Long> gauges, Map<String, Long> nanoseconds) {
  public Statistics {
    counters = Map.copyOf(counters);
    gauges = Map.copyOf(gauges);
    nanoseconds = Map.copyOf(nanoseconds);
  }
}
