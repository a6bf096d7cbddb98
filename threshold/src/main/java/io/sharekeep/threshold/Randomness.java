package io.sharekeep.threshold;

import java.lang.foreign.MemorySegment;

/** A source of uniform bytes that the caller vouches for. */
@FunctionalInterface
public interface Randomness {
  /** Overwrites the whole of {@code out}. */
  void fill(MemorySegment out);
}
