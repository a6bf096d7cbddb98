package io.sharekeep.bench;

import io.sharekeep.threshold.Scratch;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Off-heap slabs without locks on their pages: what a slab pool costs is not measured here. */
final class PlainScratch implements Scratch {
  @Override
  public Slab borrow(long length) {
    var life = Arena.ofConfined();
    var bytes = life.allocate(length, 64);
    return new Slab() {
      @Override
      public MemorySegment bytes() {
        return bytes;
      }

      @Override
      public void close() {
        if (life.scope().isAlive()) {
          bytes.fill((byte) 0);
          life.close();
        }
      }
    };
  }
}
