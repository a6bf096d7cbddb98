package io.sharekeep.enclave.policy;

import io.sharekeep.enclave.EnclaveConfiguration.Presignatures;
import io.sharekeep.enclave.PresignRequest;

/**
 * Whether this party makes presignatures of a key: its own operator has said of which, and nobody
 * else's word counts. What is approved can never yield a signature by itself.
 */
public record Presigning(Presignatures kept) {
  private static final String RULE = "presignatures-kept";

  public Judgement judge(PresignRequest request) {
    return Judgement.unrecorded(
        kept.keys().contains(request.keyId())
            ? new Decision.Approved(
                new Approval(
                    Judge.decision(request),
                    request.digest(),
                    "party " + request.coordinator(),
                    RULE,
                    request.notAfter()))
            : new Decision.Denied(Judge.DEFAULT_DENY));
  }
}
