package io.sharekeep.enclave.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * One thread's share memory as another thread may wipe it, while the first one hangs. It holds its
 * own lock for as long as a wipe takes, so the memory cannot be unmapped meanwhile.
 */
final class ShareGuard {
  private final MemorySegment memory;
  private boolean mapped = true;
  private boolean open;
  private boolean overdue;
  private long since;

  ShareGuard(Mapping mapping) {
    this.memory = mapping.data(Arena.global());
  }

  /** A lease begins. */
  synchronized void opened(long now) {
    open = true;
    overdue = false;
    since = now;
  }

  /** It ends; what it held is wiped by then. */
  synchronized void closed() {
    open = false;
  }

  /** Whether the lease that is open, or was the last, was wiped before its end. */
  synchronized boolean isOverdue() {
    return overdue;
  }

  /**
   * Wipes a lease that is older than that, again each time: a call that hangs may still write.
   *
   * @return whether it is the first time
   */
  synchronized boolean wipeIfOlder(long now, long nanos) {
    if (!mapped || !open || now - since <= nanos) {
      return false;
    }
    Linux.explicitBzero(memory);
    boolean first = !overdue;
    overdue = true;
    return first;
  }

  /** The memory goes away. */
  synchronized void unmapped() {
    mapped = false;
  }
}
