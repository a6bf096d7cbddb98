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

/** Byte strings of several kinds that are looked for in one pass, at every offset. */
public final class Needles {
  /** The shortest that can be looked for. */
  public static final int SHORTEST = 8;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** A filter that few beginnings of anything else get through. */
  private static final int FILTER_BITS = 22;

  private final int kinds;
  private final Map<Long, List<Needle>> byBeginning = new HashMap<>();
  private final long[] filter = new long[(1 << FILTER_BITS) / Long.SIZE];

  private record Needle(int kind, byte[] bytes) {}

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
        needles.add(new Needle(kind, bytes.clone()));
      }
    }
    return needles;
  }

  private void add(Needle needle) {
    if (needle.bytes().length < SHORTEST) {
      throw new IllegalArgumentException("a needle of " + needle.bytes().length + " bytes");
    }
    long beginning = (long) LONGS.get(needle.bytes(), 0);
    byBeginning.computeIfAbsent(beginning, _ -> new ArrayList<>()).add(needle);
    int bit = bit(beginning);
    filter[bit / Long.SIZE] |= 1L << bit;
  }

  private static int bit(long beginning) {
    return (int) ((beginning * 0x9e3779b97f4a7c15L) >>> (Long.SIZE - FILTER_BITS));
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

  private void count(byte[] in, int at, int length, long beginning, int[] counts) {
    for (var needle : byBeginning.getOrDefault(beginning, List.of())) {
      int end = at + needle.bytes().length;
      if (end <= length && Arrays.equals(in, at, end, needle.bytes(), 0, needle.bytes().length)) {
        counts[needle.kind()]++;
      }
    }
  }
}
