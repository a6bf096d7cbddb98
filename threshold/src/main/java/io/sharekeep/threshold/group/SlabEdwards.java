package io.sharekeep.threshold.group;

import static io.sharekeep.threshold.group.SlabField25519.SIZE;
import static io.sharekeep.threshold.group.SlabField25519.add;
import static io.sharekeep.threshold.group.SlabField25519.multiply;
import static io.sharekeep.threshold.group.SlabField25519.select;
import static io.sharekeep.threshold.group.SlabField25519.square;
import static io.sharekeep.threshold.group.SlabField25519.subtract;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Multiplication on edwards25519 by a secret scalar: windows of four bits from the top, each entry
 * selected by masks over the whole of a public table, complete formulas (see {@link EdwardsSum}).
 * Every method works on one work segment of {@link #WORK} bytes that the caller lends.
 */
final class SlabEdwards {
  private static final long X = 0;
  private static final long Y = SIZE;
  private static final long Z = 2 * SIZE;
  private static final long T = 3 * SIZE;
  private static final long E = 4 * SIZE;
  private static final long F = 5 * SIZE;
  private static final long G = 6 * SIZE;
  private static final long H = 7 * SIZE;
  private static final long ENTRY = 8 * SIZE;

  /** Bytes of the work segment. */
  static final long WORK = 12 * SIZE;

  private SlabEdwards() {}

  /** k·G, into the work segment. */
  @ConstantTime
  static void multiplyBase(MemorySegment w, MemorySegment k) {
    identity(w);
    for (int i = 0; i < 64; i++) {
      selectEntry(w, EdwardsTables.WINDOWS, i * 16 * EdwardsTables.ENTRY, nibble(k, i));
      addEntry(w);
    }
  }

  /** k·P, into the work segment, from the sixteen multiples of P. */
  @ConstantTime
  static void multiplyPoint(MemorySegment w, MemorySegment k, long[] window) {
    identity(w);
    for (int i = 63; i >= 0; i--) {
      twice(w);
      twice(w);
      twice(w);
      twice(w);
      selectEntry(w, window, 0, nibble(k, i));
      addEntry(w);
    }
  }

  /**
   * The affine coordinates of the result, 64 bytes, each coordinate little-endian; zeros for the
   * identity.
   *
   * @return 1, or 0 for the identity
   */
  static int affine(MemorySegment w, MemorySegment out) {
    SlabField25519.invert(w, ENTRY, Z, E);
    multiply(w, X, X, ENTRY);
    multiply(w, Y, Y, ENTRY);
    // Of the points of odd order only the identity has x = 0.
    int some = 1 - SlabField25519.isZero(w, X);
    scaleByBit(w, Y, some);
    SlabField25519.encode(w, X, out, 0);
    SlabField25519.encode(w, Y, out, 32);
    return some;
  }

  @ConstantTime
  private static void scaleByBit(MemorySegment w, long element, int bit) {
    for (int i = 0; i < 5; i++) {
      long at = element + 8L * i;
      w.set(ValueLayout.JAVA_LONG, at, w.get(ValueLayout.JAVA_LONG, at) * bit);
    }
  }

  @ConstantTime
  private static void identity(MemorySegment w) {
    SlabField25519.set(w, X, 0);
    SlabField25519.set(w, Y, 1);
    SlabField25519.set(w, Z, 1);
    SlabField25519.set(w, T, 0);
  }

  /** Four bits of the scalar; {@code index} is public. */
  @ConstantTime
  private static int nibble(MemorySegment k, int index) {
    return k.get(ValueLayout.JAVA_BYTE, index >> 1) >> (4 * (index & 1)) & 15;
  }

  @ConstantTime
  private static void selectEntry(MemorySegment w, long[] table, int base, int digit) {
    select(w, ENTRY, table, base, EdwardsTables.ENTRY, digit);
    select(w, ENTRY + SIZE, table, base + 5, EdwardsTables.ENTRY, digit);
    select(w, ENTRY + 2 * SIZE, table, base + 10, EdwardsTables.ENTRY, digit);
    select(w, ENTRY + 3 * SIZE, table, base + 15, EdwardsTables.ENTRY, digit);
  }

  @ConstantTime
  private static void twice(MemorySegment w) {
    add(w, E, X, Y);
    square(w, E, E);
    square(w, F, Z);
    add(w, F, F, F);
    square(w, X, X);
    square(w, Y, Y);
    add(w, H, Y, X);
    subtract(w, G, Y, X);
    subtract(w, E, E, H);
    subtract(w, F, F, G);
    finish(w);
  }

  @ConstantTime
  private static void addEntry(MemorySegment w) {
    add(w, E, Y, X);
    subtract(w, F, Y, X);
    multiply(w, E, E, ENTRY);
    multiply(w, F, F, ENTRY + SIZE);
    add(w, H, E, F);
    subtract(w, E, E, F);
    multiply(w, X, Z, ENTRY + 2 * SIZE);
    multiply(w, Y, T, ENTRY + 3 * SIZE);
    subtract(w, F, X, Y);
    add(w, G, X, Y);
    finish(w);
  }

  @ConstantTime
  private static void finish(MemorySegment w) {
    multiply(w, X, E, F);
    multiply(w, Y, G, H);
    multiply(w, Z, F, G);
    multiply(w, T, E, H);
  }
}
