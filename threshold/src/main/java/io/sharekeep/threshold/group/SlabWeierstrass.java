package io.sharekeep.threshold.group;

import static io.sharekeep.threshold.group.SlabFieldSecp256k1.SIZE;
import static io.sharekeep.threshold.group.SlabFieldSecp256k1.add;
import static io.sharekeep.threshold.group.SlabFieldSecp256k1.multiply;
import static io.sharekeep.threshold.group.SlabFieldSecp256k1.multiplySmall;
import static io.sharekeep.threshold.group.SlabFieldSecp256k1.select;
import static io.sharekeep.threshold.group.SlabFieldSecp256k1.square;
import static io.sharekeep.threshold.group.SlabFieldSecp256k1.subtract;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Multiplication on secp256k1 by a secret scalar: windows of four bits from the top, each entry
 * selected by masks over the whole of a public table, and the complete formulas of Renes, Costello
 * and Batina 2016 for a = 0 (algorithms 7 and 9), so that infinity and equal points need no special
 * case. Every method works on one work segment of {@link #WORK} bytes that the caller lends.
 */
final class SlabWeierstrass {
  private static final long X = 0;
  private static final long Y = SIZE;
  private static final long Z = 2 * SIZE;

  /** The selected entry, three elements. */
  static final long ADDEND = 3 * SIZE;

  private static final long X2 = ADDEND;

  private static final long Y2 = 4 * SIZE;
  private static final long Z2 = 5 * SIZE;
  private static final long T0 = 6 * SIZE;
  private static final long T1 = 7 * SIZE;
  private static final long T2 = 8 * SIZE;
  private static final long T3 = 9 * SIZE;
  private static final long T4 = 10 * SIZE;
  private static final long U = 11 * SIZE;
  private static final long V = 12 * SIZE;

  /** 3b, for b = 7. */
  private static final long THREE_B = 21;

  /** Bytes of the work segment. */
  static final long WORK = 13 * SIZE;

  private SlabWeierstrass() {}

  /** k·G, into the work segment. */
  @ConstantTime
  static void multiplyBase(MemorySegment w, MemorySegment k) {
    identity(w);
    for (int i = 0; i < 64; i++) {
      selectEntry(w, WeierstrassTables.WINDOWS, i * 16 * WeierstrassTables.ENTRY, nibble(k, i));
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
   * The affine coordinates of the result, 64 bytes, each coordinate big-endian; zeros for infinity,
   * since 1/0 comes out as 0.
   *
   * @return 1, or 0 for infinity
   */
  static int affine(MemorySegment w, MemorySegment out) {
    SlabFieldSecp256k1.invert(w, X2, Z, T0);
    multiply(w, X, X, X2);
    multiply(w, Y, Y, X2);
    SlabFieldSecp256k1.encode(w, X, out, 0);
    SlabFieldSecp256k1.encode(w, Y, out, 32);
    return 1 - SlabFieldSecp256k1.isZero(w, Z);
  }

  @ConstantTime
  private static void identity(MemorySegment w) {
    SlabFieldSecp256k1.set(w, X, 0);
    SlabFieldSecp256k1.set(w, Y, 1);
    SlabFieldSecp256k1.set(w, Z, 0);
  }

  /** Four bits of the scalar; {@code index} is public. */
  @ConstantTime
  private static int nibble(MemorySegment k, int index) {
    return k.get(ValueLayout.JAVA_BYTE, 31 - (index >> 1)) >> (4 * (index & 1)) & 15;
  }

  @ConstantTime
  private static void selectEntry(MemorySegment w, long[] table, int base, int digit) {
    select(w, X2, table, base, WeierstrassTables.ENTRY, digit);
    select(w, Y2, table, base + 5, WeierstrassTables.ENTRY, digit);
    select(w, Z2, table, base + 10, WeierstrassTables.ENTRY, digit);
  }

  /** Algorithm 9. */
  @ConstantTime
  private static void twice(MemorySegment w) {
    square(w, T0, Y);
    multiplySmall(w, T3, T0, 8);
    multiply(w, T1, Y, Z);
    square(w, T2, Z);
    multiplySmall(w, T2, T2, THREE_B);
    multiply(w, U, T2, T3);
    add(w, V, T0, T2);
    multiply(w, Z, T1, T3);
    add(w, T1, T2, T2);
    add(w, T2, T1, T2);
    subtract(w, T0, T0, T2);
    multiply(w, V, T0, V);
    multiply(w, T1, X, Y);
    add(w, Y, U, V);
    multiply(w, X, T0, T1);
    add(w, X, X, X);
  }

  /** Algorithm 7: the point at 0 plus that at {@link #ADDEND}, either of them projective. */
  @ConstantTime
  static void addEntry(MemorySegment w) {
    multiply(w, T0, X, X2);
    multiply(w, T1, Y, Y2);
    multiply(w, T2, Z, Z2);
    add(w, T3, X, Y);
    add(w, T4, X2, Y2);
    multiply(w, T3, T3, T4);
    add(w, T4, T0, T1);
    subtract(w, T3, T3, T4);
    add(w, T4, Y, Z);
    add(w, U, Y2, Z2);
    multiply(w, T4, T4, U);
    add(w, U, T1, T2);
    subtract(w, T4, T4, U);
    add(w, U, X, Z);
    add(w, V, X2, Z2);
    multiply(w, U, U, V);
    add(w, V, T0, T2);
    subtract(w, V, U, V);
    add(w, U, T0, T0);
    add(w, T0, U, T0);
    multiplySmall(w, T2, T2, THREE_B);
    add(w, Z, T1, T2);
    subtract(w, T1, T1, T2);
    multiplySmall(w, V, V, THREE_B);
    multiply(w, U, T4, V);
    multiply(w, T2, T3, T1);
    subtract(w, X, T2, U);
    multiply(w, V, V, T0);
    multiply(w, T1, T1, Z);
    add(w, Y, T1, V);
    multiply(w, T0, T0, T3);
    multiply(w, Z, Z, T4);
    add(w, Z, Z, T0);
  }
}
