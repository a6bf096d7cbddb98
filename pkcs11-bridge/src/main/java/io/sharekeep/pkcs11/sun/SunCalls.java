package io.sharekeep.pkcs11.sun;

import io.sharekeep.pkcs11.PinSource;
import io.sharekeep.pkcs11.TokenConfiguration;
import io.sharekeep.pkcs11.health.Canary;
import io.sharekeep.pkcs11.health.Deadline;
import io.sharekeep.pkcs11.health.Health;
import io.sharekeep.pkcs11.health.Locks;
import io.sharekeep.pkcs11.health.Meters;
import io.sharekeep.pkcs11.health.Permits;
import io.sharekeep.pkcs11.health.Pulse;
import io.sharekeep.pkcs11.health.Return;
import io.sharekeep.pkcs11.profile.Profile;
import io.sharekeep.pkcs11.sun.Clerk.Located;
import io.sharekeep.pkcs11.terms.KeyRef;
import io.sharekeep.pkcs11.terms.TokenException;
import io.sharekeep.pkcs11.terms.TokenException.Busy;
import io.sharekeep.pkcs11.terms.TokenException.KeyAmbiguous;
import io.sharekeep.pkcs11.terms.TokenException.KeyMissing;
import io.sharekeep.pkcs11.terms.TokenException.LoggedOut;
import io.sharekeep.pkcs11.terms.TokenException.PinIncorrect;
import io.sharekeep.pkcs11.terms.TokenException.PinLocked;
import io.sharekeep.pkcs11.terms.TokenException.TokenFault;
import io.sharekeep.pkcs11.terms.TokenException.Unavailable;
import io.sharekeep.pkcs11.terms.TokenState;
import io.sharekeep.pkcs11.terms.TokenStatistics;
import io.sharekeep.pkcs11.terms.TokenStatistics.Operation;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.InvalidParameterException;
import java.security.ProviderException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.security.auth.login.FailedLoginException;

/**
 * Runs calls on the provider's present instance: a permit, the lock, the call, and if the instance
 * turns out to be dead, another instance and another attempt, until the call's deadline.
 */
final class SunCalls implements Pulse.Heart, AutoCloseable {
  private static final int AT_ONCE = 3;

  /** How long the pulse waits for an answer. */
  private static final Duration BEAT = Duration.ofSeconds(1);

  /** A key that is missing in several instances is believed to be so for a while. */
  private static final Duration MISSING_REST = Duration.ofSeconds(5);

  private final TokenConfiguration configuration;
  private final Clerk clerk;
  private final String token;
  private final Health health;
  private final Permits permits;
  private final Meters meters = new Meters();
  private final LongAdder relogins = new LongAdder();
  private final ReadWriteLock lock = new ReentrantReadWriteLock(true);
  private final Pulse pulse;
  private final Return back = new Return();
  private volatile Located located;
  private volatile Optional<PinSource> pin = Optional.empty(); // written under the write lock
  private volatile Optional<Epoch> epoch = Optional.empty(); // written under the write lock
  private volatile long logins; // written under the write lock
  private final Map<String, Long> missing = new ConcurrentHashMap<>();
  private volatile long lastDone = System.nanoTime();

  /** A call on one instance of the provider. */
  interface Work<R> {
    R on(Epoch epoch) throws GeneralSecurityException, IOException;
  }

  SunCalls(
      TokenConfiguration configuration,
      Profile profile,
      Clerk clerk,
      Located located,
      Canary canary) {
    this.configuration = configuration;
    this.clerk = clerk;
    this.located = located;
    this.token = located.label();
    this.health = new Health(profile.callTimeout());
    this.permits = new Permits(permits(configuration.permits(), profile.sessions().max()));
    this.pulse = new Pulse(token, this, canary, health, configuration.pulse());
  }

  /** The provider keeps some sessions of its own. */
  private static int permits(int wanted, int most) {
    return most > 2 && most < wanted + 2 ? most - 2 : wanted;
  }

  long logins() {
    return logins;
  }

  ReadWriteLock lock() {
    return lock;
  }

  TokenState state() {
    return health.state();
  }

  TokenStatistics statistics(Map<KeyRef, Long> opens) {
    return new TokenStatistics(
        permits.inUse(),
        permits.number(),
        permits.waiting(),
        meters.latencies(),
        health.losses(),
        relogins.sum(),
        0,
        health.without(),
        opens);
  }

  @Override
  public Duration idle() {
    return Duration.ofNanos(System.nanoTime() - lastDone);
  }

  @Override
  public boolean beat(boolean withKey) {
    if (!permits.takeAtOnce()) {
      return true;
    }
    long began = System.nanoTime();
    boolean answered = false;
    try {
      var deadline = Deadline.in(BEAT);
      Supplier<Attempt<byte[]>> once =
          () ->
              attempt(
                  Operation.PROBE,
                  epoch -> {
                    if (withKey) {
                      epoch.requireLogin(); // random bytes come without one too
                    }
                    return SunRandom.mixed(epoch, 16);
                  });
      var outcome = reading(deadline, once);
      if (outcome instanceof Attempt.Lost<byte[]> lost) {
        outcome = rebuilt(lost.seen(), deadline, once).orElse(lost);
      }
      answered = outcome instanceof Attempt.Done<byte[]>;
      return answered;
    } finally {
      permits.giveBack();
      meters.ended(Operation.PROBE, began, !answered);
    }
  }

