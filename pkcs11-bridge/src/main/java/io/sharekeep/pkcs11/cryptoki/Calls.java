package io.sharekeep.pkcs11.cryptoki;

import io.sharekeep.pkcs11.health.Deadline;
import io.sharekeep.pkcs11.health.Health;
import io.sharekeep.pkcs11.health.Locks;
import io.sharekeep.pkcs11.health.Meters;
import io.sharekeep.pkcs11.health.Pulse;
import io.sharekeep.pkcs11.profile.Profile;
import io.sharekeep.pkcs11.terms.KeyRef;
import io.sharekeep.pkcs11.terms.TokenException.Busy;
import io.sharekeep.pkcs11.terms.TokenException.KeyMissing;
import io.sharekeep.pkcs11.terms.TokenException.LibraryRejected;
import io.sharekeep.pkcs11.terms.TokenException.LoggedOut;
import io.sharekeep.pkcs11.terms.TokenException.TokenFault;
import io.sharekeep.pkcs11.terms.TokenException.Unavailable;
import io.sharekeep.pkcs11.terms.TokenException.Unsupported;
import io.sharekeep.pkcs11.terms.TokenStatistics.Operation;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Runs one call on a session of its own: a permit, both locks, the call, and if the session, the
 * login, a handle or the token turns out to be gone, the repair and another attempt, until the
 * call's deadline.
 */
final class Calls implements Pulse.Heart {
  /** Attempts without a pause; what they do not repair takes time. */
  private static final int AT_ONCE = 3;

  private static final Duration PAUSE = Duration.ofMillis(250);

  /** A key that was missing however often we looked is believed to be so for a while. */
  private static final long MISSING_REST = Duration.ofSeconds(5).toNanos();

  private final String token;
  private final Library library;
  private final Login login;
  private final Profile.Loss rules;
  private final Health health;
  private final Duration patience;
  private final int permitted;
  private final Semaphore permits;
  private final Meters meters = new Meters();
  private volatile Handles handles = new Handles(0, new ConcurrentHashMap<>());
  private final Map<String, Long> missing = new ConcurrentHashMap<>();
  private volatile long lastDone = System.nanoTime();
  private volatile Optional<KeyRef> lastKey = Optional.empty();

  private record Handles(long epoch, Map<KeyRef, Session.Key> keys) {}

  /** What a call wants. */
  enum Kind {
    /** Any session; may be run again after a repair. */
    READ(false, true),
    /** A read-write session; may be run again. */
    WRITE(true, true),
    /** A read-write session; it may have happened although it failed, so it is run once. */
    WRITE_ONCE(true, false);

    private final boolean readWrite;
    private final boolean repeatable;

    Kind(boolean readWrite, boolean repeatable) {
      this.readWrite = readWrite;
      this.repeatable = repeatable;
    }
  }

  /** How an attempt ended. */
  private sealed interface Attempt<R> {
    record Done<R>(R result) implements Attempt<R> {}

    /** Begun means that the call may have had an effect. */
    record Lost<R>(Login.Epoch epoch, CkException cause, boolean begun) implements Attempt<R> {}

    record Stale<R>(CkException cause) implements Attempt<R> {}

    record Missing<R>(Login.Epoch epoch, KeyMissing cause) implements Attempt<R> {}

    record Crowded<R>() implements Attempt<R> {}
  }

  Calls(
      String token,
      Library library,
      Login login,
      Profile.Loss rules,
      Health health,
      int permits,
      Duration patience) {
    this.token = token;
    this.library = library;
    this.login = login;
    this.rules = rules;
    this.health = health;
    this.patience = patience;
    this.permitted = permits;
    this.permits = new Semaphore(permits, true);
  }

  Meters meters() {
    return meters;
  }

  int inUse() {
    return permitted - permits.availablePermits();
  }

  int permitted() {
    return permitted;
  }

  int waiting() {
    return permits.getQueueLength();
  }

  void destroyed(KeyRef key) {
    lastKey = lastKey.filter(last -> !last.equals(key));
  }

  @Override
  public Duration idle() {
    return Duration.ofNanos(System.nanoTime() - lastDone);
  }

  <R> R run(Operation operation, Kind kind, Function<Session, R> call) {
    requirePlatformThread();
    long began = System.nanoTime();
    boolean done = false;
    try {
      if (health.down()) {
        throw new Unavailable(token, "it is down; it is being looked for in the background");
      }
      var deadline = Deadline.in(patience);
      if (!permitted(deadline)) {
        throw new Busy(token);
      }
      try {
        var result = attempts(operation, kind, call, deadline);
        done = true;
        return result;
      } finally {
        permits.release();
      }
    } finally {
      meters.ended(operation, began, !done);
    }
  }

  /** One attempt, and a repair if it fails, whatever the state. */
  @Override
  public boolean beat(boolean withKey) {
    return probe(session -> {
      try (var arena = Arena.ofConfined()) {
        session.functions().generateRandom(session.handle(), arena.allocate(16));
        if (withKey) {
          lastKey.ifPresent(key -> session.look(arena, key));
        }
        return true;
      }
    });
  }

