package io.sharekeep.enclave;

import java.util.Set;

/** Who a TLS client is in the policy's words. It authenticates a connection, never an initiator. */
public record CallerIdentity(String name, Set<Role> roles) {
  public CallerIdentity {
    roles = Set.copyOf(roles);
  }

  /** What a caller may use the interface for (system design, section 9). */
  public enum Role {
    ADMINISTRATOR,
    OPERATOR,
    INITIATOR,
    APPROVER,
    AUDITOR,
    METRICS,
    BACKUP
  }
}
