package io.sharekeep.bench.timing;

import io.sharekeep.threshold.Scratch;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Lends pieces of one segment, last out first in: an allocation costs the same whatever lies in it,
 * and nothing of the operating system is in what is timed.
 */
final class ReusedScratch implements Scratch, AutoCloseable {
  private static final long SIZE = 1 << 20;

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment memory = arena.allocate(SIZE, 64);
  private long used;

  @Override
  public Slab borrow(long length) {
    long from = used;
    var bytes = memory.asSlice(from, length);
    used = (from + length + 63) & -64;
    return new Slab() {
      @Override
      public MemorySegment bytes() {
        return bytes;
      }

      @Override
      public void close() {
        bytes.fill((byte) 0);
        used = Math.min(used, from);
      }
    };
  }

  @Override
  public void close() {
    arena.close();
  }
}