  @Override
  public void fail(String reason) {
    logout();
    health.base(new Health.Base.Failed(reason));
  }

  /** How an attempt ended. */
  private sealed interface Attempt<R> {
    record Done<R>(R result) implements Attempt<R> {}

    record Lost<R>(long seen, String code) implements Attempt<R> {}

    record Missing<R>(long seen, KeyMissing cause) implements Attempt<R> {}
  }

  <R> R run(Operation operation, Work<R> work) {
    return counted(
        operation,
        deadline -> {
          Supplier<Attempt<R>> once = () -> attempt(operation, work);
          int misses = 0;
          var outcome = reading(deadline, once);
          for (int attempt = 1; ; attempt++) {
            long seen;
            switch (outcome) {
              case Attempt.Done<R>(var result) -> {
                return result;
              }
              case Attempt.Lost<R> lost -> {
                pause(attempt, lost.seen(), lost.code(), deadline);
                seen = lost.seen();
              }
              case Attempt.Missing<R>(var there, var cause) -> {
                if (++misses == AT_ONCE || gone(cause)) {
                  missing.put(String.valueOf(cause.getMessage()), System.nanoTime());
                  throw cause;
                }
                seen = there; // logged out by others it finds no key and reports no error
              }
            }
            outcome = rebuilt(seen, deadline, once).orElseGet(() -> reading(deadline, once));
          }
        });
  }

  /** An errand of the clerk, after which keys are looked up anew. */
  <R> R errand(Operation operation, Function<PinSource, R> errand) {
    return counted(
        operation,
        deadline -> {
          switch (health.base()) {
            case Health.Base.Out _, Health.Base.Failed _ -> throw new LoggedOut(token);
            case Health.Base.In _ -> {}
          }
          var result = errand.apply(pin.orElseThrow(() -> new LoggedOut(token)));
          if (operation == Operation.GENERATE || operation == Operation.DESTROY) {
            refresh(deadline);
          }
          return result;
        });
  }

  /** Whether the same key was looked for in vain just now, in several instances. */
  private boolean gone(KeyMissing cause) {
    var since = missing.get(String.valueOf(cause.getMessage()));
    return since != null && System.nanoTime() - since < MISSING_REST.toNanos();
  }

  private void refresh(Deadline deadline) {
    Supplier<Attempt<Boolean>> once =
        () ->
            attempt(
                Operation.FIND,
                epoch -> {
                  epoch.refresh();
                  return true;
                });
    var outcome = reading(deadline, once);
    for (int attempt = 1; outcome instanceof Attempt.Lost<Boolean> lost; attempt++) {
      pause(attempt, lost.seen(), lost.code(), deadline);
      outcome = rebuilt(lost.seen(), deadline, once).orElseGet(() -> reading(deadline, once));
    }
  }

  private <R> R counted(Operation operation, Function<Deadline, R> work) {
    if (Thread.currentThread().isVirtual()) {
      throw new IllegalStateException("a native call would pin this virtual thread's carrier");
    }
    long began = System.nanoTime();
    boolean done = false;
    try {
      if (health.down()) {
        throw new Unavailable(token, "it is down; it is being looked for in the background");
      }
      var deadline = Deadline.in(configuration.patience());
      if (!permits.take(deadline)) {
        throw new Busy(token);
      }
      try {
        var result = work.apply(deadline);
        done = true;
        return result;
      } finally {
        permits.giveBack();
      }
    } finally {
      meters.ended(operation, began, !done);
    }
  }

  private void pause(int attempt, long seen, String code, Deadline deadline) {
    if (attempt < AT_ONCE) {
      return;
    }
    if (health.down() || !back.await(seen, deadline)) {
      throw new Unavailable(token, code + ", " + attempt + " times");
    }
  }

