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

  private final Heart heart;
  private final Health health;
  private final Duration interval;
  private final Thread thread;
  private volatile boolean closed;

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
  }

  /** Starts at once; it beats only while somebody is logged in. */
  public Pulse(String token, Heart heart, Health health, Duration interval) {
    this.heart = heart;
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
          if (heart.idle().compareTo(interval) >= 0 || beat % KEY_BEATS == 0) {
            attempt(beat % KEY_BEATS == 0);
          }
          pause = interval;
        }
        case TokenState.Stalled _, TokenState.Down _ ->
            pause = attempt(true) ? interval : slower(pause);
      }
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
