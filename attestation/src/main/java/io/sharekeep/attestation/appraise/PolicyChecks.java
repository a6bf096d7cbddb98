package io.sharekeep.attestation.appraise;

import io.sharekeep.attestation.eat.ShareClaim;
import io.sharekeep.attestation.policy.TrustClaim;
import java.util.ArrayList;
import java.util.List;

/** What the appliance may sign with, and under which rules. */
final class PolicyChecks {
  private PolicyChecks() {}

  static List<Finding> signing(Case c) {
    if (c.policy().signing().isEmpty()) {
      return List.of();
    }
    var rule = c.policy().signing().get();
    var policies = c.claims().policies().policies();
    var findings = new ArrayList<Finding>();
    if (policies.isEmpty()) {
      findings.add(
          Finding.missing("policy.signing", "no policy in force", "one", "activate a policy"));
    }
    for (var policy : policies) {
      var name = policy.tenant() + "/" + policy.id() + " version " + policy.version();
      if (!rule.sha384().contains(policy.sha384())) {
        findings.add(
            against(name + " is " + policy.sha384().abbreviated(), "a policy that is known"));
      }
      long approvals =
          policy.signers().stream().distinct().filter(rule.approvers()::contains).count();
      if (approvals < rule.minApprovals()) {
        findings.add(against(name + " has " + approvals + " approvals", "" + rule.minApprovals()));
      }
    }
    return findings.isEmpty()
        ? List.of(
            Finding.pass("policy.signing", TrustClaim.CONFIGURATION, 2, policies.size() + " known"))
        : findings;
  }

  private static Finding against(String found, String expected) {
    return Finding.against(
        "policy.signing",
        TrustClaim.CONFIGURATION,
        96,
        found,
        expected,
        "freeze; ask who changed the policy");
  }

  static List<Finding> shares(Case c) {
    if (c.policy().shares().isEmpty()) {
      return List.of();
    }
    var rule = c.policy().shares().get();
    var held = c.claims().shares();
    var findings = new ArrayList<Finding>();
    for (var expected : rule.expected()) {
      boolean found =
          held.stream()
              .filter(share -> share.keyId().equals(expected.keyId()))
              .anyMatch(share ->
                  share.groupKey().equals(expected.groupKey())
                      && expected
                          .verificationShare()
                          .filter(v -> !v.equals(share.verificationShare()))
                          .isEmpty());
      if (!found) {
        findings.add(bad("no share of " + expected.keyId() + " as expected", "that share"));
      }
    }
    if (rule.forbidsUnlisted()) {
      for (ShareClaim share : held) {
        if (rule.expected().stream().noneMatch(e -> e.keyId().equals(share.keyId()))) {
          findings.add(bad("a share of " + share.keyId(), "no share that is not listed"));
        }
      }
    }
    return findings.isEmpty()
        ? List.of(
            Finding.pass(
                "shares.held", held.size() + " of " + rule.expected().size() + ", as listed"))
        : findings;
  }

  private static Finding bad(String found, String expected) {
    return Finding.against(
        "shares.held",
        TrustClaim.CONFIGURATION,
        96,
        found,
        expected,
        "ask who made or removed the key; then list it under shares.expected");
  }

  static List<Finding> epochs(Case c) {
    for (var share : c.claims().shares()) {
      long least =
          Math.max(
              c.question().memory().map(m -> m.epochs().getOrDefault(share.name(), 0L)).orElse(0L),
              c.policy().shares().stream()
                  .flatMap(rule -> rule.expected().stream())
                  .filter(expected -> expected.keyId().equals(share.keyId()))
                  .mapToLong(expected -> expected.minEpoch())
                  .max()
                  .orElse(0));
      if (share.epoch() < least) {
        return List.of(
            Finding.fail(
                "shares.epochs",
                Exit.ROLLBACK,
                share.keyId() + " at epoch " + share.epoch(),
                "at least " + least,
                "stop signing with this party; an older share was put back"));
      }
    }
    return List.of(Finding.pass("shares.epochs", "none went back"));
  }
}
