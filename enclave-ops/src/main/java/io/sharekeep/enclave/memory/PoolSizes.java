package io.sharekeep.enclave.memory;

import java.util.List;

/**
 * How many slabs of each class one signing thread owns.
 *
 * @param work bytes for what no step leaves behind; 0 where no scheme needs it
 */
public record PoolSizes(int k4, int k64, int k256, int k1024, long work) {
  /** For every scheme, and sessions of ECDSA among many: 7.4 MiB per thread. */
  public static final PoolSizes AMPLE = new PoolSizes(64, 32, 8, 2, 1024 * 1024);

  /**
   * For every scheme: 3.9 MiB per thread, so that two signing threads fit the common RLIMIT_MEMLOCK
   * of 8 MiB. ECDSA by up to seven signers.
   */
  public static final PoolSizes COMPACT = new PoolSizes(64, 24, 2, 1, 576 * 1024);

  /** For Schnorr's schemes alone: 0.6 MiB per thread. */
  public static final PoolSizes SCHNORR = new PoolSizes(64, 4, 0, 0);

  /** The best first. */
  private static final List<PoolSizes> KNOWN = List.of(AMPLE, COMPACT, SCHNORR);

  /** The one share lease of a thread. */
  static final long SHARE_BYTES = 64 * 1024;

  /** What lives as long as its thread: the state of its random generator. */
  static final long RESIDENT_BYTES = 4 * 1024;

  public PoolSizes {
    if (k4 < 0 || k64 < 0 || k256 < 0 || k1024 < 0 || work < 0) {
      throw new IllegalArgumentException("a count of slabs is not negative");
    }
  }

  /** Without work memory. */
  public PoolSizes(int k4, int k64, int k256, int k1024) {
    this(k4, k64, k256, k1024, 0);
  }

  /**
   * The most that this host lets so many threads lock; what Schnorr's schemes need if that is too
   * much already.
   *
   * @param bootBytes what {@link BootSlab} is asked for
   */
  public static PoolSizes largest(int threads, long bootBytes) {
    return largest(threads, bootBytes, Linux.softLimit(Linux.RLIMIT_MEMLOCK));
  }

  static PoolSizes largest(int threads, long bootBytes, long limit) {
    return KNOWN.stream()
        .filter(sizes ->
            new MemlockBudget(MemlockBudget.wanted(threads, sizes, bootBytes), limit).fits())
        .findFirst()
        .orElse(SCHNORR);
  }

  public int count(SizeClass size) {
    return switch (size) {
      case K4 -> k4;
      case K64 -> k64;
      case K256 -> k256;
      case K1024 -> k1024;
    };
  }

  /** All that one thread locks, in whole pages. */
  public long bytes() {
    long sum = pages(SHARE_BYTES) + pages(RESIDENT_BYTES) + pages(work);
    for (var size : SizeClass.values()) {
      sum += count(size) * pages(size.bytes());
    }
    return sum;
  }

  static long pages(long bytes) {
    return (bytes + Linux.PAGE - 1) / Linux.PAGE * Linux.PAGE;
  }
}
