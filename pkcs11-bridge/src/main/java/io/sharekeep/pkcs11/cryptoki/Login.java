package io.sharekeep.pkcs11.cryptoki;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.sharekeep.pkcs11.PinSource;
import io.sharekeep.pkcs11.terms.TokenException;
import io.sharekeep.pkcs11.terms.TokenException.LoggedOut;
import io.sharekeep.pkcs11.terms.TokenException.PinIncorrect;
import io.sharekeep.pkcs11.terms.TokenException.PinLocked;
import io.sharekeep.pkcs11.terms.TokenException.TokenFault;
import io.sharekeep.pkcs11.terms.TokenState;
import java.lang.foreign.Arena;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * The login of one token, found by label and serial: its slot, the anchor session that keeps it
 * logged in, and the epoch that every handle belongs to.
 *
 * <p>The lock's owner is whoever changes the login. All methods that say so want it held.
 */
final class Login {
  private final Library library;
  private final String label;
  private final String serial;
  private final ReadWriteLock lock = new ReentrantReadWriteLock(true);
  private final SessionPool sessions;

  private Optional<PinSource> pin = Optional.empty(); // guarded by the write lock
  private volatile TokenState state = new TokenState.LoggedOut();
  private volatile Epoch epoch = new Epoch(0, 0, 0);
  private Optional<Anchor> anchor = Optional.empty(); // guarded by the write lock

  /** One stretch of being logged in. Handles and sessions of another one mean nothing. */
  record Epoch(long number, long generation, long slot) {}

  /** Where our sessions are, logged in or not; a slot number lasts for one initialisation. */
  private record Anchor(long slot, long generation) {}

  Login(Library library, String label, String serial) {
    this.library = library;
    this.label = label;
    this.serial = serial;
    this.sessions = new SessionPool(library);
  }

  ReadWriteLock lock() {
    return lock;
  }

  SessionPool sessions() {
    return sessions;
  }

  TokenState state() {
    return state;
  }

  Epoch epoch() {
    return epoch;
  }

  /** A person or the start-up logs in. Wants both locks. */
  void enter(PinSource source) {
    pin = Optional.empty();
    begin(source);
    pin = Optional.of(source);
  }

  /**
   * Logs in again after a loss, once for all who saw the same loss. Wants both locks.
   *
   * @param seen the epoch in which the loss was seen
   */
  void repair(Epoch seen) {
    if (epoch.number() != seen.number()) {
      return;
    }
    begin(pin.orElseThrow(() -> new LoggedOut(label)));
  }

  /** Wants both locks. */
  void leave() {
    pin = Optional.empty();
    state = new TokenState.LoggedOut();
    sessions.forget();
    try {
      // Closing the last session also logs out, and leaves nothing behind if a C_Logout failed.
      anchor
          .filter(was -> was.generation() == library.generation())
          .ifPresent(was -> library.functions().closeAllSessions(was.slot()));
    } catch (CkException e) {
      // The token is gone, and the login with it.
    }
    anchor = Optional.empty();
  }

  /** The token does not come back for now; the next call tries again. */
  void down(long rv) {
    if (!(state instanceof TokenState.Failed) && !(state instanceof TokenState.Down)) {
      state = new TokenState.Down(Instant.now(), rv);
    }
  }

  /** A call went through, so whatever was wrong is over. */
  void up() {
    if (state instanceof TokenState.Down) {
      state = new TokenState.Ready();
    }
  }

  private void begin(PinSource source) {
    var functions = library.functions();
    long slot =
        Slots.tokens(functions).stream()
            .filter(token -> token.label().equals(label) && token.serial().equals(serial))
            .findFirst()
            .orElseThrow(() -> new CkException("C_GetSlotList", Ck.TOKEN_NOT_PRESENT))
            .slot();
    sessions.forget();
    functions.closeAllSessions(slot);
    long session = sessions.open(slot, false); // stays open: closing the last one would log us out
    anchor = Optional.of(new Anchor(slot, library.generation()));
    try {
      source.<Boolean>withPin(bytes -> {
        functions.login(session, Ck.CKU_USER, bytes);
        return true;
      });
    } catch (CkException e) {
      throw refused(e);
    } catch (TokenException e) {
      state =
          e instanceof LoggedOut
              ? new TokenState.LoggedOut()
              : new TokenState.Failed(String.valueOf(e.getMessage()));
      pin = Optional.empty();
      throw e;
    }
    epoch = new Epoch(epoch.number() + 1, library.generation(), slot);
    state = new TokenState.Ready();
  }

  /** A refused PIN is dropped, so that no repair can present it a second time. */
  private RuntimeException refused(CkException e) {
    if (Ck.lost(e.rv())) {
      return e;
    }
    RuntimeException answer;
    if (e.rv() == Ck.PIN_INCORRECT || e.rv() == Ck.PIN_LEN_RANGE) {
      answer = new PinIncorrect(label);
    } else if (e.rv() == Ck.PIN_LOCKED) {
      answer = new PinLocked(label);
    } else {
      answer = new TokenFault(label, e.function(), e.rv());
    }
    pin = Optional.empty();
    state = new TokenState.Failed(String.valueOf(answer.getMessage()));
    return answer;
  }

  /** Whether a session is still logged in: some tokens only stop finding objects. */
  boolean loggedIn(long session) {
    try (var arena = Arena.ofConfined()) {
      var info = arena.allocate(Layouts.SESSION_SIZE, 8);
      library.functions().sessionInfo(session, info);
      long is = info.get(JAVA_LONG, Layouts.SESSION_STATE);
      return is == Ck.CKS_RO_USER || is == Ck.CKS_RW_USER;
    }
  }
}
