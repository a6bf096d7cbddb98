package io.sharekeep.bench.timing;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;

/**
 * A table of operands, one half all the same and the other random, from which each sample copies
 * one into the same place: the operation sees no difference but the bytes.
 */
final class Operands {
  static final int SLOTS = 4096;

  private final MemorySegment table;
  private final MemorySegment work;
  private final long length;

  private Operands(MemorySegment table, MemorySegment work, long length) {
    this.table = table;
    this.work = work;
    this.length = length;
  }

  /**
   * @param maskFirst what is kept of a random operand's first byte in memory, so that it is
   *     canonical
   * @param maskLast the same of its last byte
   */
  static Operands of(byte[] fixed, int maskFirst, int maskLast, long seed) {
    long length = fixed.length;
    var arena = Arena.ofAuto(); // protects nothing: every operand is made up
    var table = arena.allocate(2L * SLOTS * length, 64);
    var random = new SplittableRandom(seed);
    var bytes = new byte[fixed.length];
    for (int slot = 0; slot < SLOTS; slot++) {
      MemorySegment.copy(fixed, 0, table, ValueLayout.JAVA_BYTE, slot * length, fixed.length);
      random.nextBytes(bytes);
      bytes[0] &= (byte) maskFirst;
      bytes[bytes.length - 1] &= (byte) maskLast;
      MemorySegment.copy(
          bytes, 0, table, ValueLayout.JAVA_BYTE, (SLOTS + slot) * length, bytes.length);
    }
    return new Operands(table, arena.allocate(length, 64), length);
  }

  static Operands bytes(byte[] fixed, long seed) {
    return of(fixed, 0xff, 0xff, seed);
  }

  MemorySegment load(int kind, int slot) {
    long from = ((long) kind * SLOTS + slot % SLOTS) * length;
    MemorySegment.copy(table, from, work, 0, length);
    return work;
  }

  /** Where {@link #load} puts them. */
  MemorySegment work() {
    return work;
  }
}
