package io.sharekeep.enclave.memory;

/**
 * What this process wants to lock against what it may.
 *
 * @param wanted bytes, the sum over all threads and the boot slab
 * @param limit the soft RLIMIT_MEMLOCK in bytes; -1 for none
 */
public record MemlockBudget(long wanted, long limit) {
  /**
   * @param bootBytes what {@link BootSlab} is asked for
   */
  public static MemlockBudget of(int threads, PoolSizes sizes, long bootBytes) {
    return new MemlockBudget(
        wanted(threads, sizes, bootBytes), Linux.softLimit(Linux.RLIMIT_MEMLOCK));
  }

  static long wanted(int threads, PoolSizes sizes, long bootBytes) {
    return Math.addExact(Math.multiplyExact(threads, sizes.bytes()), PoolSizes.pages(bootBytes));
  }

  public boolean fits() {
    return limit == -1 || wanted <= limit;
  }

  /**
   * Asked before anything is mapped, so that a shortage is one clear sentence at start.
   *
   * @throws SecretMemoryUnavailable when it does not fit
   */
  public void require() throws SecretMemoryUnavailable {
    if (!fits()) {
      throw new SecretMemoryUnavailable(
          "the configured slabs need "
              + wanted
              + " bytes of locked memory but RLIMIT_MEMLOCK is "
              + limit
              + ": raise it (LimitMEMLOCK="
              + wanted
              + " in the unit, or ulimit -l "
              + (wanted + 1023) / 1024
              + "), or configure fewer signing threads or slabs");
    }
  }
}
