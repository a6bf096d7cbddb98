package io.sharekeep.threshold.group;

import io.sharekeep.threshold.Scratch;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * SHA-256 (FIPS 180-4) over a slab, for secrets where no native library is at hand: message
 * schedule, state and last block lie in borrowed memory. Only the length of the message is public.
 */
final class SlabSha256 {
  static final int LENGTH = 32;

  private static final ValueLayout.OfInt WORD = ValueLayout.JAVA_INT;
  private static final ValueLayout.OfInt BIG_ENDIAN =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final int BLOCK = 64;

  /** Offsets in the work segment: 64 words of schedule, 8 of state, two blocks for the tail. */
  private static final long STATE = 64 * 4;

  private static final long TAIL = STATE + 8 * 4;
  private static final long WORK = TAIL + 2 * BLOCK;

  private SlabSha256() {}

  /** {@code out} may overlap the message. */
  static void hash(Scratch scratch, MemorySegment message, MemorySegment out) {
    if (out.byteSize() != LENGTH) {
      throw new IllegalArgumentException(out.byteSize() + " bytes, not " + LENGTH);
    }
    long length = message.byteSize();
    long whole = length / BLOCK * BLOCK;
    int rest = (int) (length - whole);
    int tail = rest < BLOCK - 8 ? BLOCK : 2 * BLOCK;
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
      w.set(WORD, STATE + 4L * i, (int) (ShaConstants.INITIAL[i] >>> 32));
    }
  }

  @ConstantTime
  private static void write(MemorySegment w, MemorySegment out) {
    for (int i = 0; i < 8; i++) {
      out.set(BIG_ENDIAN, 4L * i, w.get(WORD, STATE + 4L * i));
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
      w.set(WORD, 4L * i, block.get(BIG_ENDIAN, from + 4L * i));
    }
    for (int i = 16; i < 64; i++) {
      w.set(
          WORD,
          4L * i,
          smallSigma1(w.get(WORD, 4L * (i - 2)))
              + w.get(WORD, 4L * (i - 7))
              + smallSigma0(w.get(WORD, 4L * (i - 15)))
              + w.get(WORD, 4L * (i - 16)));
    }
  }

  @ConstantTime
  private static void rounds(MemorySegment w) {
    int a = w.get(WORD, STATE);
    int b = w.get(WORD, STATE + 4);
    int c = w.get(WORD, STATE + 8);
    int d = w.get(WORD, STATE + 12);
    int e = w.get(WORD, STATE + 16);
    int f = w.get(WORD, STATE + 20);
    int g = w.get(WORD, STATE + 24);
    int h = w.get(WORD, STATE + 28);
    for (int i = 0; i < 64; i++) {
      int t1 =
          h
              + sigma1(e)
              + ((e & f) ^ (~e & g))
              + (int) (ShaConstants.ROUND[i] >>> 32)
              + w.get(WORD, 4L * i);
      int t2 = sigma0(a) + ((a & b) ^ (a & c) ^ (b & c));
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
    addTo(w, STATE + 4, b);
    addTo(w, STATE + 8, c);
    addTo(w, STATE + 12, d);
    addTo(w, STATE + 16, e);
    addTo(w, STATE + 20, f);
    addTo(w, STATE + 24, g);
    addTo(w, STATE + 28, h);
  }

  @ConstantTime
  private static void addTo(MemorySegment w, long at, int value) {
    w.set(WORD, at, w.get(WORD, at) + value);
  }

  @ConstantTime
  private static int sigma0(int x) {
    return Integer.rotateRight(x, 2) ^ Integer.rotateRight(x, 13) ^ Integer.rotateRight(x, 22);
  }

  @ConstantTime
  private static int sigma1(int x) {
    return Integer.rotateRight(x, 6) ^ Integer.rotateRight(x, 11) ^ Integer.rotateRight(x, 25);
  }

  @ConstantTime
  private static int smallSigma0(int x) {
    return Integer.rotateRight(x, 7) ^ Integer.rotateRight(x, 18) ^ x >>> 3;
  }

  @ConstantTime
  private static int smallSigma1(int x) {
    return Integer.rotateRight(x, 17) ^ Integer.rotateRight(x, 19) ^ x >>> 10;
  }
}
