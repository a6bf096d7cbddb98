package io.sharekeep.enclave.memory;

import io.sharekeep.threshold.Scratch;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.time.Duration;

/**
 * The secret memory of one session on its signing thread: nonces and what a protocol keeps between
 * rounds. Only that thread may use or close it.
 */
public final class SessionSlab implements Scratch, SegmentAllocator, AutoCloseable {
  private final SlabPool pool;
  private final Shelf.Slot slot;
  private final Region region;
  private final CallerId caller;
  private final long idleCap;
  private long touched;

  SessionSlab(SlabPool pool, Shelf.Slot slot, CallerId caller, Duration idleCap) {
    this.pool = pool;
    this.slot = slot;
    this.region = pool.region(slot);
    this.caller = caller;
    this.idleCap = idleCap.toNanos();
    this.touched = pool.now();
  }

  @Override
  public Slab borrow(long length) {
    return region.borrow(length);
  }

  /** Zeroed memory for the rest of the session, aligned to 64. */
  @Override
  public MemorySegment allocate(long byteSize, long byteAlignment) {
    if (byteAlignment > 64) {
      throw new IllegalArgumentException("slabs are aligned to 64, not to " + byteAlignment);
    }
    return region.allocate(byteSize);
  }

  public SizeClass sizeClass() {
    return slot.size();
  }

  public CallerId caller() {
    return caller;
  }

  /** Bytes that are not lent. */
  public long remaining() {
    return region.remaining();
  }

  /** The session is alive: its idle time starts anew. */
  public void touch() {
    region.checkThread();
    touched = pool.now();
  }

  /** Whether nothing has touched it for longer than its cap: its thread closes it and aborts. */
  public boolean isIdle() {
    return region.isOpen() && pool.now() - touched > idleCap;
  }

  /** Kills every view, wipes, checks the wipe and gives the slab back. */
  @Override
  public void close() {
    region.checkThread();
    if (region.isOpen()) {
      region.close();
      pool.giveBack(this, slot);
    }
  }

  @Override
  public String toString() {
    return "SessionSlab[" + slot.size() + "]";
  }
}
