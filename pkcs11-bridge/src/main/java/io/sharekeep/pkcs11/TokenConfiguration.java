package io.sharekeep.pkcs11;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Which token, and how much of it may be used at once.
 *
 * @param library the PKCS#11 module, a shared object
 * @param tokenLabel the token's CKA_LABEL without its padding
 * @param librarySha256 the lower-case hex hash that the module must have, if it is pinned
 * @param permits how many calls may be inside the token at once
 * @param patience how long a call waits for its turn before it fails as busy
 */
public record TokenConfiguration(
    Path library,
    String tokenLabel,
    Optional<String> librarySha256,
    int permits,
    Duration patience) {
  public TokenConfiguration {
    if (permits < 1 || permits > 1024) {
      throw new IllegalArgumentException("permits must be 1 to 1024, not " + permits);
    }
    if (tokenLabel.isBlank()) {
      throw new IllegalArgumentException("a token needs a label");
    }
    if (librarySha256.isPresent() && !librarySha256.get().matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException("librarySha256 must be 64 lower-case hex digits");
    }
    if (patience.isNegative() || patience.isZero()) {
      throw new IllegalArgumentException("patience must be positive");
    }
  }

  /** Eight calls at once, ten seconds of patience, no pin on the library. */
  public static TokenConfiguration of(Path library, String tokenLabel) {
    return new TokenConfiguration(library, tokenLabel, Optional.empty(), 8, Duration.ofSeconds(10));
  }

  /** The same, with a library that must have this hash. */
  public TokenConfiguration pinned(String sha256) {
    return new TokenConfiguration(library, tokenLabel, Optional.of(sha256), permits, patience);
  }
}
