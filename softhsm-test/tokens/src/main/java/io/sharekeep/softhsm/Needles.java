package io.sharekeep.softhsm;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Byte strings of several kinds that are looked for in one pass, at every offset. */
public final class Needles {
  /** The shortest that can be looked for. */
  public static final int SHORTEST = 8;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** A filter that little else gets through. */
  private static final int FILTER_BITS = 22;

  private final int kinds;
  private final Map<Long, List<Needle>> byMark = new HashMap<>();
  private final long[] filter = new long[(1 << FILTER_BITS) / Long.SIZE];

  /**
   * One of them.
   *
   * @param at where the eight bytes begin by which it is noticed
   */
  private record Needle(int kind, byte[] bytes, int at) {}

  private Needles(int kinds) {
    this.kinds = kinds;
  }

  /**
   * Of at least 8 bytes each.
   *
   * @param all by kind; counts come in the same order
   */
  public static Needles of(List<? extends Collection<byte[]>> all) {
    var needles = new Needles(all.size());
    for (int kind = 0; kind < all.size(); kind++) {
      for (var bytes : all.get(kind)) {
        needles.add(kind, bytes.clone());
      }
    }
    return needles;
  }

  private void add(int kind, byte[] bytes) {
    if (bytes.length < SHORTEST) {
      throw new IllegalArgumentException("a needle of " + bytes.length + " bytes");
    }
    int at = mostVaried(bytes);
    long mark = (long) LONGS.get(bytes, at);
    byMark.computeIfAbsent(mark, _ -> new ArrayList<>()).add(new Needle(kind, bytes, at));
    int bit = bit(mark);
    filter[bit / Long.SIZE] |= 1L << bit;
  }

  /** Not its beginning where that is zeros: memory is full of them, and each would be looked at. */
  private static int mostVaried(byte[] bytes) {
    int end = bytes.length - SHORTEST;
    return values(bytes, 0) >= values(bytes, end) ? 0 : end;
  }

  private static long values(byte[] bytes, int at) {
    return IntStream.range(at, at + SHORTEST).map(i -> bytes[i]).distinct().count();
  }

  private static int bit(long mark) {
    return (int) ((mark * 0x9e3779b97f4a7c15L) >>> (Long.SIZE - FILTER_BITS));
  }

  int kinds() {
    return kinds;
  }

  /** Adds how often each kind stands in the first {@code length} bytes. */
  void count(byte[] in, int length, int[] counts) {
    for (int i = 0; i + SHORTEST <= length; i++) {
      long here = (long) LONGS.get(in, i);
      int bit = bit(here);
      if ((filter[bit / Long.SIZE] & (1L << bit)) != 0) {
        count(in, i, length, here, counts);
      }
    }
  }

  private void count(byte[] in, int markAt, int length, long mark, int[] counts) {
    for (var needle : byMark.getOrDefault(mark, List.of())) {
      int from = markAt - needle.at();
      int to = from + needle.bytes().length;
      if (from >= 0
          && to <= length
          && Arrays.equals(in, from, to, needle.bytes(), 0, needle.bytes().length)) {
        counts[needle.kind()]++;
      }
    }
  }
}