  /** Says yes too while every permit is in use: those calls will find out. */
  private boolean probe(Function<Session, Boolean> call) {
    if (!permits.tryAcquire()) {
      return true;
    }
    long began = System.nanoTime();
    boolean answered = false;
    try {
      var deadline = Deadline.in(PAUSE.multipliedBy(4));
      answered =
          switch (reading(deadline, () -> attempt(Operation.PROBE, Kind.READ, call))) {
            case Attempt.Done<Boolean> _ -> true;
            case Attempt.Lost<Boolean> lost -> {
              repair(lost.epoch(), lost.cause().rv(), deadline);
              yield false;
            }
            case Attempt.Stale<Boolean> _ -> {
              handles = new Handles(0, new ConcurrentHashMap<>());
              yield false;
            }
            case Attempt.Missing<Boolean> missing -> {
              health.lost(Ck.KEY_HANDLE_INVALID);
              searchAnew(missing.epoch(), deadline);
              yield false;
            }
            case Attempt.Crowded<Boolean> _ -> false;
          };
      return answered;
    } finally {
      permits.release();
      meters.ended(Operation.PROBE, began, !answered);
    }
  }

  private <R> R attempts(
      Operation operation, Kind kind, Function<Session, R> call, Deadline deadline) {
    int misses = 0;
    for (int attempt = 1; ; attempt++) {
      switch (reading(deadline, () -> attempt(operation, kind, call))) {
        case Attempt.Done<R>(var result) -> {
          return result;
        }
        case Attempt.Stale<R>(var cause) -> {
          handles = new Handles(0, new ConcurrentHashMap<>());
          requireRepeatable(kind, cause, true);
          pause(attempt, cause, deadline);
        }
        case Attempt.Lost<R>(var epoch, var cause, var begun) -> {
          repair(epoch, cause.rv(), deadline);
          requireRepeatable(kind, cause, begun);
          pause(attempt, cause, deadline);
        }
        case Attempt.Missing<R>(var epoch, var cause) -> {
          if (!kind.repeatable || ++misses == AT_ONCE || gone(cause)) {
            missing.put(String.valueOf(cause.getMessage()), System.nanoTime());
            lastKey = Optional.empty();
            throw cause;
          }
          searchAnew(epoch, deadline);
        }
        case Attempt.Crowded<R> _ -> {
          if (!deadline.sleep(Duration.ofMillis(20))) {
            throw new Busy(token);
          }
        }
      }
    }
  }

  private void requireRepeatable(Kind kind, CkException cause, boolean begun) {
    if (!kind.repeatable && begun) {
      throw new Unavailable(token, cause.getMessage() + "; it may have been done or not");
    }
  }

  /** Waits for the token to come back, unless it is too late for this call or given up. */
  private void pause(int attempt, CkException cause, Deadline deadline) {
    if (attempt < AT_ONCE) {
      return;
    }
    var jittered = PAUSE.toMillis() / 2 + ThreadLocalRandom.current().nextLong(PAUSE.toMillis());
    if (health.down() || !deadline.sleep(Duration.ofMillis(jittered))) {
      throw new Unavailable(token, cause.getMessage() + ", " + attempt + " times");
    }
  }

  /** Wants both read locks. */
  private <R> Attempt<R> attempt(Operation operation, Kind kind, Function<Session, R> call) {
    var epoch = login.epoch();
    switch (health.base()) {
      case Health.Base.Out _, Health.Base.Failed _ -> throw new LoggedOut(token);
      case Health.Base.In _ -> {}
    }
    if (epoch.generation() != library.generation()) {
      // Session numbers began anew with the library: ours may be another token's by now.
      var cause = new CkException("C_Initialize", Ck.CRYPTOKI_NOT_INITIALIZED);
      return new Attempt.Lost<>(epoch, cause, false);
    }
    Optional<Long> session = Optional.empty();
    // A key may take minutes to make, which is no sign of a token that hangs.
    var inside = operation == Operation.GENERATE ? null : health.enter();
    try {
      long taken =
          kind.readWrite
              ? login.sessions().open(epoch.slot(), true)
              : login.sessions().take(epoch.slot());
      session = Optional.of(taken);
      var known = known(epoch);
      var result =
          call.apply(new Session(token, library.functions(), taken, login, known, this::used));
      if (kind.readWrite) {
        login.sessions().close(taken);
      } else {
        login.sessions().give(taken);
      }
      lastDone = System.nanoTime();
      health.up();
      return new Attempt.Done<>(result);
    } catch (CkException e) {
      try {
        return judge(epoch, e, session);
      } finally {
        session.ifPresent(login.sessions()::close);
      }
    } catch (KeyMissing e) {
      session.ifPresent(login.sessions()::close);
      return new Attempt.Missing<>(epoch, e);
    } catch (RuntimeException | Error e) {
      session.ifPresent(login.sessions()::close);
      throw e;
    } finally {
      if (inside != null) {
        health.leave(inside);
      }
    }
  }

