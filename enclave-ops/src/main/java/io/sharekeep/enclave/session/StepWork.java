package io.sharekeep.enclave.session;

import io.sharekeep.enclave.memory.WorkLease;
import io.sharekeep.threshold.Scratch;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The signing thread's work memory as a session that outlives the step sees it: there while a step
 * runs, wiped when it ends. Taken only where something is asked of it, since Schnorr's schemes need
 * none.
 */
final class StepWork implements Scratch {
  private final Workbench bench;
  private Optional<WorkLease> lease = Optional.empty();
  private boolean running;

  StepWork(Workbench bench) {
    this.bench = bench;
  }

  /** Runs a step. */
  <T> T during(Supplier<T> step) {
    running = true;
    try {
      return step.get();
    } finally {
      running = false;
      lease.ifPresent(WorkLease::close);
      lease = Optional.empty();
    }
  }

  @Override
  public Slab borrow(long length) {
    if (!running) {
      throw new IllegalStateException("no step runs");
    }
    if (lease.isEmpty()) {
      lease = Optional.of(bench.work());
    }
    return lease.orElseThrow().borrow(length);
  }
}
