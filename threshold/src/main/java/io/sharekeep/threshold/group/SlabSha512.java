package io.sharekeep.threshold.group;

import io.sharekeep.threshold.Scratch;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * SHA-512 (FIPS 180-4) over a slab, for secrets where no native library is at hand: message
 * schedule, state and last block lie in borrowed memory. Only the length of the message is public.
 */
final class SlabSha512 {
  static final int LENGTH = 64;

  private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG;
  private static final ValueLayout.OfLong BIG_ENDIAN =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final int BLOCK = 128;

  /** Offsets in the work segment: 80 words of schedule, 8 of state, two blocks for the tail. */
  private static final long STATE = 80 * 8;

  private static final long TAIL = STATE + 8 * 8;
  private static final long WORK = TAIL + 2 * BLOCK;

  private SlabSha512() {}

  /** {@code out} may overlap the message. */
  static void hash(Scratch scratch, MemorySegment message, MemorySegment out) {
    if (out.byteSize() != LENGTH) {
      throw new IllegalArgumentException(out.byteSize() + " bytes, not " + LENGTH);
    }
    long length = message.byteSize();
    long whole = length / BLOCK * BLOCK;
    int rest = (int) (length - whole);
    int tail = rest < BLOCK - 16 ? BLOCK : 2 * BLOCK;
    try (var slab = scratch.borrow(WORK)) {
      var w = slab.bytes();
      initialize(w);
      for (long at = 0; at < whole; at += BLOCK) {
        compress(w, message, at);
      }
      MemorySegment.copy(message, whole, w, TAIL, rest);
      w.set(ValueLayout.JAVA_BYTE, TAIL + rest, (byte) 0x80);
      w.set(
          ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN),
          TAIL + tail - 8,
          length * 8);
      for (int at = 0; at < tail; at += BLOCK) {
        compress(w, w, TAIL + at);
      }
      write(w, out);
    }
  }

  @ConstantTime
  private static void initialize(MemorySegment w) {
    for (int i = 0; i < 8; i++) {
      w.set(WORD, STATE + 8L * i, ShaConstants.INITIAL[i]);
    }
  }

  @ConstantTime
  private static void write(MemorySegment w, MemorySegment out) {
    for (int i = 0; i < 8; i++) {
      out.set(BIG_ENDIAN, 8L * i, w.get(WORD, STATE + 8L * i));
    }
  }

  @ConstantTime
  private static void compress(MemorySegment w, MemorySegment block, long from) {
    schedule(w, block, from);
    rounds(w);
  }

  @ConstantTime
  private static void schedule(MemorySegment w, MemorySegment block, long from) {
    for (int i = 0; i < 16; i++) {
      w.set(WORD, 8L * i, block.get(BIG_ENDIAN, from + 8L * i));
    }
    for (int i = 16; i < 80; i++) {
      w.set(
          WORD,
          8L * i,
          smallSigma1(w.get(WORD, 8L * (i - 2)))
              + w.get(WORD, 8L * (i - 7))
              + smallSigma0(w.get(WORD, 8L * (i - 15)))
              + w.get(WORD, 8L * (i - 16)));
    }
  }

  @ConstantTime
  private static void rounds(MemorySegment w) {
    long a = w.get(WORD, STATE);
    long b = w.get(WORD, STATE + 8);
    long c = w.get(WORD, STATE + 16);
    long d = w.get(WORD, STATE + 24);
    long e = w.get(WORD, STATE + 32);
    long f = w.get(WORD, STATE + 40);
    long g = w.get(WORD, STATE + 48);
    long h = w.get(WORD, STATE + 56);
    for (int i = 0; i < 80; i++) {
      long t1 = h + sigma1(e) + ((e & f) ^ (~e & g)) + ShaConstants.ROUND[i] + w.get(WORD, 8L * i);
      long t2 = sigma0(a) + ((a & b) ^ (a & c) ^ (b & c));
      h = g;
      g = f;
      f = e;
      e = d + t1;
      d = c;
      c = b;
      b = a;
      a = t1 + t2;
    }
    addTo(w, STATE, a);
    addTo(w, STATE + 8, b);
    addTo(w, STATE + 16, c);
    addTo(w, STATE + 24, d);
    addTo(w, STATE + 32, e);
    addTo(w, STATE + 40, f);
    addTo(w, STATE + 48, g);
    addTo(w, STATE + 56, h);
  }

  @ConstantTime
  private static void addTo(MemorySegment w, long at, long value) {
    w.set(WORD, at, w.get(WORD, at) + value);
  }

  @ConstantTime
  private static long sigma0(long x) {
    return Long.rotateRight(x, 28) ^ Long.rotateRight(x, 34) ^ Long.rotateRight(x, 39);
  }

  @ConstantTime
  private static long sigma1(long x) {
    return Long.rotateRight(x, 14) ^ Long.rotateRight(x, 18) ^ Long.rotateRight(x, 41);
  }

  @ConstantTime
  private static long smallSigma0(long x) {
    return Long.rotateRight(x, 1) ^ Long.rotateRight(x, 8) ^ x >>> 7;
  }

  @ConstantTime
  private static long smallSigma1(long x) {
    return Long.rotateRight(x, 19) ^ Long.rotateRight(x, 61) ^ x >>> 6;
  }
}