  private void used(KeyRef key) {
    lastKey = Optional.of(key);
  }

  private <R> Attempt<R> judge(Login.Epoch epoch, CkException e, Optional<Long> session) {
    if (Ck.lost(e.rv()) || rules.extra().contains(e.rv())) {
      health.lost(e.rv());
      return new Attempt.Lost<>(epoch, e, session.isPresent());
    }
    if (Ck.stale(e.rv())) {
      if (session.isPresent() && !stillIn(session.get())) {
        health.lost(e.rv());
        return new Attempt.Lost<>(epoch, e, true);
      }
      return new Attempt.Stale<>(e);
    }
    if (e.rv() == Ck.SESSION_COUNT) {
      login.sessions().closeIdle();
      return new Attempt.Crowded<>();
    }
    if (e.rv() == Ck.MECHANISM_INVALID) {
      throw new Unsupported(token, "the mechanism of " + e.function());
    }
    throw new TokenFault(token, e.function(), e.rv());
  }

  private boolean stillIn(long session) {
    try {
      return login.loggedIn(session);
    } catch (CkException e) {
      return false;
    }
  }

  private void repair(Login.Epoch seen, long rv, Deadline deadline) {
    if (rv == Ck.CRYPTOKI_NOT_INITIALIZED
        || rv == Ck.SLOT_ID_INVALID
        || rules.finalizeOnLost()
        || rules.reinitOn().contains(rv)) {
      startAnew(() -> library.reinitialize(seen.generation(), deadline.left()));
    }
    relogin(seen, deadline);
  }

  /** A library that does not start now may do so when its HSM is back. */
  private void startAnew(Runnable start) {
    try {
      start.run();
    } catch (LibraryRejected e) {
      health.lost(Ck.CRYPTOKI_NOT_INITIALIZED);
    }
  }

  private void relogin(Login.Epoch seen, Deadline deadline) {
    try {
      writing(
          deadline,
          () -> {
            login.repair(seen);
            return true;
          });
    } catch (CkException e) {
      health.lost(e.rv());
      if (e.rv() == Ck.CRYPTOKI_NOT_INITIALIZED || e.rv() == Ck.TOKEN_NOT_PRESENT) {
        // Some see a token that came back only then.
        startAnew(() -> library.look(deadline.left()));
      }
    } catch (Busy e) {
      // Somebody else is at it, or a call hangs; the next attempt sees what became of it.
    }
  }

  /** A key that must be there is not: some libraries see what came back only once started anew. */
  private void searchAnew(Login.Epoch seen, Deadline deadline) {
    if (login.epoch().number() == seen.number()) {
      startAnew(() -> library.reinitialize(seen.generation(), deadline.left()));
      relogin(seen, deadline);
    }
  }

  /** Whether the same key was looked for in vain just now, in a library started anew. */
  private boolean gone(KeyMissing cause) {
    var since = missing.get(String.valueOf(cause.getMessage()));
    return since != null && System.nanoTime() - since < MISSING_REST;
  }

  /** Runs with the login's write lock: no call of this token is inside. */
  <R> R writing(Supplier<R> change) {
    return writing(Deadline.in(patience), change);
  }

  private <R> R writing(Deadline deadline, Supplier<R> change) {
    requirePlatformThread();
    if (!Locks.within(library.lock().readLock(), deadline.left())) {
      throw new Busy(token);
    }
    try {
      if (!Locks.within(login.lock().writeLock(), deadline.left())) {
        throw new Busy(token);
      }
      var inside = health.enter();
      try {
        return change.get();
      } finally {
        health.leave(inside);
        login.lock().writeLock().unlock();
      }
    } finally {
      library.lock().readLock().unlock();
    }
  }

  /** Runs with the locks that any call holds. */
  <R> R reading(Supplier<R> call) {
    return reading(Deadline.in(patience), call);
  }

  private <R> R reading(Deadline deadline, Supplier<R> call) {
    if (!Locks.within(library.lock().readLock(), deadline.left())) {
      throw new Busy(token);
    }
    try {
      if (!Locks.within(login.lock().readLock(), deadline.left())) {
        throw new Busy(token);
      }
      try {
        return call.get();
      } finally {
        login.lock().readLock().unlock();
      }
    } finally {
      library.lock().readLock().unlock();
    }
  }

  /** Handles that belong to this epoch; those of another one are forgotten. */
  private Map<KeyRef, Session.Key> known(Login.Epoch epoch) {
    var now = handles;
    if (now.epoch() != epoch.number()) {
      now = new Handles(epoch.number(), new ConcurrentHashMap<>());
      handles = now;
    }
    return now.keys();
  }

  private boolean permitted(Deadline deadline) {
    try {
      return permits.tryAcquire(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static void requirePlatformThread() {
    if (Thread.currentThread().isVirtual()) {
      throw new IllegalStateException("a native call would pin this virtual thread's carrier");
    }
  }
}
