package io.sharekeep.appliance.peer;

import io.sharekeep.appliance.http.Trace;
import io.sharekeep.enclave.Enclave;
import io.sharekeep.enclave.Order;
import io.sharekeep.enclave.Outcome;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills this party's stock of presignatures, one at a time and behind everything else: what an
 * attempt does not bring, a later one does.
 */
final class Presigner implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Presigner.class);

  /** Where nothing is missing. */
  private static final long IDLE_MILLIS = 500;

  /** After one that came to nothing. */
  private static final long PAUSE_MILLIS = 5_000;

  private final Enclave enclave;
  private final Supplier<Set<Integer>> present;
  private final BiFunction<Order, String, Carried> carry;
  private final Executor executor;
  private volatile boolean closed;

  /**
   * @param present who answers
   * @param carry brings an order to its parties
   */
  Presigner(
      Enclave enclave,
      Supplier<Set<Integer>> present,
      BiFunction<Order, String, Carried> carry,
      Executor executor) {
    this.enclave = enclave;
    this.present = present;
    this.carry = carry;
    this.executor = executor;
  }

  void start() {
    if (!enclave.keepsPresignatures()) {
      return;
    }
    executor.execute(() -> {
      while (!closed) {
        try {
          Thread.sleep(turn());
        } catch (InterruptedException e) {
          return;
        }
      }
    });
  }

  /** Makes one, if one is missing; how long to wait until the next. */
  long turn() {
    try {
      var order = enclave.presigning(present.get());
      if (order.isEmpty()) {
        return IDLE_MILLIS;
      }
      return carry.apply(order.get(), Trace.begin().header())
              instanceof Carried.Done(Outcome.Presigned _, var _)
          ? 0
          : PAUSE_MILLIS;
    } catch (RuntimeException e) {
      // Nothing is lost by a failed turn but a presignature that is not there.
      LOG.error("making a presignature failed", e);
      return PAUSE_MILLIS;
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}
