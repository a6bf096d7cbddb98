package io.sharekeep.enclave;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What the core needs to know of its host.
 *
 * @param stateDirectory holds the database; one appliance at a time
 * @param core the token with kek, identity, attest and log
 * @param fallback a second token with a kek of its own, which opens while the core token is lost
 * @param signingThreads each has secret memory of its own
 * @param sessionLimit how long a session may live at most, ≤ 5 minutes
 */
public record EnclaveConfiguration(
    Path stateDirectory,
    TokenPlace core,
    Optional<TokenPlace> fallback,
    SecretMemory secretMemory,
    int signingThreads,
    Duration sessionLimit) {
  /** What secret memory is good enough. */
  public enum SecretMemory {
    REQUIRE_MEMFD_SECRET,
    ALLOW_MLOCK
  }
}
