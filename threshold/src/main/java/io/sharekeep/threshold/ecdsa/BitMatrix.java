package io.sharekeep.threshold.ecdsa;

import io.sharekeep.threshold.group.ConstantTime;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * A secret bit matrix on a slab: {@value #ROWS} rows of {@value #COLUMNS} bits, bits little-endian
 * in their bytes.
 */
final class BitMatrix {
  /** One row for each base OT. */
  static final int ROWS = 256;

  /** Extended width: the OTs that are used, and those that mask the check. */
  static final int COLUMNS = 640;

  /** The OTs that are used. */
  static final int USED = 512;

  static final long ROW = COLUMNS / 8;
  static final long COLUMN = ROWS / 8;

  /** Bytes of all rows, of all used columns, and of the work segment of a transposition. */
  static final long ROWS_LENGTH = ROWS * ROW;

  static final long COLUMNS_LENGTH = USED * COLUMN;
  static final long WORK = 64 * 8;

  private static final ValueLayout.OfLong WORD =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private BitMatrix() {}

  /** row := row ^ other ^ third, three rows at offsets. */
  @ConstantTime
  static void addBoth(
      MemorySegment row,
      long at,
      MemorySegment other,
      long otherAt,
      MemorySegment third,
      long thirdAt) {
    for (int i = 0; i < 80; i += 8) {
      row.set(
          WORD,
          at + i,
          row.get(WORD, at + i) ^ other.get(WORD, otherAt + i) ^ third.get(WORD, thirdAt + i));
    }
  }

  /** row := row ^ choice·other; the choice is secret. */
  @ConstantTime
  static void addIf(int choice, MemorySegment row, long at, MemorySegment other, long otherAt) {
    long mask = -(long) (choice & 1);
    for (int i = 0; i < 80; i += 8) {
      row.set(WORD, at + i, row.get(WORD, at + i) ^ (other.get(WORD, otherAt + i) & mask));
    }
  }

  /** Bit {@code index} of a string of bits. */
  @ConstantTime
  static int bit(MemorySegment bits, int index) {
    return bits.get(ValueLayout.JAVA_BYTE, index >> 3) >> (index & 7) & 1;
  }

  /** The used columns, one after another, of all rows. */
  static void transpose(MemorySegment rows, MemorySegment columns, MemorySegment work) {
    for (int c = 0; c < USED / 64; c++) {
      for (int r = 0; r < ROWS / 64; r++) {
        gather(rows, 64L * r * ROW + 8L * c, work);
        exchange(work, 32, 0x00000000ffffffffL);
        exchange(work, 16, 0x0000ffff0000ffffL);
        exchange(work, 8, 0x00ff00ff00ff00ffL);
        exchange(work, 4, 0x0f0f0f0f0f0f0f0fL);
        exchange(work, 2, 0x3333333333333333L);
        exchange(work, 1, 0x5555555555555555L);
        scatter(work, columns, 64L * c * COLUMN + 8L * r);
      }
    }
  }

  @ConstantTime
  private static void gather(MemorySegment rows, long at, MemorySegment work) {
    for (int i = 0; i < 64; i++) {
      work.set(WORD, 8L * i, rows.get(WORD, at + i * ROW));
    }
  }

  @ConstantTime
  private static void scatter(MemorySegment work, MemorySegment columns, long at) {
    for (int i = 0; i < 64; i++) {
      columns.set(WORD, at + i * COLUMN, work.get(WORD, 8L * i));
    }
  }

  /** Swaps the off-diagonal blocks of all 2·size squares; size and mask are public. */
  @ConstantTime
  private static void exchange(MemorySegment work, int size, long mask) {
    for (int i = 0; i < 32; i++) {
      long upper = 8L * ((i & -size) << 1 | (i & (size - 1)));
      long lower = upper + 8L * size;
      long a = work.get(WORD, upper);
      long b = work.get(WORD, lower);
      long t = (a >>> size ^ b) & mask;
      work.set(WORD, upper, a ^ t << size);
      work.set(WORD, lower, b ^ t);
    }
  }
}
