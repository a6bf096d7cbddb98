package io.sharekeep.enclave.vault;

import io.sharekeep.enclave.Statistics.Histogram;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** How long shares lay open, from the token's answer to the wipe. For all signing threads. */
final class Residency {
  private static final List<Long> BOUNDS_MICROS =
      List.of(300L, 1_000L, 3_000L, 10_000L, 30_000L, 100_000L, 300_000L, 1_000_000L, 10_000_000L);

  private final AtomicLongArray buckets = new AtomicLongArray(BOUNDS_MICROS.size() + 1);
  private final LongAdder nanoseconds = new LongAdder();

  void held(long nanos) {
    int bucket = 0;
    while (bucket < BOUNDS_MICROS.size() && nanos > BOUNDS_MICROS.get(bucket) * 1000) {
      bucket++;
    }
    buckets.incrementAndGet(bucket);
    nanoseconds.add(nanos);
  }

  Histogram histogram() {
    return new Histogram(
        BOUNDS_MICROS,
        java.util.stream.IntStream.range(0, buckets.length()).mapToObj(buckets::get).toList(),
        nanoseconds.sum());
  }
}
