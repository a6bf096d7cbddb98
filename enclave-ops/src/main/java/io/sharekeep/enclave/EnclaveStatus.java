package io.sharekeep.enclave;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * @param reason why the state is what it is, where that is not obvious
 * @param secretMemory {@code memfd_secret} or {@code mlock}
 * @param tokenBackend {@code native} or {@code sunpkcs11}
 * @param groups which code does the curve work, one line each
 * @param hsmLost why the core token is not fit for work now; empty if it is
 * @param logSize entries of the audit log that verify; 0 where it does not
 * @param limits the trust that remains, as stable names ({@code host-root-trusted}, …)
 */
public record EnclaveStatus(
    State state,
    Instant since,
    Optional<String> reason,
    int party,
    String secretMemory,
    String tokenBackend,
    List<String> groups,
    List<String> limits,
    String identityPin,
    Optional<String> hsmLost,
    long logSize) {
  public EnclaveStatus {
    groups = List.copyOf(groups);
    limits = List.copyOf(limits);
  }
}
