package io.sharekeep.enclave.session;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts what happens, by the names under which the face publishes it. */
final class Counters {
  private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();
  private final Map<String, LongAdder> nanoseconds = new ConcurrentHashMap<>();

  /**
   * One more.
   *
   * @param series a metric with its labels, such as {@code aborts{fault="bad_share"}}
   */
  void count(String series) {
    counts.computeIfAbsent(series, _ -> new LongAdder()).increment();
  }

  /** Adds a duration and counts it. */
  void took(String series, long nanos) {
    nanoseconds.computeIfAbsent(series, _ -> new LongAdder()).add(nanos);
    count(series);
  }

  Map<String, Long> counts() {
    return sums(counts);
  }

  Map<String, Long> nanoseconds() {
    return sums(nanoseconds);
  }

  private static Map<String, Long> sums(Map<String, LongAdder> adders) {
    var sums = new TreeMap<String, Long>();
    adders.forEach((series, adder) -> sums.put(series, adder.sum()));
    return sums;
  }
}
