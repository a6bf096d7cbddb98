package io.sharekeep.threshold.ecdsa;

import io.sharekeep.threshold.group.ConstantTime;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * GF(2)[x]/(x^128 + x^7 + x^2 + x + 1), 16 bytes, bit 0 the coefficient of x^0. Products without
 * carries come from integer products of operands with three holes between bits, so that no table is
 * read at a secret index.
 */
final class BinaryField {
  /** Bytes of an element. */
  static final long LENGTH = 16;

  private static final ValueLayout.OfLong WORD =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final long M0 = 0x1111111111111111L;
  private static final long M1 = 0x2222222222222222L;
  private static final long M2 = 0x4444444444444444L;
  private static final long M3 = 0x8888888888888888L;

  private BinaryField() {}

  /**
   * out = v_4 + Σ f_b·v_b, b = 0..3, over the five elements v_0 … v_4 of 80 bytes.
   *
   * @param factors f_0 … f_3, 64 bytes
   */
  @ConstantTime
  static void fold(MemorySegment v, long at, MemorySegment factors, MemorySegment out, long to) {
    long r0 = v.get(WORD, at + 64);
    long r1 = v.get(WORD, at + 72);
    long r2 = 0;
    long r3 = 0;
    for (int i = 0; i < 64; i += 16) {
      long a0 = v.get(WORD, at + i);
      long a1 = v.get(WORD, at + i + 8);
      long b0 = factors.get(WORD, i);
      long b1 = factors.get(WORD, i + 8);
      long low0 = low(a0, b0);
      long low1 = high(a0, b0);
      long high0 = low(a1, b1);
      long high1 = high(a1, b1);
      long middle0 = low(a0 ^ a1, b0 ^ b1) ^ low0 ^ high0;
      long middle1 = high(a0 ^ a1, b0 ^ b1) ^ low1 ^ high1;
      r0 ^= low0;
      r1 ^= low1 ^ middle0;
      r2 ^= high0 ^ middle1;
      r3 ^= high1;
    }
    // x^128 = x^7 + x^2 + x + 1, upper word first.
    r1 ^= r3 ^ r3 << 1 ^ r3 << 2 ^ r3 << 7;
    r2 ^= r3 >>> 63 ^ r3 >>> 62 ^ r3 >>> 57;
    r0 ^= r2 ^ r2 << 1 ^ r2 << 2 ^ r2 << 7;
    r1 ^= r2 >>> 63 ^ r2 >>> 62 ^ r2 >>> 57;
    out.set(WORD, to, r0);
    out.set(WORD, to + 8, r1);
  }

  /** 0 if a + b + choice·c is zero, else another number; the choice is secret. */
  @ConstantTime
  static long difference(
      MemorySegment a, long at, MemorySegment b, long bAt, int choice, MemorySegment c) {
    long mask = -(long) (choice & 1);
    return (a.get(WORD, at) ^ b.get(WORD, bAt) ^ (c.get(WORD, 0) & mask))
        | (a.get(WORD, at + 8) ^ b.get(WORD, bAt + 8) ^ (c.get(WORD, 8) & mask));
  }

  /** The lower 64 bits of a product of polynomials. */
  @ConstantTime
  private static long low(long x, long y) {
    long x0 = x & M0;
    long x1 = x & M1;
    long x2 = x & M2;
    long x3 = x & M3;
    long y0 = y & M0;
    long y1 = y & M1;
    long y2 = y & M2;
    long y3 = y & M3;
    return ((x0 * y0 ^ x1 * y3 ^ x2 * y2 ^ x3 * y1) & M0)
        | ((x0 * y1 ^ x1 * y0 ^ x2 * y3 ^ x3 * y2) & M1)
        | ((x0 * y2 ^ x1 * y1 ^ x2 * y0 ^ x3 * y3) & M2)
        | ((x0 * y3 ^ x1 * y2 ^ x2 * y1 ^ x3 * y0) & M3);
  }

  /** The upper 63 bits: those of the mirrored product. */
  @ConstantTime
  private static long high(long x, long y) {
    return Long.reverse(low(Long.reverse(x), Long.reverse(y))) >>> 1;
  }
}
