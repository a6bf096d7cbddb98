package io.sharekeep.attestation.appraise;

import java.util.List;

/** All checks, in the order in which they are shown. */
final class Checks {
  private Checks() {}

  static List<Check> all() {
    return List.of(
        Check.of("sig.attest", ReportChecks::signature),
        Check.of("fresh.nonce", ReportChecks::nonce),
        Check.of("fresh.time", ReportChecks::time),
        Check.of("identity.ueid", ReportChecks::ueid),
        Check.of("identity.tls", ReportChecks::tls),
        Check.of("chain.seq", LogChecks::sequence),
        Check.of("log.checkpoint", LogChecks::checkpoint),
        Check.of("log.grown", LogChecks::grown),
        Check.of("log.witnesses", LogChecks::witnesses),
        Check.of("hsm.evidence", HsmChecks::evidence),
        Check.of("hsm.serial", HsmChecks::serial),
        Check.of("hsm.fips", HsmChecks::fips),
        Check.of("hsm.keys", HsmChecks::keys),
        Check.of("hsm.possession", HsmChecks::possession),
        Check.of("hsm.opens", HsmChecks::opens),
        Check.of("hsm.kek", HsmChecks::kek),
        Check.of("tpm.quote", TpmChecks::quote),
        Check.of("tpm.key", TpmChecks::key),
        Check.of("tpm.kind", TpmChecks::kind),
        Check.of("tpm.pcrs", TpmChecks::pcrs),
        Check.of("tpm.eventlog", TpmChecks::eventLog),
        Check.of("tpm.ima", TpmChecks::ima),
        Check.of("tpm.counter", TpmChecks::counters),
        Check.of("sw.closure", SoftwareChecks::closure),
        Check.of("sw.version", SoftwareChecks::version),
        Check.of("sw.selftests", SoftwareChecks::selfTests),
        Check.of("run.debug", RuntimeChecks::debug),
        Check.of("run.health", RuntimeChecks::health),
        Check.of("run.state", RuntimeChecks::state),
        Check.of("run.tee", RuntimeChecks::tee),
        Check.of("fs.verity", RuntimeChecks::verity),
        Check.of("clock.source", RuntimeChecks::clock),
        Check.of("policy.signing", PolicyChecks::signing),
        Check.of("shares.held", PolicyChecks::shares),
        Check.of("shares.epochs", PolicyChecks::epochs),
        Check.of("limits.complete", LimitChecks::complete),
        Check.of("limits.refused", LimitChecks::refused),
        Check.of("pq.sidecar", ReportChecks::sidecar),
        Check.of("jwt.link", ReportChecks::jwt));
  }
}
