package io.sharekeep.enclave.memory;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;

/**
 * Wipes a share that lies open for too long, also when the thread that opened it hangs. That thread
 * learns of it when it goes on, and releases nothing.
 */
public final class ShareWatch implements AutoCloseable {
  /**
   * A call to a token is given up after ten seconds, and all else in a round takes milliseconds.
   */
  public static final Duration LIMIT = Duration.ofSeconds(15);

  private static final Duration LONGEST_LOOK = Duration.ofMillis(250);

  private final List<ShareGuard> guards = new CopyOnWriteArrayList<>();
  private final LongAdder wipes = new LongAdder();
  private final Thread thread;

  private ShareWatch(Duration limit) {
    var look = limit.dividedBy(4).compareTo(LONGEST_LOOK) < 0 ? limit.dividedBy(4) : LONGEST_LOOK;
    this.thread =
        Thread.ofPlatform().daemon().name("share-watch").unstarted(() -> watch(limit, look));
  }

  /**
   * Begins.
   *
   * @param limit how long a lease may be open
   */
  public static ShareWatch start(Duration limit) {
    var watch = new ShareWatch(limit);
    watch.thread.start();
    return watch;
  }

  private void watch(Duration limit, Duration look) {
    try {
      while (true) {
        Thread.sleep(look);
        for (var guard : guards) {
          if (guard.wipeIfOlder(System.nanoTime(), limit.toNanos())) {
            wipes.increment();
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // Closed: what is still open is wiped by its pool.
    }
  }

  void add(ShareGuard guard) {
    guards.add(guard);
  }

  void remove(ShareGuard guard) {
    guards.remove(guard);
  }

  /** How many leases were wiped before their end. */
  public long wipes() {
    return wipes.sum();
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
