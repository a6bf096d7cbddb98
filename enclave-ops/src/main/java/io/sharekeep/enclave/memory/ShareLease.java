package io.sharekeep.enclave.memory;

import io.sharekeep.threshold.Scratch;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;

/**
 * The secret memory of one round in which a share lies open: 64 KiB, one per signing thread. For
 * try-with-resources; no share outlives its step.
 */
public final class ShareLease implements Scratch, SegmentAllocator, AutoCloseable {
  private final SlabPool pool;
  private final Region region;

  ShareLease(SlabPool pool, Region region) {
    this.pool = pool;
    this.region = region;
  }

  @Override
  public Slab borrow(long length) {
    return region.borrow(length);
  }

  @Override
  public MemorySegment allocate(long byteSize, long byteAlignment) {
    if (byteAlignment > 64) {
      throw new IllegalArgumentException("slabs are aligned to 64, not to " + byteAlignment);
    }
    return region.allocate(byteSize);
  }

  /** Bytes that are not lent. */
  public long remaining() {
    return region.remaining();
  }

  /**
   * Throws if the share was wiped meanwhile, because it lay open for too long.
   *
   * @throws ShareOverdue then: nothing that came of it may be used
   */
  public void requireInTime() {
    if (pool.isShareOverdue()) {
      throw new ShareOverdue();
    }
  }

  /**
   * Wipes and gives back.
   *
   * @throws ShareOverdue if the share was wiped before this: what the round made of it is not to be
   *     used
   */
  @Override
  public void close() {
    if (end()) {
      requireInTime();
    }
  }

  /** The same, whatever became of it. False if it was done before. */
  boolean end() {
    region.checkThread();
    if (!region.isOpen()) {
      return false;
    }
    region.close();
    pool.giveBackShare();
    return true;
  }

  @Override
  public String toString() {
    return "ShareLease[redacted]";
  }
}
