package io.sharekeep.pkcs11.health;

import io.sharekeep.pkcs11.terms.TokenStatistics;
import io.sharekeep.pkcs11.terms.TokenStatistics.Latency;
import io.sharekeep.pkcs11.terms.TokenStatistics.Operation;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/** Counts calls and how long they took. */
public final class Meters {
  private final Map<Operation, Meter> meters = new EnumMap<>(Operation.class);

  private static final class Meter {
    final LongAdder failed = new LongAdder();
    final LongAdder nanos = new LongAdder();
    final LongAccumulator longest = new LongAccumulator(Math::max, 0);
    final AtomicLongArray buckets = new AtomicLongArray(TokenStatistics.BOUNDS_MICROS.size() + 1);
  }

  /** With every count at zero. */
  public Meters() {
    for (var operation : Operation.values()) {
      meters.put(operation, new Meter());
    }
  }

  /**
   * Counts one call.
   *
   * @param began System.nanoTime of its beginning
   */
  public void ended(Operation operation, long began, boolean failed) {
    long nanos = System.nanoTime() - began;
    var meter = meter(operation);
    meter.nanos.add(nanos);
    meter.longest.accumulate(nanos);
    if (failed) {
      meter.failed.increment();
    }
    long micros = nanos / 1000;
    int bucket = 0;
    while (bucket < TokenStatistics.BOUNDS_MICROS.size()
        && micros > TokenStatistics.BOUNDS_MICROS.get(bucket)) {
      bucket++;
    }
    meter.buckets.incrementAndGet(bucket);
  }

  /** What was counted, of operations that were asked for at all. */
  public Map<Operation, Latency> latencies() {
    var all = new EnumMap<Operation, Latency>(Operation.class);
    for (var operation : Operation.values()) {
      var meter = meter(operation);
      var buckets = new long[meter.buckets.length()];
      Arrays.setAll(buckets, meter.buckets::get);
      long count = Arrays.stream(buckets).sum();
      if (count > 0) {
        all.put(
            operation,
            new Latency(
                count,
                meter.failed.sum(),
                Duration.ofNanos(meter.nanos.sum()),
                Duration.ofNanos(meter.longest.get()),
                Arrays.stream(buckets).boxed().toList()));
      }
    }
    return all;
  }

  private Meter meter(Operation operation) {
    var meter = meters.get(operation);
    if (meter == null) {
      throw new IllegalStateException("no meter for " + operation);
    }
    return meter;
  }
}
