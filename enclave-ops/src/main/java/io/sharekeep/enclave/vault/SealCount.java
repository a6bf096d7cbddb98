package io.sharekeep.enclave.vault;

import io.sharekeep.enclave.store.Serials;
import io.sharekeep.enclave.store.Store;

/**
 * How often a {@code kek} has sealed, kept in the store, so that random IVs stay far from a
 * repetition (PKCS#11 design, section 4, suite 1: warn at 2^28, refuse at 2^31). Seals are reserved
 * in blocks before they are made: a crash counts seals that never were, never the other way round.
 * The one seal of {@code init} is not in it.
 */
public final class SealCount {
  /**
   * Small, so that an appliance that is restarted in a loop for days does not use up its kek: 2^31
   * is eight million starts. Large enough that a commit for each block is nothing.
   */
  static final int BLOCK = 256;

  private static final long WARNING = 1L << 28;
  private static final long LIMIT = 1L << 31;

  private final Store store;
  private final Serials serials;
  private final String name;
  private final long warning;
  private final long limit;
  private long reserved;
  private long left;

  /**
   * @param kek names the key among all that this state folder has seen
   */
  public SealCount(Store store, String tenant, String kek) {
    this(store, tenant, kek, WARNING, LIMIT);
  }

  SealCount(Store store, String tenant, String kek, long warning, long limit) {
    this.store = store;
    this.serials = new Serials(tenant);
    this.name = "kek-seals/" + kek;
    this.warning = warning;
    this.limit = limit;
    this.reserved = store.read(from -> serials.current(from, name));
  }

  /**
   * Counts one more, durably, before it is made.
   *
   * @throws KekUsedUp when the kek must not seal any more
   */
  synchronized void next() {
    if (left == 0) {
      reserve();
    }
    left--;
  }

  private void reserve() {
    long block = Math.min(BLOCK, limit - reserved);
    if (block <= 0) {
      throw new KekUsedUp(
          "the kek has sealed " + limit + " times and seals no more: it opens what it has sealed");
    }
    reserved = store.commit(tx -> serials.add(tx, name, block));
    // Committed: from here a crash leaves the rest of the block counted and unused.
    left = block;
  }

  /** Seals that are counted: at least those that were made. */
  public synchronized long counted() {
    return reserved;
  }

  /** Whether it is time to think of a new kek. */
  public synchronized boolean isHigh() {
    return reserved >= warning;
  }
}
