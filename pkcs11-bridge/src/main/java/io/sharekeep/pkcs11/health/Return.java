package io.sharekeep.pkcs11.health;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Where calls wait for a lost token: they go on as soon as somebody has found it again, all of
 * them, because one that slept on might find it gone once more, time after time.
 */
public final class Return {
  /** Between two looks for it by one call; not the same for all, lest they look together. */
  private static final Duration PAUSE = Duration.ofMillis(250);

  private long latest; // guarded by this

  /**
   * It was found, or is there for the first time.
   *
   * @param number of this login; they only grow
   */
  public synchronized void happened(long number) {
    latest = number;
    notifyAll();
  }

  /**
   * Waits for a moment, or until it is found.
   *
   * @param seen the number of the login that was lost, or of a later attempt that failed
   * @return false, at once, if that might end after the deadline, or if interrupted
   */
  public synchronized boolean await(long seen, Deadline deadline) {
    long millis = PAUSE.toMillis() / 2 + ThreadLocalRandom.current().nextLong(PAUSE.toMillis());
    if (!deadline.allows(Duration.ofMillis(millis))) {
      return false;
    }
    var until = Deadline.in(Duration.ofMillis(millis));
    try {
      while (latest <= seen && until.allows(Duration.ofMillis(1))) {
        wait(until.left().toMillis() + 1);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
