package io.sharekeep.bench.fuzz;

import io.sharekeep.threshold.Randomness;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;

/** The same bytes in every run, so that an input alone reproduces a finding. */
final class Seeded implements Randomness {
  private final SplittableRandom random;

  Seeded(long seed) {
    this.random = new SplittableRandom(seed);
  }

  @Override
  public void fill(MemorySegment out) {
    for (long i = 0; i < out.byteSize(); i++) {
      out.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt());
    }
  }
}
