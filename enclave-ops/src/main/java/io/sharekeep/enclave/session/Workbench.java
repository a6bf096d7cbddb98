package io.sharekeep.enclave.session;

import io.sharekeep.enclave.entropy.DeterministicRandom;
import io.sharekeep.enclave.memory.PoolExhausted;
import io.sharekeep.enclave.memory.ShareLease;
import io.sharekeep.enclave.memory.SlabPool;
import io.sharekeep.enclave.memory.WorkLease;

/**
 * What one signing thread works with: its secret memory and its generator. Never leaves it.
 *
 * @param thread its number, from 0
 */
record Workbench(int thread, SlabPool pool, DeterministicRandom random) {
  /** The thread's one lease: a thread runs one step at a time, so it is always free. */
  ShareLease lease() {
    try {
      return pool.share();
    } catch (PoolExhausted e) {
      throw new IllegalStateException("a step left its share open", e);
    }
  }

  /** What a step of oblivious transfer leaves nothing of. */
  WorkLease work() {
    try {
      return pool.work();
    } catch (PoolExhausted e) {
      throw new IllegalStateException("a step left its work memory open", e);
    }
  }
}
