package io.sharekeep.pkcs11.cryptoki;

import io.sharekeep.pkcs11.terms.TokenException;
import io.sharekeep.pkcs11.terms.TokenState;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A thread that makes one light call after each short silence, so that a token that stops answering
 * is noticed before somebody needs it, an idle link stays alive, and a token that went away is
 * found again without anybody asking.
 */
final class Pulse implements AutoCloseable {
  /** So that hosts do not fall upon a shared HSM together. */
  private static final Duration SLOWEST = Duration.ofSeconds(2);

  /** One beat in so many looks for a key: a token may answer and have lost its objects. */
  private static final int KEY_BEATS = 4;

  private final Calls calls;
  private final Health health;
  private final Duration interval;
  private final Thread thread;
  private volatile boolean closed;

  Pulse(String token, Calls calls, Health health, Duration interval) {
    this.calls = calls;
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
          if (calls.idle().compareTo(interval) >= 0 || beat % KEY_BEATS == 0) {
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
      return calls.probe(session -> {
        try (var arena = Arena.ofConfined()) {
          session.functions().generateRandom(session.handle(), arena.allocate(16));
          if (withKey) {
            calls.lastKey().ifPresent(key -> session.look(arena, key));
          }
          return true;
        }
      });
    } catch (TokenException e) {
      return false; // calls report it; the next beat tries again
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
