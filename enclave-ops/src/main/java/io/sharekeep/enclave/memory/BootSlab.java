package io.sharekeep.enclave.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Secret memory for what several threads use for as long as the process runs: the PIN of an
 * unattended boot, the envelope key. Made once at start from a shared arena and closed at the end
 * only, since closing a shared arena stops every thread.
 *
 * <p>Who reserves a slot guards it against concurrent writing.
 */
public final class BootSlab implements AutoCloseable {
  private static final long ALIGNMENT = 64;

  private final SecretMode mode;
  private final Mapping mapping;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment whole;
  private final Wiper wiper = Wiper.explicitBzero();
  private long used;

  private BootSlab(SecretMode mode, Mapping mapping) {
    this.mode = mode;
    this.mapping = mapping;
    this.whole = mapping.data(arena);
  }

  /**
   * @param bytes rounded up to whole pages
   */
  public static BootSlab open(SecretMode mode, long bytes) throws SecretMemoryUnavailable {
    return new BootSlab(mode, Mapping.map(mode, PoolSizes.pages(bytes)));
  }

  /**
   * Zeroed memory, aligned to 64, until the slab is closed.
   *
   * @throws IllegalStateException when the slab is used up: it was sized wrongly
   */
  public synchronized MemorySegment reserve(long length) {
    if (length < 1) {
      throw new IllegalArgumentException("a slot has at least one byte, not " + length);
    }
    long size = (length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (size > whole.byteSize() - used) {
      throw new IllegalStateException(
          "the boot slab of " + whole.byteSize() + " bytes cannot hold " + length + " more");
    }
    var slot = whole.asSlice(used, length);
    used += size;
    return slot;
  }

  /** Wipes one slot and checks that; it may be filled again. */
  public void wipe(MemorySegment slot) {
    wiper.wipe(slot);
  }

  public SecretMode mode() {
    return mode;
  }

  public long wipeFailures() {
    return wiper.failures();
  }

  /** Wipes and unmaps. No thread may use a slot by then. A second call does nothing. */
  @Override
  public synchronized void close() {
    if (arena.scope().isAlive()) {
      wiper.wipe(whole);
      arena.close();
      mapping.unmap();
    }
  }
}