  private <R> R reading(Deadline deadline, Supplier<R> call) {
    if (!Locks.within(lock.readLock(), deadline.left())) {
      throw new Busy(token);
    }
    try {
      return call.get();
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Wants the read lock. */
  private <R> Attempt<R> attempt(Operation operation, Work<R> work) {
    switch (health.base()) {
      case Health.Base.Out _, Health.Base.Failed _ -> throw new LoggedOut(token);
      case Health.Base.In _ -> {}
    }
    long seen = logins;
    String code;
    var inside = health.enter();
    try {
      if (epoch.isPresent()) {
        var result = work.on(epoch.get());
        lastDone = System.nanoTime();
        health.up();
        return new Attempt.Done<>(result);
      }
      code = "no instance of the provider";
    } catch (KeyMissing e) {
      return new Attempt.Missing<>(seen, e);
    } catch (InvalidParameterException e) {
      throw new TokenFault(token, "a key that can be read", 0);
    } catch (ProviderException | GeneralSecurityException | IOException e) {
      code = judged(operation, e);
    } finally {
      health.leave(inside);
    }
    health.lost(0);
    return new Attempt.Lost<>(seen, code);
  }

  /** The code of a loss; everything else is thrown. */
  private String judged(Operation operation, Exception e) {
    var code = Codes.of(e);
    if (code.equals(Optional.of("CKR_CRYPTOKI_NOT_INITIALIZED"))) {
      // The JDK initialises a library once; nobody can make it do so again.
      health.base(
          new Health.Base.Failed("the library was finalised, which this backend cannot repair"));
      throw new LoggedOut(token);
    }
    if (code.isPresent() && Codes.lost(code.get())) {
      return code.get();
    }
    if (code.isEmpty() && dead(e)) {
      return String.valueOf(e.getMessage());
    }
    if (e instanceof InvalidKeyException && code.isEmpty()) {
      throw new IllegalArgumentException("the key is not for " + operation, e);
    }
    throw new TokenFault(token, "SunPKCS11: " + code.orElse(String.valueOf(e.getMessage())), 0);
  }

  /** What the provider says of a token that it has given up. */
  private static boolean dead(Exception e) {
    var message = String.valueOf(e.getMessage());
    return message.contains("Token has been removed")
        || message.contains("not present")
        || message.contains("No token present");
  }

  /**
   * Makes another instance, once for all who saw the same one dead, and tries again without letting
   * go of it in between; nothing if the token is not back.
   *
   * @param seen the number of the instance that was found dead
   */
  private <R> Optional<Attempt<R>> rebuilt(
      long seen, Deadline deadline, Supplier<Attempt<R>> again) {
    if (!Locks.within(lock.writeLock(), deadline.left())) {
      return Optional.empty(); // somebody else is at it, or a call hangs
    }
    try {
      if (logins == seen || epoch.isEmpty()) {
        epoch.ifPresent(Epoch::end);
        epoch = Optional.empty();
        begin(pin.orElseThrow(() -> new LoggedOut(token)));
        relogins.increment();
      }
      lock.readLock().lock(); // at once, for who holds the other
    } catch (Unavailable e) {
      health.lost(0);
      lookFor();
      return Optional.empty();
    } finally {
      lock.writeLock().unlock();
    }
    try {
      return Optional.of(again.get());
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Slots move. */
  private void lookFor() {
    try {
      located = clerk.locate();
    } catch (TokenException absent) {
      // It is not back yet.
    }
  }

  /** One attempt of {@code source}'s PIN. Wants the write lock. */
  private void begin(PinSource source) {
    long number = logins + 1;
    logins = number;
    var name = "Sharekeep" + Long.toHexString(System.identityHashCode(this)) + "n";
    var library =
        new Epoch.Configuration(
            located.path().toString(), located.slot(), configuration.library().parameters());
    try {
      epoch = Optional.of(Epoch.begin(token, number, name, library, source));
      health.base(new Health.Base.In());
      back.happened(number);
    } catch (LoggedOut e) {
      pin = Optional.empty();
      health.base(new Health.Base.Out());
      throw e;
    } catch (TokenException e) {
      throw failed(e);
    } catch (ProviderException | GeneralSecurityException | IOException e) {
      var code = Codes.of(e).orElse("");
      if (code.equals("CKR_PIN_LOCKED")) {
        throw failed(new PinLocked(token));
      }
      if (e.getCause() instanceof FailedLoginException || code.startsWith("CKR_PIN_")) {
        throw failed(new PinIncorrect(token));
      }
      if (Epoch.ambiguous(e)) {
        throw failed(new KeyAmbiguous(token, "of one label"));
      }
      throw new Unavailable(token, code.isEmpty() ? String.valueOf(e.getMessage()) : code);
    }
  }

  private TokenException failed(TokenException e) {
    pin = Optional.empty();
    health.base(new Health.Base.Failed(String.valueOf(e.getMessage())));
    return e;
  }

  void login(PinSource source, Deadline deadline) {
    exclusively(
        deadline,
        () -> {
          pin = Optional.empty();
          epoch.ifPresent(Epoch::end);
          epoch = Optional.empty();
          begin(source);
          pin = Optional.of(source);
        });
  }

  void logout() {
    exclusively(
        Deadline.in(configuration.patience()),
        () -> {
          pin = Optional.empty();
          health.base(new Health.Base.Out());
          epoch.ifPresent(Epoch::end);
          epoch = Optional.empty();
        });
  }

  private void exclusively(Deadline deadline, Runnable change) {
    if (!Locks.within(lock.writeLock(), deadline.left())) {
      throw new Busy(token);
    }
    try {
      change.run();
    } finally {
      lock.writeLock().unlock();
    }
  }

  @Override
  public void close() {
    pulse.close();
    logout();
  }
}
