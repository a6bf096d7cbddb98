package io.sharekeep.enclave.audit;

/** Names one decision of the policy: 32 lower-case hex digits. */
public record DecisionId(String hex) {
  public DecisionId {
    if (!hex.matches("[0-9a-f]{32}")) {
      throw new IllegalArgumentException("a decision id is 32 lower-case hex digits");
    }
  }
}
