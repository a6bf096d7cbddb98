package io.sharekeep.pkcs11.cryptoki;

import java.time.Duration;

/** The moment up to which a call may wait, by the JVM's own clock. */
record Deadline(long nanos) {
  static Deadline in(Duration time) {
    return new Deadline(System.nanoTime() + time.toNanos());
  }

  /** What is left, at least one nanosecond, so that a lock that is free is always got. */
  Duration left() {
    return Duration.ofNanos(Math.max(1, nanos - System.nanoTime()));
  }

  /** Sleeps unless that would end after the deadline or the thread is interrupted. */
  boolean sleep(Duration time) {
    if (nanos - System.nanoTime() < time.toNanos()) {
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
