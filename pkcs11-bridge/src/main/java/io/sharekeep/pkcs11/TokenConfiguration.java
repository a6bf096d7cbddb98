package io.sharekeep.pkcs11;

import io.sharekeep.pkcs11.terms.TokenLibrary;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Which token, and how much of it may be used at once.
 *
 * @param library the PKCS#11 library and how it is to be used
 * @param tokenLabel the token's CKA_LABEL without its padding
 * @param permits how many calls may be inside the token at once
 * @param patience how long a call may take in all before it fails: waiting for its turn, and for a
 *     token that is lost to come back
 * @param pulse after how long a silence a light call shows that the token still answers
 */
public record TokenConfiguration(
    TokenLibrary library, String tokenLabel, int permits, Duration patience, Duration pulse) {
  private static final Duration PULSE = Duration.ofMillis(250);

  public TokenConfiguration {
    if (permits < 1 || permits > 1024) {
      throw new IllegalArgumentException("permits must be 1 to 1024, not " + permits);
    }
    if (tokenLabel.isBlank()) {
      throw new IllegalArgumentException("a token needs a label");
    }
    if (patience.isNegative() || patience.isZero() || pulse.isNegative() || pulse.isZero()) {
      throw new IllegalArgumentException("patience and pulse must be positive");
    }
  }

  /** Eight calls at once, ten seconds of patience. */
  public static TokenConfiguration of(TokenLibrary library, String tokenLabel) {
    return new TokenConfiguration(library, tokenLabel, 8, Duration.ofSeconds(10), PULSE);
  }

  /** The same with a library that needs no more than its path. */
  public static TokenConfiguration of(Path library, String tokenLabel) {
    return of(TokenLibrary.at(library), tokenLabel);
  }

  /** The same, with a library that must have this hash. */
  public TokenConfiguration pinned(String sha256) {
    return new TokenConfiguration(
        library.pinned(Optional.of(sha256)), tokenLabel, permits, patience, pulse);
  }

  /** The same, with so many calls at once. */
  public TokenConfiguration permits(int calls) {
    return new TokenConfiguration(library, tokenLabel, calls, patience, pulse);
  }

  /** The same, with calls that may take so long. */
  public TokenConfiguration patience(Duration time) {
    return new TokenConfiguration(library, tokenLabel, permits, time, pulse);
  }

  /** The same, with a light call after so long a silence. */
  public TokenConfiguration pulse(Duration silence) {
    return new TokenConfiguration(library, tokenLabel, permits, patience, silence);
  }
}
