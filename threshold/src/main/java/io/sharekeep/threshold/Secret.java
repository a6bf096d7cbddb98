package io.sharekeep.threshold;

import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import java.util.function.Function;

/** Key material in borrowed memory, so that wiping it wipes the only copy. */
public final class Secret implements AutoCloseable {
  private final Scratch.Slab slab;

  private Secret(Scratch.Slab slab) {
    this.slab = slab;
  }

  /** The writer (the HSM, a random source) fills the bytes where they will live: no array. */
  public static Secret written(Scratch scratch, long length, Consumer<MemorySegment> writer) {
    var slab = scratch.borrow(length);
    try {
      writer.accept(slab.bytes());
      return new Secret(slab);
    } catch (RuntimeException | Error e) {
      slab.close();
      throw e;
    }
  }

  /** Lends the bytes for one call. A borrower that keeps the segment keeps a dead one. */
  public <R> R lend(Function<MemorySegment, R> borrower) {
    return borrower.apply(slab.bytes().asReadOnly());
  }

  /** Wipes. A second call does nothing. */
  @Override
  public void close() {
    slab.close();
  }

  @Override
  public String toString() {
    return "Secret[redacted]";
  }
}
