package io.sharekeep.attestation.appraise;

import io.sharekeep.attestation.eat.Claims;
import io.sharekeep.attestation.policy.TrustClaim;
import java.util.List;
import java.util.Optional;

/**
 * What an appraisal came to.
 *
 * @param reason one line for people
 * @param findings in the order of the checks; one alone where reading ended early
 * @param claims of the report, once its signature held
 * @param memory to keep in place of the last, empty where nothing may be learnt from this report
 */
public record Verdict(
    Exit exit,
    String reason,
    List<Finding> findings,
    TrustVector vector,
    Optional<Claims> claims,
    Optional<Memory> memory) {
  public Verdict {
    findings = List.copyOf(findings);
  }

  /** The worst of the vector, or contraindicated where the report is not to be believed at all. */
  public Tier tier() {
    return switch (exit) {
      case AFFIRMING, WARNING, INSUFFICIENT, CONTRAINDICATED -> vector.tier();
      case ERROR, MALFORMED -> Tier.NONE;
      case INVALID, STALE, ROLLBACK -> Tier.CONTRAINDICATED;
    };
  }

  /** Claims whose value is a warning. */
  public List<TrustClaim> warnings() {
    return vector.warnings(java.util.Set.of());
  }
}
