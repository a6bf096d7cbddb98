package io.sharekeep.bench.fuzz;

import io.sharekeep.threshold.Scratch;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Counts what is lent: a step that ends, however it ends, has given everything back. */
final class CountedScratch implements Scratch {
  private int lent;

  @Override
  public Slab borrow(long length) {
    lent++;
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
          lent--;
          life.close();
        }
      }
    };
  }

  int lent() {
    return lent;
  }
}
