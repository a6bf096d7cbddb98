package io.sharekeep.pkcs11.cryptoki;

import io.sharekeep.pkcs11.health.Deadline;
import io.sharekeep.pkcs11.health.Health;
import io.sharekeep.pkcs11.health.Locks;
import io.sharekeep.pkcs11.health.Meters;
import io.sharekeep.pkcs11.health.Permits;
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

  /** How long the pulse waits for an answer. */
  private static final Duration BEAT = Duration.ofSeconds(1);

  /** A key that was missing however often we looked is believed to be so for a while. */
  private static final long MISSING_REST = Duration.ofSeconds(5).toNanos();

  private final String token;
  private final Library library;
  private final Login login;
  private final Profile.Loss rules;
  private final Health health;
  private final Duration patience;
  private final Permits permits;
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

    record Stale<R>(Login.Epoch epoch, CkException cause) implements Attempt<R> {}

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
    this.permits = new Permits(permits);
  }

  Meters meters() {
    return meters;
  }

  Permits permits() {
    return permits;
  }

  void destroyed(KeyRef key) {
    lastKey = lastKey.filter(last -> !last.equals(key));
  }

  @Override
  public Duration idle() {
    return Duration.ofNanos(System.nanoTime() - lastDone);
  }

  @Override
  public void fail(String reason) {
    writing(() -> {
      login.leave();
      health.base(new Health.Base.Failed(reason));
      return true;
    });
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
      if (!permits.take(deadline)) {
        throw new Busy(token);
      }
      try {
        var result = attempts(operation, kind, call, deadline);
        done = true;
        return result;
      } finally {
        permits.giveBack();
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
    if (!permits.takeAtOnce()) {
      return true;
    }
    long began = System.nanoTime();
    boolean answered = false;
    try {
      var deadline = Deadline.in(BEAT);
      Supplier<Attempt<Boolean>> once = () -> attempt(Operation.PROBE, Kind.READ, call);
      var outcome =
          switch (reading(deadline, once)) {
            case Attempt.Lost<Boolean> lost -> repaired(lost, deadline, once).orElse(lost);
            case Attempt.Missing<Boolean> missing -> {
              health.lost(Ck.KEY_HANDLE_INVALID);
              yield searchedAnew(missing, deadline, once).orElse(missing);
            }
            case Attempt.Stale<Boolean> stale -> {
              handles = new Handles(0, new ConcurrentHashMap<>());
              yield stale;
            }
            case Attempt.Done<Boolean> done -> done;
            case Attempt.Crowded<Boolean> crowded -> crowded;
          };
      answered = outcome instanceof Attempt.Done<Boolean>;
      return answered;
    } finally {
      permits.giveBack();
      meters.ended(Operation.PROBE, began, !answered);
    }
  }

  private <R> R attempts(
      Operation operation, Kind kind, Function<Session, R> call, Deadline deadline) {
    Supplier<Attempt<R>> once = () -> attempt(operation, kind, call);
    int misses = 0;
    var outcome = reading(deadline, once);
    for (int attempt = 1; ; attempt++) {
      Optional<Attempt<R>> next = Optional.empty();
      switch (outcome) {
        case Attempt.Done<R>(var result) -> {
          return result;
        }
        case Attempt.Stale<R>(var epoch, var cause) -> {
          handles = new Handles(0, new ConcurrentHashMap<>());
          requireRepeatable(kind, cause, true);
          pause(attempt, epoch, cause, deadline);
        }
        case Attempt.Lost<R> lost -> {
          requireRepeatable(kind, lost.cause(), lost.begun());
          pause(attempt, lost.epoch(), lost.cause(), deadline);
          next = repaired(lost, deadline, once);
        }
        case Attempt.Missing<R> missing -> {
          if (!kind.repeatable || ++misses == AT_ONCE || gone(missing.cause())) {
            this.missing.put(String.valueOf(missing.cause().getMessage()), System.nanoTime());
            lastKey = Optional.empty();
            throw missing.cause();
          }
          next = searchedAnew(missing, deadline, once);
        }
        case Attempt.Crowded<R> _ -> {
          if (!deadline.sleep(Duration.ofMillis(20))) {
            throw new Busy(token);
          }
        }
      }
      outcome = next.isPresent() ? next.get() : reading(deadline, once);
    }
  }

  private void requireRepeatable(Kind kind, CkException cause, boolean begun) {
    if (!kind.repeatable && begun) {
      throw new Unavailable(token, cause.getMessage() + "; it may have been done or not");
    }
  }

  /** Waits for the token to come back, unless it is too late for this call or given up. */
  private void pause(int attempt, Login.Epoch epoch, CkException cause, Deadline deadline) {
    if (attempt < AT_ONCE) {
      return;
    }
    if (health.down() || !login.back().await(epoch.number(), deadline)) {
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
      return new Attempt.Stale<>(epoch, e);
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

  /** Repairs a loss and tries again; nothing if it could not be repaired now. */
  private <R> Optional<Attempt<R>> repaired(
      Attempt.Lost<R> lost, Deadline deadline, Supplier<Attempt<R>> again) {
    long rv = lost.cause().rv();
    boolean anew =
        rv == Ck.CRYPTOKI_NOT_INITIALIZED
            || rv == Ck.SLOT_ID_INVALID
            || rules.finalizeOnLost()
            || rules.reinitOn().contains(rv);
    return repaired(lost.epoch(), anew, deadline, again);
  }

  /** A key that must be there is not: some libraries see what came back only once started anew. */
  private <R> Optional<Attempt<R>> searchedAnew(
      Attempt.Missing<R> missing, Deadline deadline, Supplier<Attempt<R>> again) {
    var seen = missing.epoch();
    return login.epoch().number() == seen.number()
        ? repaired(seen, true, deadline, again)
        : Optional.empty();
  }

  /**
   * Repairs and tries again without letting go of the token in between: however often it is taken
   * away, whoever has repaired it has the use of it once.
   */
  private <R> Optional<Attempt<R>> repaired(
      Login.Epoch seen, boolean anew, Deadline deadline, Supplier<Attempt<R>> again) {
    boolean absent;
    try {
      boolean entered =
          anew
              ? library.enterAnew(seen.generation(), deadline.left())
              : Locks.within(library.lock().readLock(), deadline.left());
      if (!entered) {
        return Optional.empty(); // a call hangs; the next attempt says so
      }
      try {
        return loggedInAgain(seen, deadline, again);
      } catch (CkException e) {
        health.lost(e.rv());
        absent = e.rv() == Ck.CRYPTOKI_NOT_INITIALIZED || e.rv() == Ck.TOKEN_NOT_PRESENT;
      } finally {
        library.lock().readLock().unlock();
      }
      if (absent) {
        library.look(deadline.left()); // some see a token that came back only then
      }
    } catch (LibraryRejected e) {
      health.lost(Ck.CRYPTOKI_NOT_INITIALIZED); // it may start once its HSM is back
    }
    return Optional.empty();
  }

  /** Wants the library's read lock. */
  private <R> Optional<Attempt<R>> loggedInAgain(
      Login.Epoch seen, Deadline deadline, Supplier<Attempt<R>> again) {
    var lock = login.lock();
    if (!Locks.within(lock.writeLock(), deadline.left())) {
      return Optional.empty(); // somebody else is at it, or a call hangs
    }
    var inside = health.enter();
    try {
      login.repair(seen);
      lock.readLock().lock(); // at once, for who holds the other
    } finally {
      health.leave(inside);
      lock.writeLock().unlock();
    }
    try {
      return Optional.of(again.get());
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Whether the same key was looked for in vain just now, in a library started anew. */
  private boolean gone(KeyMissing cause) {
    var since = missing.get(String.valueOf(cause.getMessage()));
    return since != null && System.nanoTime() - since < MISSING_REST;
  }

  /** Runs with the login's write lock: no call of this token is inside. */
  <R> R writing(Supplier<R> change) {
    requirePlatformThread();
    var deadline = Deadline.in(patience);
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

  private static void requirePlatformThread() {
    if (Thread.currentThread().isVirtual()) {
      throw new IllegalStateException("a native call would pin this virtual thread's carrier");
    }
  }
}
