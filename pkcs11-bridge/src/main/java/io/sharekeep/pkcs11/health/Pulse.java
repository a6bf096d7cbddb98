package io.sharekeep.pkcs11.health;

import io.sharekeep.pkcs11.terms.TokenException;
import io.sharekeep.pkcs11.terms.TokenState;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A thread that makes one light call after each short silence, so that a token that stops answering
 * is noticed before somebody needs it, an idle link stays alive, and a token that went away is
 * found again without anybody asking.
 */
public final class Pulse implements AutoCloseable {
  /** So that hosts do not fall upon a shared HSM together. */
  private static final Duration SLOWEST = Duration.ofSeconds(2);

  /** One beat in so many looks for a key: a token may answer and have lost its objects. */
  private static final int KEY_BEATS = 4;

  /** So many intervals without use, and the sealing key is tried: 30 s. */
  private static final int CANARY = 120;

  /** How often in a row a token may refuse what its key sealed. One refusal may be a loss's. */
  private static final int REFUSALS = 2;

  private final Heart heart;
  private final Canary canary;
  private final Health health;
  private final Duration interval;
  private final Thread thread;
  private volatile boolean closed;
  private long lookedAt = System.nanoTime(); // this and the next two: this thread only
  private long losses;
  private int refusals;

  /** What beats. */
  public interface Heart {
    /**
     * Makes one light call, and repairs what it finds broken.
     *
     * @param withKey whether to look for a key too
     * @return whether the token answered
     */
    boolean beat(boolean withKey);

    /** How long no call has gone through. */
    Duration idle();

    /** Ends the login for good: the token does not hold the key that it held. */
    void fail(String reason);
  }

  /** Starts at once; it beats only while somebody is logged in. */
  public Pulse(String token, Heart heart, Canary canary, Health health, Duration interval) {
    this.heart = heart;
    this.canary = canary;
    this.health = health;
    this.interval = interval;
    this.thread = Thread.ofPlatform().daemon().name("pulse of " + token).unstarted(this::beat);
    thread.start();
  }

  private void beat() {
    var pause = interval;
    for (int beat = 0; !closed; beat++) {
      try {
        Thread.sleep(pause);
      } catch (InterruptedException e) {
        return;
      }
      switch (health.state()) {
        case TokenState.LoggedOut _, TokenState.Failed _ -> pause = interval;
        case TokenState.Ready _ -> {
          if (canaryIsDue()) {
            look();
          } else if (heart.idle().compareTo(interval) >= 0 || beat % KEY_BEATS == 0) {
            attempt(beat % KEY_BEATS == 0);
          }
          pause = interval;
        }
        case TokenState.Stalled _, TokenState.Down _ ->
            pause = attempt(true) ? interval : slower(pause);
      }
    }
  }

  /**
   * Once a key is used, after every loss, after a refusal, and now and then when nobody uses the
   * token.
   */
  private boolean canaryIsDue() {
    var since = Duration.ofNanos(System.nanoTime() - lookedAt);
    boolean unused = heart.idle().compareTo(interval) >= 0;
    return canary.isNew()
        || health.losses() != losses
        || refusals > 0
        || (unused && since.compareTo(interval.multipliedBy(CANARY)) >= 0);
  }

  private void look() {
    long before = health.losses();
    try {
      refusals = canary.look() == Canary.Look.WELL ? 0 : refusals + 1;
      if (refusals >= REFUSALS) {
        refusals = 0;
        heart.fail(
            "key "
                + canary.key().map(Object::toString).orElse("")
                + " no longer opens what it sealed: the token holds another key; restore it and"
                + " log in again");
      }
      losses = before;
      lookedAt = System.nanoTime();
    } catch (TokenException e) {
      // It is lost again, or busy; the next beat tries again.
    }
  }

  private boolean attempt(boolean withKey) {
    try {
      return heart.beat(withKey);
    } catch (TokenException e) {
      return false; // the state shows it; the next beat tries again
    }
  }

  private Duration slower(Duration pause) {
    long twice = Math.min(SLOWEST.toMillis(), 2 * pause.toMillis());
    return Duration.ofMillis(twice - ThreadLocalRandom.current().nextLong(twice / 4 + 1));
  }

  /** A beat that hangs in the token is left behind: its thread is a daemon. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
