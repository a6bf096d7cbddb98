package io.sharekeep.bench;

import io.sharekeep.threshold.Scratch;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * Off-heap slabs without locks on their pages, lent again once they are wiped, as the appliance's
 * are: what a slab pool costs is not measured here, and what an allocation costs neither.
 */
public final class PlainScratch implements Scratch {
  private static final long ROUNDING = 4096;

  private final Arena life = Arena.ofConfined();
  private final Map<Long, Deque<MemorySegment>> free = new HashMap<>();

  @Override
  public Slab borrow(long length) {
    long rounded = length < ROUNDING ? Long.highestOneBit(length) * 2 : round(length);
    var pool = free.computeIfAbsent(rounded, _ -> new ArrayDeque<>());
    var whole = pool.isEmpty() ? life.allocate(rounded, 64) : pool.pop();
    return new Lent(whole, whole.asSlice(0, length), pool);
  }

  private static long round(long length) {
    return (length + ROUNDING - 1) / ROUNDING * ROUNDING;
  }

  private static final class Lent implements Slab {
    private final MemorySegment whole;
    private final MemorySegment bytes;
    private final Deque<MemorySegment> pool;
    private boolean open = true;

    Lent(MemorySegment whole, MemorySegment bytes, Deque<MemorySegment> pool) {
      this.whole = whole;
      this.bytes = bytes;
      this.pool = pool;
    }

    @Override
    public MemorySegment bytes() {
      return bytes;
    }

    @Override
    public void close() {
      if (open) {
        open = false;
        bytes.fill((byte) 0);
        pool.push(whole);
      }
    }
  }
}
