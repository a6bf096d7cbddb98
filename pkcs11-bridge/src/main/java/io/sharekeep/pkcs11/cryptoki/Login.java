package io.sharekeep.pkcs11.cryptoki;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.sharekeep.pkcs11.PinSource;
import io.sharekeep.pkcs11.health.Health;
import io.sharekeep.pkcs11.health.Return;
import io.sharekeep.pkcs11.profile.Profile;
import io.sharekeep.pkcs11.terms.TokenException;
import io.sharekeep.pkcs11.terms.TokenException.LoggedOut;
import io.sharekeep.pkcs11.terms.TokenException.PinIncorrect;
import io.sharekeep.pkcs11.terms.TokenException.PinLocked;
import io.sharekeep.pkcs11.terms.TokenException.TokenFault;
import io.sharekeep.pkcs11.terms.TokenException.Unsupported;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
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
  private final Profile profile;
  private final Health health;
  private final ReadWriteLock lock = new ReentrantReadWriteLock(true);
  private final SessionPool sessions;
  private final Return back = new Return();

  private volatile Optional<PinSource> pin = Optional.empty(); // written under the write lock
  private volatile Epoch epoch = new Epoch(0, 0, 0);
  private Optional<Anchor> anchor = Optional.empty(); // guarded by the write lock

  /** One stretch of being logged in. Handles and sessions of another one mean nothing. */
  record Epoch(long number, long generation, long slot) {}

  /** Where our sessions are, logged in or not; a slot number lasts for one initialisation. */
  private record Anchor(long slot, long generation) {}

  Login(Library library, String label, String serial, Profile profile, Health health) {
    this.library = library;
    this.label = label;
    this.serial = serial;
    this.profile = profile;
    this.health = health;
    this.sessions = new SessionPool(library, profile.sessions().readWriteOnly());
  }

  ReadWriteLock lock() {
    return lock;
  }

  SessionPool sessions() {
    return sessions;
  }

  Epoch epoch() {
    return epoch;
  }

  /** Happens at the beginning of each epoch. */
  Return back() {
    return back;
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
    health.base(new Health.Base.Out());
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

  /** Shows the PIN once more, for keys that want it at every use. */
  void authenticate(long session) {
    pin.orElseThrow(() -> new LoggedOut(label))
        .<Boolean>withPin(bytes -> {
          library.functions().login(session, Ck.CKU_CONTEXT_SPECIFIC, bytes);
          return true;
        });
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
    long session = sessions.open(slot, false);
    anchor = Optional.of(new Anchor(slot, library.generation()));
    try {
      source.<Boolean>withPin(bytes -> {
        requireForm(bytes);
        functions.login(session, profile.pin().userType(), bytes);
        return true;
      });
    } catch (CkException e) {
      if (e.rv() != Ck.USER_ALREADY_LOGGED_IN) {
        throw refused(e);
      }
    } catch (TokenException e) {
      health.base(
          e instanceof LoggedOut
              ? new Health.Base.Out()
              : new Health.Base.Failed(String.valueOf(e.getMessage())));
      pin = Optional.empty();
      throw e;
    }
    if (!profile.sessions().anchor()) {
      sessions.give(session); // else it stays open: closing the last one would log us out
    }
    epoch = new Epoch(epoch.number() + 1, library.generation(), slot);
    health.base(new Health.Base.In());
    back.happened(epoch.number());
  }

  /** What the token's own rules refuse anyway is not shown to it, which would count as a try. */
  private void requireForm(MemorySegment bytes) {
    var rules = profile.pin();
    if (bytes.byteSize() < rules.min() || bytes.byteSize() > rules.max()) {
      throw new Unsupported(
          label, "a PIN of this length: it wants " + rules.min() + " to " + rules.max() + " bytes");
    }
    boolean colon = false;
    for (long i = 0; i < bytes.byteSize(); i++) {
      colon |= bytes.get(JAVA_BYTE, i) == ':';
    }
    if (rules.namesUser() && !colon) {
      throw new Unsupported(label, "a PIN without a user: it wants user:password");
    }
  }

  /** A refused PIN is dropped, so that no repair can present it a second time. */
  private RuntimeException refused(CkException e) {
    if (Ck.lost(e.rv()) || profile.loss().extra().contains(e.rv())) {
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
    health.base(new Health.Base.Failed(String.valueOf(answer.getMessage())));
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
