package io.sharekeep.appliance.http;

import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * How an appliance stops (operations, section 4): nothing new begins, and what runs goes on to its
 * end: requests until their answer is written, and sessions that another appliance coordinates
 * between one round and the next. Safe for any thread.
 */
final class Drain {
  /** A round's own time-out is shorter, so that what still runs then waits for somebody lost. */
  static final Duration LIMIT = Duration.ofSeconds(20);

  /** A relay that lets so long pass between two rounds of a session has given it up. */
  private static final Duration BETWEEN_ROUNDS = Duration.ofSeconds(2);

  private static final long GLANCE_MILLIS = 10;
  private static final int MANY = 1024;

  private final AtomicInteger running = new AtomicInteger();
  private final Map<String, Long> between = new ConcurrentHashMap<>();
  private volatile boolean begun;

  /** Whether the appliance is stopping. */
  boolean begun() {
    return begun;
  }

  /** A request is being worked on, until {@link #answered}. */
  void entered() {
    running.incrementAndGet();
  }

  void answered() {
    running.decrementAndGet();
  }

  /** A round of a session was answered and another is to follow. */
  void goesOn(byte[] session) {
    if (between.size() >= MANY) {
      long now = System.nanoTime();
      between.values().removeIf(since -> isGivenUp(since, now));
    }
    between.put(HexFormat.of().formatHex(session), System.nanoTime());
  }

  /** A session has no further round here. */
  void ended(byte[] session) {
    between.remove(HexFormat.of().formatHex(session));
  }

  /** Lets nothing new begin, and waits for what runs. False if some of it did not end in time. */
  boolean finish(Duration limit) {
    begun = true;
    return waited(limit, () -> running.get() > 0 || isBetweenRounds());
  }

  private boolean isBetweenRounds() {
    long now = System.nanoTime();
    return between.values().stream().anyMatch(since -> !isGivenUp(since, now));
  }

  private static boolean isGivenUp(long since, long now) {
    return now - since > BETWEEN_ROUNDS.toNanos();
  }

  private static boolean waited(Duration limit, BooleanSupplier busy) {
    long end = System.nanoTime() + limit.toNanos();
    while (busy.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        return false;
      }
      try {
        Thread.sleep(GLANCE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return true;
  }
}
