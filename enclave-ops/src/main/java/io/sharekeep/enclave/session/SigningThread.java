package io.sharekeep.enclave.session;

import io.sharekeep.enclave.entropy.DeterministicRandom;
import io.sharekeep.enclave.memory.PoolSizes;
import io.sharekeep.enclave.memory.PoolStats;
import io.sharekeep.enclave.memory.SecretMemoryUnavailable;
import io.sharekeep.enclave.memory.SecretMode;
import io.sharekeep.enclave.memory.ShareWatch;
import io.sharekeep.enclave.memory.SlabPool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A platform thread with secret memory of its own and the sessions that are pinned to it. Slabs are
 * confined to it; whoever wants one wiped posts that here.
 */
final class SigningThread implements AutoCloseable {
  /** Steps that may wait before a caller is told to come back. */
  private static final int QUEUE = 256;

  /** How often sessions past their deadline are looked for when nothing else happens. */
  private static final long SWEEP_MILLIS = 250;

  private final BlockingQueue<Runnable> queue = new ArrayBlockingQueue<>(QUEUE);
  private final List<LiveSession> sessions = new ArrayList<>();
  private final Runnable wipeStack;
  private final Thread thread;
  private volatile boolean closing;
  private volatile @Nullable Workbench bench; // Only this thread writes it or works with it.

  private SigningThread(int number, Runnable wipeStack) {
    this.wipeStack = wipeStack;
    this.thread = Thread.ofPlatform().name("signing-" + number).unstarted(this::serve);
  }

  /**
   * Starts one.
   *
   * @param ticker nanoseconds, by which a session's memory is idle
   * @param watch wipes a share that lies open for too long
   * @param seed makes the thread's generator, on that thread
   * @param wipeStack zeroes what a step has left on the stack below the frame that calls it
   * @throws SecretMemoryUnavailable if the host does not give the memory
   */
  static SigningThread start(
      int number,
      SecretMode mode,
      PoolSizes sizes,
      LongSupplier ticker,
      ShareWatch watch,
      Function<SlabPool, DeterministicRandom> seed,
      Runnable wipeStack)
      throws SecretMemoryUnavailable {
    var signing = new SigningThread(number, wipeStack);
    var mapped = new CompletableFuture<Optional<SecretMemoryUnavailable>>();
    signing.queue.add(() -> {
      try {
        var pool = SlabPool.open(mode, sizes, ticker, watch);
        signing.bench = new Workbench(number, pool, seed.apply(pool));
        mapped.complete(Optional.empty());
      } catch (SecretMemoryUnavailable e) {
        signing.closing = true;
        mapped.complete(Optional.of(e));
      } catch (RuntimeException e) {
        signing.closing = true;
        mapped.completeExceptionally(e);
      }
    });
    signing.thread.start();
    var failure = mapped.join();
    if (failure.isPresent()) {
      throw failure.get();
    }
    return signing;
  }

  private void serve() {
    try {
      while (!closing || !queue.isEmpty()) {
        var work = queue.poll(SWEEP_MILLIS, TimeUnit.MILLISECONDS);
        if (work != null) {
          work.run();
        }
        closeExpired();
        if (work != null) {
          wipeStack.run();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      List.copyOf(sessions).forEach(session -> end(session, "the appliance stops"));
      if (bench != null) {
        bench.random().close();
        bench.pool().close();
      }
    }
  }

  /** From time to time, and after each step: nobody else can touch these slabs. */
  private void closeExpired() {
    for (var session : List.copyOf(sessions)) {
      if (session.isOver()) {
        sessions.remove(session);
      } else if (session.isExpired()) {
        end(session, "its deadline or idle limit passed");
      }
    }
  }

  private void end(LiveSession session, String reason) {
    sessions.remove(session);
    session.abandon(reason);
  }

  /** Pins a session to this thread; only from a step that runs here. */
  void pin(LiveSession session) {
    if (!thread.equals(Thread.currentThread())) {
      throw new WrongThreadException("a session is pinned by its own thread");
    }
    sessions.add(session);
  }

  /**
   * Runs a step here and waits for it.
   *
   * @return empty if the queue is full or the step did not begin and end in time: it may still run,
   *     and its answer is then found by asking again
   */
  <T> Optional<T> call(Duration patience, Function<Workbench, T> step) {
    var result = new CompletableFuture<T>();
    boolean queued =
        !closing
            && queue.offer(() -> {
              try {
                var mine = bench;
                if (mine == null) {
                  throw new IllegalStateException("no secret memory");
                }
                result.complete(step.apply(mine));
              } catch (RuntimeException | Error e) {
                result.completeExceptionally(e);
              }
            });
    if (!queued) {
      return Optional.empty();
    }
    try {
      return Optional.of(result.get(patience.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException failure -> throw failure;
        case Error failure -> throw failure;
        case null, default -> throw new IllegalStateException("a step failed", e);
      }
    }
  }

  int waiting() {
    return queue.size();
  }

  /** What its slabs are doing, a moment ago; empty before it has any. */
  Optional<PoolStats> slabs() {
    return Optional.ofNullable(bench).map(own -> own.pool().stats());
  }

  /** Ends its sessions, wipes and unmaps. */
  @Override
  public void close() {
    closing = true;
    try {
      thread.join(TimeUnit.SECONDS.toMillis(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
