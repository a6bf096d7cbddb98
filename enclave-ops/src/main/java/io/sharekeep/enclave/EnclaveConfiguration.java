package io.sharekeep.enclave;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * What the core needs to know of its host.
 *
 * @param stateDirectory holds the database; one appliance at a time
 * @param core the token with kek, identity, attest and log
 * @param fallback a second token with a kek of its own, which opens while the core token is lost
 * @param signingThreads each has secret memory of its own
 * @param sessionLimit how long a session may live at most, ≤ 5 minutes
 * @param presignatures of which keys some are kept
 */
public record EnclaveConfiguration(
    Path stateDirectory,
    TokenPlace core,
    Optional<TokenPlace> fallback,
    SecretMemory secretMemory,
    int signingThreads,
    Duration sessionLimit,
    Presignatures presignatures) {
  /** What secret memory is good enough. */
  public enum SecretMemory {
    REQUIRE_MEMFD_SECRET,
    ALLOW_MLOCK
  }

  /**
   * Signatures made before their message: faster to use, and weaker in what is proved of them.
   *
   * @param keys of which some are kept; none unless an operator says so
   * @param stock how many this party keeps for its own requests, for each set of signers: 1 to 8
   */
  public record Presignatures(Set<KeyId> keys, int stock) {
    public static final int MAX_STOCK = 8;

    public static final Presignatures NONE = new Presignatures(Set.of(), 1);

    public Presignatures {
      keys = Set.copyOf(keys);
      if (stock < 1 || stock > MAX_STOCK) {
        throw new IllegalArgumentException("a stock of 1 to 8");
      }
    }
  }

  /** Without presignatures. */
  public EnclaveConfiguration(
      Path stateDirectory,
      TokenPlace core,
      Optional<TokenPlace> fallback,
      SecretMemory secretMemory,
      int signingThreads,
      Duration sessionLimit) {
    this(
        stateDirectory,
        core,
        fallback,
        secretMemory,
        signingThreads,
        sessionLimit,
        Presignatures.NONE);
  }
}
