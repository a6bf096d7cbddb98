package io.sharekeep.appliance;

import io.sharekeep.enclave.EnclaveConfiguration.Presignatures;
import io.sharekeep.enclave.TokenPlace;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;

/**
 * All that an appliance is told. It names files that hold secrets, never a secret.
 *
 * @param stateDirectory belongs to this appliance alone
 * @param certificate PEM of the TLS certificate over the edge token's {@code tls} key
 * @param requireMemfdSecret refuse to start where secret memory would be merely locked
 * @param signingThreads each has secret memory of its own
 * @param presignatures of which ECDSA keys some are kept
 * @param adminSocket Unix socket for commands on this host
 * @param logLevel {@code error}, {@code warn}, {@code info} or {@code debug}
 */
public record ApplianceConfiguration(
    Path stateDirectory,
    Hsm hsm,
    Listeners listeners,
    Path certificate,
    boolean requireMemfdSecret,
    int signingThreads,
    Presignatures presignatures,
    Path adminSocket,
    Limits limits,
    String logLevel) {

  /**
   * Where the keys are.
   *
   * @param core the token that only the enclave opens
   * @param edge the token with the TLS key
   * @param fallback opens what core has sealed while core is lost
   */
  public record Hsm(TokenPlace core, TokenPlace edge, Optional<TokenPlace> fallback) {}

  /** Port 0 takes a free one. */
  public record Listeners(
      InetSocketAddress peer, InetSocketAddress client, InetSocketAddress health) {}

  /**
   * @param bodyBytes longest request body on the TLS listeners
   * @param concurrentRequests at once, per TLS listener
   */
  public record Limits(int bodyBytes, int concurrentRequests) {
    public static final Limits DEFAULT = new Limits(1024 * 1024, 256);
  }

  /** Four for a session each in the four rounds that overlap on a busy committee. */
  public static final int DEFAULT_SIGNING_THREADS = 4;
}
