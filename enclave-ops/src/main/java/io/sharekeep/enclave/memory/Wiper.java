package io.sharekeep.enclave.memory;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** Wipes and reads back what it wiped. */
final class Wiper {
  private final Consumer<MemorySegment> zero;
  private final LongAdder failures = new LongAdder();

  Wiper(Consumer<MemorySegment> zero) {
    this.zero = zero;
  }

  static Wiper explicitBzero() {
    return new Wiper(Linux::explicitBzero);
  }

  /**
   * @param bytes aligned to 8
   * @throws WipeFailed when anything but zeros is left
   */
  void wipe(MemorySegment bytes) {
    zero.accept(bytes);
    if (residue(bytes) != 0) {
      failures.increment();
      throw new WipeFailed();
    }
  }

  long failures() {
    return failures.sum();
  }

  private static long residue(MemorySegment bytes) {
    long words = bytes.byteSize() / Long.BYTES;
    long seen = 0;
    for (long i = 0; i < words; i++) {
      seen |= bytes.getAtIndex(JAVA_LONG, i);
    }
    for (long i = words * Long.BYTES; i < bytes.byteSize(); i++) {
      seen |= bytes.get(JAVA_BYTE, i);
    }
    return seen;
  }
}
