package io.sharekeep.threshold;

import java.lang.foreign.MemorySegment;

/**
 * Where secrets lie while a round runs. The caller brings it; this module never allocates memory
 * for a secret by itself.
 */
public interface Scratch {
  /**
   * Lends zeroed memory to the calling thread.
   *
   * @param length in bytes, at least 1
   * @throws IllegalStateException when the memory is used up: the caller sized it wrongly
   */
  Slab borrow(long length);

  /** Memory on loan. Only the thread that borrowed it may touch or close it. */
  interface Slab extends AutoCloseable {
    /** The lent bytes, exactly as many as were asked for, aligned to 64. */
    MemorySegment bytes();

    /** Wipes and gives back. From then on every segment that came from {@link #bytes} is dead. */
    @Override
    void close();
  }
}
