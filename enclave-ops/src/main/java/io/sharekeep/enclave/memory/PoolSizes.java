package io.sharekeep.enclave.memory;

/** How many slabs of each class one signing thread owns. */
public record PoolSizes(int k4, int k64, int k256, int k1024) {
  /**
   * 1.3 MiB per thread: four signing threads fit the common RLIMIT_MEMLOCK of 8 MiB. FROST and key
   * generation need the two small classes only; ECDSA raises the other two (6 and 2).
   */
  public static final PoolSizes DEFAULT = new PoolSizes(64, 8, 2, 0);

  /** The one share lease of a thread. */
  static final long SHARE_BYTES = 64 * 1024;

  /** What lives as long as its thread: the state of its random generator. */
  static final long RESIDENT_BYTES = 4 * 1024;

  public PoolSizes {
    if (k4 < 0 || k64 < 0 || k256 < 0 || k1024 < 0) {
      throw new IllegalArgumentException("a count of slabs is not negative");
    }
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
    long sum = pages(SHARE_BYTES) + pages(RESIDENT_BYTES);
    for (var size : SizeClass.values()) {
      sum += count(size) * pages(size.bytes());
    }
    return sum;
  }

  static long pages(long bytes) {
    return (bytes + Linux.PAGE - 1) / Linux.PAGE * Linux.PAGE;
  }
}
