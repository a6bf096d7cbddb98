package io.sharekeep.enclave.session;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The host's clock, held against the time that has passed since the start (policy and intents,
 * section 4): one that jumps forward would empty the windows of limits, end what waits for people
 * and bring versions of the policy into force. Where it has jumped, time goes on here as if it had
 * not. Safe for any thread.
 */
final class SteadyTime implements InstantSource {
  /** So far ahead it is believed: leap seconds, and what a host corrects right after its start. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final InstantSource wall;
  private final LongSupplier ticker;
  private final Instant start;
  private final long begun;

  /**
   * @param ticker nanoseconds, monotonic
   */
  SteadyTime(InstantSource wall, LongSupplier ticker) {
    this.wall = wall;
    this.ticker = ticker;
    this.begun = ticker.getAsLong();
    this.start = wall.instant();
  }

  @Override
  public Instant instant() {
    var passed = passed();
    var now = wall.instant();
    return isAhead(now, passed) ? passed : now;
  }

  /** Says that the clock has jumped, if it has: no typed rule decides until it is set right. */
  Optional<String> jumped() {
    var passed = passed();
    var now = wall.instant();
    return isAhead(now, passed)
        ? Optional.of(
            "the clock stands at "
                + now
                + ", "
                + Duration.between(passed, now).toSeconds()
                + " s more than have passed since the start: set it right, or start again once it"
                + " is right")
        : Optional.empty();
  }

  private Instant passed() {
    return start.plusNanos(ticker.getAsLong() - begun);
  }

  private static boolean isAhead(Instant now, Instant passed) {
    return now.isAfter(passed.plus(PATIENCE));
  }
}
