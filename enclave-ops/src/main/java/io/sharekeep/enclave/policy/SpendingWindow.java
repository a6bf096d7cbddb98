package io.sharekeep.enclave.policy;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One rolling window of a limit: what was charged, exactly, with the running sum. What is held
 * counts until it is given back or settled; what was settled counts for the window's length from
 * then on. A settled charge takes 16 bytes as long as amounts fit in 63 bits; what has left the
 * window is forgotten. Only the store's writer thread touches it.
 */
final class SpendingWindow {
  private static final int FIRST = 8;

  private final long length;
  private final @Nullable Map<String, Integer> seen;
  private long[] at = new long[FIRST];
  private long[] small = new long[FIRST];
  private @Nullable BigInteger @Nullable [] large;
  private String @Nullable [] destinations;

  /** The number of the oldest settled charge that counts; they are numbered from 0 for ever. */
  private long first;

  private long next;
  private BigInteger sum = BigInteger.ZERO;

  /**
   * @param milliseconds how long a settled charge counts
   * @param distinct whether destinations are counted and not amounts
   */
  SpendingWindow(long milliseconds, boolean distinct) {
    this.length = milliseconds;
    this.seen = distinct ? new HashMap<>() : null;
    this.destinations = distinct ? new String[FIRST] : null;
  }

  /** What counts at that time, which never goes back. */
  BigInteger spent(long now) {
    expire(now);
    return seen == null ? sum : BigInteger.valueOf(seen.size());
  }

  boolean holds(String destination) {
    return seen != null && seen.containsKey(destination);
  }

  /** Counts until {@link #settle} or {@link #giveBack}, however long that takes. */
  void hold(BigInteger amount, String destination) {
    if (seen == null) {
      sum = sum.add(amount);
    } else {
      seen.merge(destination, 1, Integer::sum);
    }
  }

  /** Takes out what was held. */
  void giveBack(BigInteger amount, String destination) {
    if (seen == null) {
      sum = sum.subtract(amount);
    } else {
      seen.computeIfPresent(destination, (_, count) -> count == 1 ? null : count - 1);
    }
  }

  /**
   * What was held counts from now on, and leaves with the window.
   *
   * @param time never before that of an earlier call
   */
  void settle(long time, BigInteger amount, String destination) {
    if (next - first == at.length) {
      grow();
    }
    int place = place(next);
    at[place] = time;
    put(place, amount);
    if (destinations != null) {
      destinations[place] = destination;
    }
    next++;
  }

  private void expire(long now) {
    while (first < next && at[place(first)] <= now - length) {
      int place = place(first);
      giveBack(amount(place), destinations == null ? "" : destinations[place]);
      put(place, BigInteger.ZERO);
      first++;
    }
  }

  private BigInteger amount(int place) {
    var big = large == null ? null : large[place];
    return big == null ? BigInteger.valueOf(small[place]) : big;
  }

  private void put(int place, BigInteger amount) {
    boolean fits = amount.bitLength() < Long.SIZE;
    small[place] = fits ? amount.longValueExact() : 0;
    if (!fits && large == null) {
      large = new @Nullable BigInteger[at.length];
    }
    if (large != null) {
      large[place] = fits ? null : amount;
    }
  }

  private int place(long number) {
    return (int) (number & (at.length - 1));
  }

  /** Twice as long, so that a number's place stays its low bits. */
  private void grow() {
    int before = at.length;
    var times = Arrays.copyOf(at, 2 * before);
    var amounts = Arrays.copyOf(small, 2 * before);
    @Nullable BigInteger @Nullable [] bigs =
        large == null ? null : Arrays.copyOf(large, 2 * before);
    var names = destinations == null ? null : Arrays.copyOf(destinations, 2 * before);
    for (long number = first; number < next; number++) {
      int from = (int) (number & (before - 1));
      int to = (int) (number & (2L * before - 1));
      times[to] = at[from];
      amounts[to] = small[from];
      if (bigs != null && large != null) {
        bigs[to] = large[from];
      }
      if (names != null && destinations != null) {
        names[to] = destinations[from];
      }
    }
    at = times;
    small = amounts;
    large = bigs;
    destinations = names;
  }
}
