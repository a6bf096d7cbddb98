package io.sharekeep.enclave.session;

import io.sharekeep.enclave.TokenPlace;
import io.sharekeep.enclave.vault.KekHome;
import io.sharekeep.pkcs11.Token;
import io.sharekeep.pkcs11.terms.TokenException;
import io.sharekeep.pkcs11.terms.TokenState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The second token, which opens while the core token is lost. A start does not wait for it: it is
 * looked for until it was seen once; from then on it is repaired like any token.
 */
final class FallbackToken implements KekHome, AutoCloseable {
  private static final Duration SHORTEST = Duration.ofMillis(250);
  private static final Duration LONGEST = Duration.ofSeconds(2);

  private final TokenPlace place;
  private final Function<Token, List<String>> objections;
  private final Instant since;
  private volatile Optional<Token> token = Optional.empty();
  private volatile TokenState absent;
  private volatile boolean closed;

  private FallbackToken(TokenPlace place, Function<Token, List<String>> objections, Instant since) {
    this.place = place;
    this.objections = objections;
    this.since = since;
    this.absent = new TokenState.Stalled(since, "it was not there yet");
  }

  /**
   * Tries once, and then goes on in the background.
   *
   * @param objections holds the token, logged in, against what is remembered of it
   * @throws TokenException for what no waiting cures: a wrong PIN, a library or a profile that is
   *     refused. The PIN is not tried again
   */
  static FallbackToken open(
      TokenPlace place, Function<Token, List<String>> objections, Instant since) {
    var fallback = new FallbackToken(place, objections, since);
    try {
      fallback.take();
    } catch (TokenException e) {
      if (!mayCome(e)) {
        throw e;
      }
      fallback.absent = new TokenState.Stalled(since, String.valueOf(e.getMessage()));
      Thread.ofPlatform().daemon().name("fallback-token").start(fallback::look);
    }
    return fallback;
  }

  private static boolean mayCome(TokenException e) {
    return switch (e) {
      case TokenException.TokenAbsent _,
          TokenException.Unavailable _,
          TokenException.Busy _,
          TokenException.LoggedOut _,
          TokenException.TokenFault _ ->
          true;
      case TokenException.PinIncorrect _,
          TokenException.PinLocked _,
          TokenException.PinUnreadable _,
          TokenException.KeyMissing _,
          TokenException.KeyAmbiguous _,
          TokenException.KeyExists _,
          TokenException.KeyWeak _,
          TokenException.SealRejected _,
          TokenException.Unsupported _,
          TokenException.NotWritable _,
          TokenException.LibraryRejected _,
          TokenException.TokenAmbiguous _,
          TokenException.ProfileRejected _ ->
          false;
    };
  }

  private void take() {
    var taken = CoreToken.login(place, CoreToken.SHORT_PATIENCE);
    try {
      var wrong = objections.apply(taken);
      if (wrong.isEmpty() && keep(taken)) {
        return;
      }
      absent = new TokenState.Failed(String.join("; ", wrong));
    } catch (RuntimeException | Error e) {
      taken.close();
      throw e;
    }
    taken.close();
  }

  private synchronized boolean keep(Token taken) {
    if (!closed) {
      token = Optional.of(taken);
    }
    return !closed;
  }

  private void look() {
    var pause = SHORTEST;
    while (!closed && token.isEmpty() && absent instanceof TokenState.Stalled) {
      try {
        Thread.sleep(pause);
        take();
      } catch (InterruptedException e) {
        return; // Closed.
      } catch (TokenException e) {
        var why = String.valueOf(e.getMessage());
        absent = mayCome(e) ? new TokenState.Stalled(since, why) : new TokenState.Failed(why);
      }
      pause = pause.compareTo(LONGEST) < 0 ? pause.multipliedBy(2) : LONGEST;
    }
  }

  @Override
  public Role role() {
    return Role.FALLBACK;
  }

  @Override
  public Optional<Token> token() {
    return token;
  }

  @Override
  public TokenState state() {
    return token.map(Token::state).orElse(absent);
  }

  @Override
  public synchronized void close() {
    closed = true;
    token.ifPresent(Token::close);
  }
}
