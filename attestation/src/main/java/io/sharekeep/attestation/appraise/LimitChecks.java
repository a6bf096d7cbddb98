package io.sharekeep.attestation.appraise;

import io.sharekeep.attestation.eat.ClockState;
import io.sharekeep.attestation.eat.KeyClaim;
import io.sharekeep.attestation.eat.TpmClaims;
import io.sharekeep.attestation.evidence.Limit;
import io.sharekeep.attestation.hsm.HsmKind;
import io.sharekeep.attestation.policy.TrustClaim;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The trust that remains: derived here from the other claims, and held against what is admitted.
 */
final class LimitChecks {
  private LimitChecks() {}

  /** Every limit that follows from what the report itself says (attestation, section 4.1). */
  static Set<Limit> derived(Case c) {
    var claims = c.claims();
    var limits = EnumSet.of(Limit.HOST_ROOT_TRUSTED, Limit.SELF_MEASURED, Limit.KEK_SELF_REPORTED);
    var tpm = claims.tpm();
    if (tpm.isEmpty()) {
      limits.add(Limit.NO_TPM);
    }
    if (tpm.flatMap(TpmClaims::eventLog).isEmpty()) {
      limits.add(Limit.NO_BOOT_LOG);
    }
    if (tpm.flatMap(TpmClaims::ima).isEmpty()) {
      limits.add(Limit.NO_IMA);
    }
    if (tpm.filter(
            t ->
                t.endorsementChain().isEmpty() || TpmChecks.kindOf(c, t) == TpmChecks.Kind.EMULATED)
        .isPresent()) {
      limits.add(Limit.VTPM);
    }
    if (HsmChecks.isSoft(claims.hsm())) {
      limits.add(Limit.SOFT_TOKEN);
    }
    if (claims.hsm().kind() == HsmKind.NONE || claims.hsm().kind() == HsmKind.SOFTWARE) {
      limits.add(Limit.KEY_SELF_REPORTED);
    }
    if (claims.state().token().equals("sunpkcs11")) {
      limits.add(Limit.PIN_ON_HEAP);
    }
    if (claims.hsm().key(KeyClaim.Role.PQ).isPresent()) {
      limits.add(Limit.PQ_SOFTWARE_KEY);
    }
    if (claims.channel().receipt().isPresent()) {
      limits.add(Limit.RECEIPT_SOFTWARE_KEY);
    }
    if (claims.clock().source() != ClockState.Source.NTS) {
      limits.add(Limit.CLOCK_UNAUTHENTICATED);
    }
    switch (claims.state().memory()) {
      case MEMFD_SECRET -> {}
      case MLOCK -> limits.add(Limit.MEMORY_MLOCK);
      case HEAP -> limits.add(Limit.MEMORY_HEAP);
    }
    switch (claims.state().unlock()) {
      case ATTENDED -> {}
      case UNATTENDED -> limits.add(Limit.UNATTENDED_UNLOCK);
    }
    if (!LogChecks.isWitnessed(c)) {
      limits.add(Limit.UNWITNESSED);
    }
    if (!claims.state().waivers().isEmpty()) {
      limits.add(Limit.PEER_WAIVER);
    }
    if (claims.state().sharedAdministration()) {
      limits.add(Limit.SHARED_ADMINISTRATION);
    }
    return limits;
  }

  static List<Finding> complete(Case c) {
    var omitted =
        derived(c).stream().map(Limit::label).filter(label -> !c.claims().admits(label)).toList();
    return List.of(
        omitted.isEmpty()
            ? Finding.pass("limits.complete", String.join(" ", c.claims().limits()))
            : Finding.against(
                "limits.complete",
                TrustClaim.CONFIGURATION,
                96,
                "omitted: " + String.join(" ", omitted),
                "every limit that follows from the other claims",
                "do not trust an appliance that hides a limit"));
  }

  static List<Finding> refused(Case c) {
    var refused = c.policy().refusedLimits().stream().filter(c.claims()::admits).toList();
    return List.of(
        refused.isEmpty()
            ? Finding.pass("limits.refused", "none of those that the policy refuses")
            : Finding.against(
                "limits.refused",
                TrustClaim.CONFIGURATION,
                96,
                String.join(" ", refused),
                "none of those that the policy refuses",
                "change the appliance, or the policy"));
  }
}
