package io.sharekeep.enclave.memory;

import io.sharekeep.threshold.Scratch;

/**
 * The secret memory of one step for what it does not leave behind: matrices and opened keys of
 * oblivious transfer. For try-with-resources.
 */
public final class WorkLease implements Scratch, AutoCloseable {
  private final SlabPool pool;
  private final Region region;

  WorkLease(SlabPool pool, Region region) {
    this.pool = pool;
    this.region = region;
  }

  @Override
  public Slab borrow(long length) {
    return region.borrow(length);
  }

  /** Wipes and gives back. A second call does nothing. */
  @Override
  public void close() {
    region.checkThread();
    if (region.isOpen()) {
      region.close();
      pool.giveBackWork();
    }
  }

  @Override
  public String toString() {
    return "WorkLease[redacted]";
  }
}
