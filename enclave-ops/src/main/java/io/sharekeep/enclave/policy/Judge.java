package io.sharekeep.enclave.policy;

import io.sharekeep.enclave.CallerIdentity.Role;
import io.sharekeep.enclave.KeyId;
import io.sharekeep.enclave.KeyRequest;
import io.sharekeep.enclave.RequestBody;
import io.sharekeep.enclave.SignRequest;
import io.sharekeep.enclave.SignedRequest;
import io.sharekeep.enclave.audit.DecisionId;
import java.util.HexFormat;
import java.util.Optional;

/** Holds requests against one policy. It trusts nothing but that policy. */
public final class Judge {
  /** The rule that is named when none speaks. */
  public static final String DEFAULT_DENY = "default-deny";

  private static final String CEREMONY = "role-administrator";

  private final PolicyDocument policy;
  private final HeldSignatures signatures = new HeldSignatures();

  public Judge(PolicyDocument policy) {
    this.policy = policy;
  }

  /**
   * Who signed that request; empty if the signature does not hold or the policy knows no such key.
   */
  public Optional<String> initiator(SignedRequest<?> request) {
    // A stranger's signature is not worth its verification.
    return policy
        .ownerOf(request.algorithm(), request.key())
        .filter(_ -> signatures.holds(request));
  }

  /** A signature is wanted by a known initiator. First match allows, no match denies. */
  public Decision judge(SignRequest request, String initiator) {
    if (!policy.holders(Role.INITIATOR).contains(initiator)
        || !policy.committees().contains(request.committee())) {
      return new Decision.Denied(DEFAULT_DENY);
    }
    for (var rule : policy.allow()) {
      if (rule.initiators().contains(initiator)
          && names(rule, request.keyId())
          && rule.purposes().contains(request.purpose())) {
        return new Decision.Approved(
            new Approval(
                decision(request), request.digest(), initiator, rule.id(), request.notAfter()));
      }
    }
    return new Decision.Denied(DEFAULT_DENY);
  }

  /** A key is wanted: administrators of an accepted committee may have one. */
  public Decision judge(KeyRequest request, String initiator) {
    if (!policy.holders(Role.ADMINISTRATOR).contains(initiator)
        || !policy.committees().contains(request.committee())) {
      return new Decision.Denied(DEFAULT_DENY);
    }
    return new Decision.Approved(
        new Approval(decision(request), request.digest(), initiator, CEREMONY, request.notAfter()));
  }

  /** One request has one decision: it is named by what the initiator signed. */
  public static DecisionId decision(RequestBody request) {
    return new DecisionId(HexFormat.of().formatHex(request.digest(), 0, 16));
  }

  private static boolean names(PolicyDocument.Allow rule, KeyId key) {
    return rule.keys().contains(PolicyDocument.ANY_KEY) || rule.keys().contains(key.hex());
  }
}
