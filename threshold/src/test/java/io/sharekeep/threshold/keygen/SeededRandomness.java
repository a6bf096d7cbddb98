package io.sharekeep.threshold.keygen;

import io.sharekeep.threshold.Randomness;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;

/** The same bytes for the same seed: for tests that can be replayed. */
public final class SeededRandomness implements Randomness {
  private final SplittableRandom random;

  public SeededRandomness(long seed) {
    this.random = new SplittableRandom(seed);
  }

  @Override
  public void fill(MemorySegment out) {
    var bytes = new byte[Math.toIntExact(out.byteSize())];
    random.nextBytes(bytes);
    MemorySegment.copy(MemorySegment.ofArray(bytes), 0, out, 0, bytes.length);
  }
}
