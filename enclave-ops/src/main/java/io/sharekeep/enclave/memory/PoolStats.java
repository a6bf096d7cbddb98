package io.sharekeep.enclave.memory;

import java.util.Map;

/**
 * One signing thread's slabs, for metrics; may be a moment old when read from another thread.
 *
 * @param lent session slabs in use, by class
 * @param exhausted how often no slab was free
 * @param wipeFailures more than zero means that the appliance has failed
 */
public record PoolStats(
    Map<SizeClass, Integer> lent,
    Map<SizeClass, Integer> total,
    boolean shareLent,
    long sessions,
    long shares,
    long exhausted,
    long wipeFailures) {
  public PoolStats {
    lent = Map.copyOf(lent);
    total = Map.copyOf(total);
  }
}
