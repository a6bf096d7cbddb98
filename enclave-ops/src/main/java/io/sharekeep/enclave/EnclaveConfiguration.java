package io.sharekeep.enclave;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What the core needs to know of its host.
 *
 * @param stateDirectory holds the database; one appliance at a time
 * @param library the PKCS#11 library
 * @param librarySha256 hex; where given, another library is refused
 * @param coreToken label of the token with kek, identity, attest and log
 * @param corePin a file that holds its PIN and nothing else
 * @param signingThreads each has secret memory of its own
 * @param sessionLimit how long a session may live at most, ≤ 5 minutes
 */
public record EnclaveConfiguration(
    Path stateDirectory,
    Path library,
    Optional<String> librarySha256,
    String coreToken,
    Path corePin,
    SecretMemory secretMemory,
    int signingThreads,
    Duration sessionLimit) {
  /** What secret memory is good enough. */
  public enum SecretMemory {
    REQUIRE_MEMFD_SECRET,
    ALLOW_MLOCK
  }
}
