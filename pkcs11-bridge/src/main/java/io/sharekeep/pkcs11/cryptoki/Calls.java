package io.sharekeep.pkcs11.cryptoki;

import io.sharekeep.pkcs11.terms.KeyRef;
import io.sharekeep.pkcs11.terms.TokenException.Busy;
import io.sharekeep.pkcs11.terms.TokenException.LoggedOut;
import io.sharekeep.pkcs11.terms.TokenException.TokenFault;
import io.sharekeep.pkcs11.terms.TokenException.Unavailable;
import io.sharekeep.pkcs11.terms.TokenException.Unsupported;
import io.sharekeep.pkcs11.terms.TokenState;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Runs one call on a session of its own: a permit, both locks, the call, and if the session, the
 * login or a handle turns out to be gone, the repair and another attempt.
 */
final class Calls {
  private static final int ATTEMPTS = 3;

  private final String token;
  private final Library library;
  private final Login login;
  private final Duration patience;
  private final Semaphore permits;
  private volatile Handles handles = new Handles(0, new ConcurrentHashMap<>());

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

    record Lost<R>(Login.Epoch epoch, CkException cause) implements Attempt<R> {}

    record Stale<R>(CkException cause) implements Attempt<R> {}
  }

  Calls(String token, Library library, Login login, int permits, Duration patience) {
    this.token = token;
    this.library = library;
    this.login = login;
    this.patience = patience;
    this.permits = new Semaphore(permits, true);
  }

  <R> R run(Kind kind, Function<Session, R> call) {
    requirePlatformThread();
    if (!permitted()) {
      throw new Busy(token);
    }
    try {
      return attempts(kind, call);
    } finally {
      permits.release();
    }
  }

  private <R> R attempts(Kind kind, Function<Session, R> call) {
    for (int attempt = 1; ; attempt++) {
      switch (reading(() -> attempt(kind, call))) {
        case Attempt.Done<R>(var result) -> {
          return result;
        }
        case Attempt.Stale<R>(var cause) -> {
          handles = new Handles(0, new ConcurrentHashMap<>());
          giveUp(kind, attempt, cause);
        }
        case Attempt.Lost<R>(var epoch, var cause) -> {
          repair(epoch, cause);
          giveUp(kind, attempt, cause);
        }
      }
    }
  }

  private void giveUp(Kind kind, int attempt, CkException cause) {
    if (attempt == ATTEMPTS || !kind.repeatable) {
      login.down(cause.rv());
      throw new Unavailable(
          token,
          cause.getMessage()
              + (kind.repeatable ? ", " + ATTEMPTS + " times" : "; it may have been done or not"));
    }
  }

  /** Wants both read locks. */
  private <R> Attempt<R> attempt(Kind kind, Function<Session, R> call) {
    var epoch = login.epoch();
    switch (login.state()) {
      case TokenState.LoggedOut _, TokenState.Failed _ -> throw new LoggedOut(token);
      case TokenState.Ready _, TokenState.Down _ -> {}
    }
    if (epoch.generation() != library.generation()) {
      // Session numbers began anew with the library: ours may be another token's by now.
      return new Attempt.Lost<>(
          epoch, new CkException("C_Initialize", Ck.CRYPTOKI_NOT_INITIALIZED));
    }
    Optional<Long> session = Optional.empty();
    try {
      long taken =
          kind.readWrite
              ? login.sessions().open(epoch.slot(), true)
              : login.sessions().take(epoch.slot());
      session = Optional.of(taken);
      var result = call.apply(new Session(token, library.functions(), taken, login, known(epoch)));
      if (kind.readWrite) {
        login.sessions().close(taken);
      } else {
        login.sessions().give(taken);
      }
      login.up();
      return new Attempt.Done<>(result);
    } catch (CkException e) {
      try {
        return judge(epoch, e, session);
      } finally {
        session.ifPresent(login.sessions()::close);
      }
    } catch (RuntimeException | Error e) {
      session.ifPresent(login.sessions()::close);
      throw e;
    }
  }

  private <R> Attempt<R> judge(Login.Epoch epoch, CkException e, Optional<Long> session) {
    if (Ck.lost(e.rv())) {
      return new Attempt.Lost<>(epoch, e);
    }
    if (Ck.stale(e.rv())) {
      return session.isPresent() && !stillIn(session.get())
          ? new Attempt.Lost<>(epoch, e)
          : new Attempt.Stale<>(e);
    }
    if (e.rv() == Ck.SESSION_COUNT) {
      throw new Busy(token);
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

  private void repair(Login.Epoch seen, CkException cause) {
    if (cause.rv() == Ck.CRYPTOKI_NOT_INITIALIZED || cause.rv() == Ck.SLOT_ID_INVALID) {
      library.reinitialize(seen.generation(), patience);
    }
    try {
      writing(() -> {
        login.repair(seen);
        return true;
      });
    } catch (CkException e) {
      login.down(e.rv());
      if (e.rv() != Ck.CRYPTOKI_NOT_INITIALIZED && e.rv() != Ck.TOKEN_NOT_PRESENT) {
        return; // the next attempt sees what is left of it
      }
      library.reinitialize(library.generation(), patience);
    }
  }

  /** Runs with the login's write lock: no call of this token is inside. */
  <R> R writing(Supplier<R> change) {
    requirePlatformThread();
    if (!Locks.within(library.lock().readLock(), patience)) {
      throw new Busy(token);
    }
    try {
      if (!Locks.within(login.lock().writeLock(), patience)) {
        throw new Busy(token);
      }
      try {
        return change.get();
      } finally {
        login.lock().writeLock().unlock();
      }
    } finally {
      library.lock().readLock().unlock();
    }
  }

  /** Runs with the locks that any call holds. */
  <R> R reading(Supplier<R> call) {
    if (!Locks.within(library.lock().readLock(), patience)) {
      throw new Busy(token);
    }
    try {
      if (!Locks.within(login.lock().readLock(), patience)) {
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

  private boolean permitted() {
    try {
      return permits.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS);
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
