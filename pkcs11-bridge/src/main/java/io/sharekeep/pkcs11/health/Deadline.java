package io.sharekeep.pkcs11.health;

import java.time.Duration;

/** The moment up to which a call may wait, by the JVM's own clock. */
public record Deadline(long nanos) {
  /** So much from now. */
  public static Deadline in(Duration time) {
    return new Deadline(System.nanoTime() + time.toNanos());
  }

  /** What is left, at least one nanosecond, so that a lock that is free is always got. */
  public Duration left() {
    return Duration.ofNanos(Math.max(1, nanos - System.nanoTime()));
  }

  /** Whether so long a wait would end before it. */
  public boolean allows(Duration time) {
    return nanos - System.nanoTime() >= time.toNanos();
  }

  /** Sleeps unless that would end after the deadline or the thread is interrupted. */
  public boolean sleep(Duration time) {
    if (!allows(time)) {
      return false;
    }
    try {
      Thread.sleep(time);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
