package io.sharekeep.pkcs11.health;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * How many calls may be inside one token. Who came first goes in first, so that a caller that comes
 * back at once does not keep out one that waits.
 */
public final class Permits {
  private final int number;
  private final Semaphore free;

  /** All are free. */
  public Permits(int number) {
    this.number = number;
    this.free = new Semaphore(number, true);
  }

  /** How many there are. */
  public int number() {
    return number;
  }

  /** How many are in use now. */
  public int inUse() {
    return number - free.availablePermits();
  }

  /** How many callers wait for one now, roughly. */
  public int waiting() {
    return free.getQueueLength();
  }

  /** Whether one was free; it goes before those who wait, for it is the pulse that asks. */
  public boolean takeAtOnce() {
    return free.tryAcquire();
  }

  /** Whether one was got in time. An interrupt stays set and counts as a no. */
  public boolean take(Deadline deadline) {
    try {
      return free.tryAcquire(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Who took one gives it back, once. */
  public void giveBack() {
    free.release();
  }
}
