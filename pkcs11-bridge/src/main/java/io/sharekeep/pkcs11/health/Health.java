package io.sharekeep.pkcs11.health;

import io.sharekeep.pkcs11.terms.TokenState;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * What is known of a token's fitness: the login, a loss that is not repaired yet, and calls that
 * have been inside for too long. The state is worked out from these when somebody asks, so that it
 * is right even while every thread of ours hangs in the token.
 */
public final class Health {
  /** A call inside for longer shows a token that cannot be relied on now. */
  private static final Duration SLOW = Duration.ofMillis(1500);

  /** Whether somebody is logged in. */
  public sealed interface Base {
    record Out() implements Base {}

    record In() implements Base {}

    record Failed(String reason) implements Base {}
  }

  /** A loss since then. */
  private record Loss(Instant since, long began, long rv) {}

  /** A call that is inside the token. */
  public static final class Inside {
    private final long began = System.nanoTime();

    private Inside() {}

    private Duration age() {
      return Duration.ofNanos(System.nanoTime() - began);
    }
  }

  private final Duration callTimeout;
  private final Set<Inside> inside = ConcurrentHashMap.newKeySet();
  private final LongAdder losses = new LongAdder();
  private volatile Base base = new Base.Out();
  private volatile Optional<Loss> loss = Optional.empty();
  private long withoutNanos; // guarded by this
  private long accountedUntil = System.nanoTime(); // guarded by this

  /**
   * Nobody is logged in yet.
   *
   * @param callTimeout after which a call that has not come back, or a loss, means down
   */
  public Health(Duration callTimeout) {
    this.callTimeout = callTimeout;
  }

  /** Whether somebody is logged in. */
  public Base base() {
    return base;
  }

  /** Somebody logged in or out, or the login failed for good. */
  public synchronized void base(Base now) {
    base = now;
    settle();
    if (!(now instanceof Base.In)) {
      loss = Optional.empty();
    }
  }

  /** A session, a login or the token is gone; whether it comes back shows in what follows. */
  public synchronized void lost(long rv) {
    if (loss.isEmpty() && base instanceof Base.In) {
      losses.increment();
      loss = Optional.of(new Loss(Instant.now(), System.nanoTime(), rv));
    }
  }

  /** A call went through, so whatever was lost is back. */
  public void up() {
    if (loss.isPresent()) {
      synchronized (this) {
        settle();
        loss = Optional.empty();
      }
    }
  }

  /** Books the time of a loss that ends here. */
  private void settle() {
    loss.ifPresent(was -> book(was.began(), System.nanoTime()));
  }

  /** Adds a stretch without the token, as far as it is not in the books yet. */
  private synchronized void book(long from, long until) {
    long begin = Math.max(from, accountedUntil);
    if (until > begin) {
      withoutNanos += until - begin;
      accountedUntil = until;
    }
  }

  /** A call goes inside; give back what this gives when it is out. */
  public Inside enter() {
    var call = new Inside();
    inside.add(call);
    return call;
  }

  /** The call is out. */
  public void leave(Inside call) {
    inside.remove(call);
    if (call.age().compareTo(SLOW) > 0) {
      book(call.began + SLOW.toNanos(), System.nanoTime());
    }
  }

  /** What the token is able to do now. */
  public TokenState state() {
    return switch (base) {
      case Base.Out _ -> new TokenState.LoggedOut();
      case Base.Failed(var reason) -> new TokenState.Failed(reason);
      case Base.In _ -> loss.map(this::lost).or(this::hanging).orElseGet(TokenState.Ready::new);
    };
  }

  /** Whether calls should not even try: they would only wait in vain. */
  public boolean down() {
    return state() instanceof TokenState.Down;
  }

  private TokenState lost(Loss was) {
    boolean old = System.nanoTime() - was.began() >= callTimeout.toNanos();
    return old
        ? new TokenState.Down(was.since(), was.rv())
        : new TokenState.Stalled(was.since(), "lost with 0x" + Long.toHexString(was.rv()));
  }

  private Optional<TokenState> hanging() {
    var oldest = inside.stream().map(Inside::age).max(Duration::compareTo);
    return oldest
        .filter(age -> age.compareTo(SLOW) > 0)
        .map(age -> {
          var since = Instant.now().minus(age);
          return age.compareTo(callTimeout) >= 0
              ? new TokenState.Down(since, 0)
              : new TokenState.Stalled(since, "a call has not come back");
        });
  }

  /** How many losses there were, each counted once until it was over. */
  public long losses() {
    return losses.sum();
  }

  /** How long in all somebody was logged in but the token not fit. */
  public synchronized Duration without() {
    long running =
        loss.map(was -> System.nanoTime() - Math.max(was.began(), accountedUntil)).orElse(0L);
    return Duration.ofNanos(withoutNanos + Math.max(0, running));
  }
}
