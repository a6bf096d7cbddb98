package io.sharekeep.enclave.policy;

import io.sharekeep.enclave.audit.DecisionId;
import java.time.Instant;
import java.util.Arrays;

/** Proof that policy said yes. Only this package can make one, and a session needs one to open. */
public final class Approval {
  private final DecisionId decision;
  private final byte[] request;
  private final String initiator;
  private final String rule;
  private final Instant expiry;

  Approval(DecisionId decision, byte[] request, String initiator, String rule, Instant expiry) {
    this.decision = decision;
    this.request = request.clone();
    this.initiator = initiator;
    this.rule = rule;
    this.expiry = expiry;
  }

  public DecisionId decision() {
    return decision;
  }

  /** Whether it was this request, by its digest, that was approved. */
  public boolean covers(byte[] requestDigest) {
    return Arrays.equals(request, requestDigest);
  }

  public String initiator() {
    return initiator;
  }

  /** The rule that allowed it. */
  public String rule() {
    return rule;
  }

  /** From then on it opens nothing. */
  public Instant expiry() {
    return expiry;
  }
}
