package io.sharekeep.pkcs11.health;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;

/** Timed acquisition: nobody waits for ever behind a library that hangs. */
public final class Locks {
  private Locks() {}

  /** Whether the lock was got. An interrupt stays set and counts as a no. */
  public static boolean within(Lock lock, Duration patience) {
    try {
      return lock.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
