package io.sharekeep.enclave.memory;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** The slabs of one size class and who holds how many of them. */
final class Shelf {
  private final SizeClass size;
  private final int total;
  private final Deque<Slot> free = new ArrayDeque<>();
  private final Map<CallerId, Integer> held = new HashMap<>();
  private final AtomicInteger lent = new AtomicInteger();

  Shelf(SizeClass size, int total) {
    this.size = size;
    this.total = total;
  }

  /** A slab that waits for its next session. */
  record Slot(SizeClass size, MemorySegment whole) {}

  void stock(MemorySegment whole) {
    free.push(new Slot(size, whole));
  }

  /** A quarter of the class, at least one. */
  boolean isQuotaUsedUp(CallerId caller) {
    return total > 0 && held.getOrDefault(caller, 0) >= Math.max(1, total / 4);
  }

  Optional<Slot> take(CallerId caller) {
    var slot = Optional.ofNullable(free.poll());
    if (slot.isPresent()) {
      held.merge(caller, 1, Integer::sum);
      lent.incrementAndGet();
    }
    return slot;
  }

  void giveBack(CallerId caller, Slot slot) {
    if (held.merge(caller, -1, Integer::sum) == 0) {
      held.remove(caller);
    }
    lent.decrementAndGet();
    free.push(slot);
  }

  SizeClass size() {
    return size;
  }

  int total() {
    return total;
  }

  /** From any thread. */
  int lent() {
    return lent.get();
  }
}
