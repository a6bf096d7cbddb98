package io.sharekeep.attestation.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sharekeep.attestation.appraise.Finding;
import io.sharekeep.attestation.appraise.Verdict;
import io.sharekeep.attestation.evidence.Octets;
import io.sharekeep.attestation.json.Json;
import io.sharekeep.attestation.json.Named;
import io.sharekeep.attestation.policy.PolicyFile;
import io.sharekeep.attestation.policy.TrustClaim;
import io.sharekeep.cbor.Cbor;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** A verdict for people, and for scripts. */
record VerdictText(PolicyFile policy, Verdict verdict, boolean explain) {
  String table() {
    var text = new StringBuilder();
    verdict
        .claims()
        .ifPresent(claims ->
            line(
                text,
                "unit "
                    + claims.unit().ueid().abbreviated()
                    + "  "
                    + claims.unit().softwareName()
                    + " "
                    + claims.unit().softwareVersion()
                    + "  report "
                    + claims.seq()
                    + ", issued "
                    + claims.freshness().issuedAt()));
    line(
        text,
        "policy "
            + policy.policy().id()
            + ", signed by key "
            + Octets.sha256(policy.signer().value()));
    verdict.findings().forEach(finding -> append(text, finding));
    verdict
        .claims()
        .ifPresent(claims -> line(text, "  limits  " + String.join(" ", claims.limits())));
    line(text, "  vector  " + vector());
    line(
        text,
        "VERDICT "
            + verdict.exit().name()
            + "  "
            + printable(verdict.reason())
            + "  exit "
            + verdict.exit().code());
    return text.toString();
  }

  private void append(StringBuilder text, Finding finding) {
    line(
        text,
        "  %-4s %-16s %s"
            .formatted(finding.outcome(), finding.check(), printable(finding.found())));
    boolean troubled = finding.outcome() != Finding.Outcome.PASS;
    if (troubled || explain) {
      if (!finding.expected().isEmpty()) {
        line(text, "       expected: " + printable(finding.expected()));
      }
      if (!finding.remedy().isEmpty()) {
        line(text, "       remedy: " + printable(finding.remedy()));
      }
    }
    if (explain) {
      finding
          .claim()
          .ifPresent(
              claim -> line(text, "       speaks to " + claim.label() + ": " + finding.value()));
    }
  }

  private String vector() {
    return Arrays.stream(TrustClaim.values())
        .map(claim -> claim.label() + " " + verdict.vector().value(claim))
        .collect(Collectors.joining("  "));
  }

  /** A report's words cannot move the cursor or make a line of their own. */
  private static String printable(String text) {
    return text.chars()
        .mapToObj(c -> c < 0x20 || (c >= 0x7f && c < 0xa0) ? "?" : String.valueOf((char) c))
        .collect(Collectors.joining());
  }

  private static void line(StringBuilder text, String line) {
    text.append(line).append('\n');
  }

  String json() {
    var item =
        Named.map(m ->
            m.put("exit", verdict.exit().code())
                .put("verdict", verdict.exit().name().toLowerCase(Locale.ROOT))
                .put("reason", printable(verdict.reason()))
                .put("policy", policy.policy().id())
                .put("policy_signer", Octets.sha256(policy.signer().value()).toString())
                .put("unit", verdict.claims(), c -> text(c.unit().ueid().toString()))
                .put("seq", verdict.claims(), c -> Cbor.uint(c.seq()))
                .put("limits", verdict.claims(), c -> Named.list(c.limits(), VerdictText::text))
                .put(
                    "vector",
                    Named.map(v -> {
                      for (var claim : TrustClaim.values()) {
                        v.put(claim.label(), verdict.vector().value(claim));
                      }
                    }))
                .put("checks", verdict.findings(), VerdictText::check));
    return new String(Json.write(item), UTF_8) + "\n";
  }

  private static Cbor check(Finding finding) {
    return Named.map(m ->
        m.put("id", finding.check())
            .put("outcome", finding.outcome().name())
            .put("exit", finding.exit().code())
            .put("found", printable(finding.found()))
            .put("expected", printable(finding.expected()))
            .put("remedy", finding.remedy()));
  }

  private static Cbor text(String text) {
    return Cbor.text(printable(text));
  }
}
