package io.sharekeep.threshold.ecdsa;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.sharekeep.threshold.group.ConstantTime;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Choices by a secret bit between public or secret bytes. */
final class Selection {
  private Selection() {}

  /** Swaps two compressed points, 33 bytes each, where the choice is 1. */
  @ConstantTime
  static void exchange(int choice, MemorySegment a, long at, MemorySegment b, long bAt) {
    int mask = -(choice & 1);
    for (int i = 0; i < 33; i++) {
      int x = a.get(JAVA_BYTE, at + i);
      int y = b.get(JAVA_BYTE, bAt + i);
      int difference = (x ^ y) & mask;
      a.set(JAVA_BYTE, at + i, (byte) (x ^ difference));
      b.set(JAVA_BYTE, bAt + i, (byte) (y ^ difference));
    }
  }

  /** out = a where the choice is 0, b where it is 1: 64 bytes each. */
  @ConstantTime
  static void choose(int choice, MemorySegment a, MemorySegment b, MemorySegment out) {
    long mask = -(long) (choice & 1);
    for (int i = 0; i < 64; i += 8) {
      long x = a.get(ValueLayout.JAVA_LONG_UNALIGNED, i);
      long y = b.get(ValueLayout.JAVA_LONG_UNALIGNED, i);
      out.set(ValueLayout.JAVA_LONG_UNALIGNED, i, x ^ ((x ^ y) & mask));
    }
  }
}
