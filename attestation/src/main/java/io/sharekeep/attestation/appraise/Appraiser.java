package io.sharekeep.attestation.appraise;

import io.sharekeep.attestation.eat.ShareClaim;
import io.sharekeep.attestation.note.Checkpoint;
import io.sharekeep.attestation.note.SignedNote;
import io.sharekeep.attestation.policy.ReleaseList;
import io.sharekeep.attestation.policy.TrustClaim;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Appraises reports. It has no state, and fails closed: an exception anywhere is {@link Exit#ERROR}
 * and never a verdict.
 */
public final class Appraiser {
  private static final List<Exit> PRECEDENCE =
      List.of(
          Exit.ERROR,
          Exit.MALFORMED,
          Exit.INVALID,
          Exit.STALE,
          Exit.ROLLBACK,
          Exit.CONTRAINDICATED,
          Exit.INSUFFICIENT);

  private final List<Check> checks;

  public Appraiser() {
    this(Checks.all());
  }

  Appraiser(List<Check> checks) {
    this.checks = List.copyOf(checks);
  }

  /** Appraises one bundle. */
  public Verdict appraise(byte[] bundle, Question question) {
    try {
      var validity = validity(question);
      if (validity.isPresent()) {
        return ended(validity.get());
      }
      return switch (Envelope.open(bundle, question)) {
        case Envelope.Opened.Ended(var why) -> ended(why);
        case Envelope.Opened.Whole(var report) -> judge(report);
      };
    } catch (RuntimeException | StackOverflowError e) {
      return ended(error("envelope", e));
    }
  }

  private static Optional<Finding> validity(Question question) {
    var policy = question.policy().policy();
    return question.at().isBefore(policy.from()) || question.at().isAfter(policy.until())
        ? Optional.of(
            Finding.fail(
                "policy",
                Exit.ERROR,
                "a policy that is valid from " + policy.from() + " until " + policy.until(),
                "one that is valid at " + question.at(),
                "get the auditor's current policy"))
        : Optional.empty();
  }

  private Verdict judge(Case report) {
    var findings = new ArrayList<Finding>();
    for (var check : checks) {
      try {
        findings.addAll(check.body().apply(report));
      } catch (RuntimeException | StackOverflowError e) {
        return ended(error(check.id(), e));
      }
    }
    var vector = TrustVector.of(findings);
    var exit = exit(findings, vector, report.policy().acceptedWarnings());
    return new Verdict(
        exit,
        reason(exit, findings, vector, report.policy().acceptedWarnings()),
        findings,
        vector,
        Optional.of(report.claims()),
        remembers(exit) ? Optional.of(memory(report)) : Optional.empty());
  }

  /** Only a verdict that believes the report may move the memory. */
  private static boolean remembers(Exit exit) {
    return switch (exit) {
      case AFFIRMING, WARNING, INSUFFICIENT -> true;
      case ERROR, MALFORMED, INVALID, STALE, ROLLBACK, CONTRAINDICATED -> false;
    };
  }

  private static Exit exit(List<Finding> findings, TrustVector vector, Set<TrustClaim> accepted) {
    var found = findings.stream().map(Finding::exit).collect(Collectors.toSet());
    if (vector.tier() == Tier.CONTRAINDICATED) {
      found.add(Exit.CONTRAINDICATED);
    }
    for (var exit : PRECEDENCE) {
      if (found.contains(exit)) {
        return exit;
      }
    }
    return vector.warnings(accepted).isEmpty() ? Exit.AFFIRMING : Exit.WARNING;
  }

  private static String reason(
      Exit exit, List<Finding> findings, TrustVector vector, Set<TrustClaim> accepted) {
    return switch (exit) {
      case AFFIRMING -> "as the policy expects";
      case WARNING ->
          vector.warnings(accepted).stream()
              .map(claim -> claim.label() + " " + vector.value(claim))
              .collect(Collectors.joining(", "));
      case ERROR, MALFORMED, INVALID, STALE, ROLLBACK, CONTRAINDICATED, INSUFFICIENT ->
          findings.stream()
              .filter(finding -> finding.exit() == exit)
              .findFirst()
              .map(finding -> finding.check() + ": " + finding.found())
              .orElse("no evidence of " + troubled(vector));
    };
  }

  private static String troubled(TrustVector vector) {
    return vector.values().entrySet().stream()
        .filter(entry -> Tier.of(entry.getValue()) == Tier.CONTRAINDICATED)
        .map(entry -> entry.getKey().label())
        .sorted()
        .collect(Collectors.joining(", "));
  }

  private static Finding error(String check, Throwable e) {
    return Finding.fail(
        check,
        Exit.ERROR,
        "the check itself broke: " + e.getClass().getSimpleName().toLowerCase(Locale.ROOT),
        "a check that runs",
        "report this as a defect; the report has no verdict");
  }

  private static Verdict ended(Finding finding) {
    return new Verdict(
        finding.exit(),
        finding.check() + ": " + finding.found(),
        List.of(finding),
        TrustVector.of(List.of()),
        Optional.empty(),
        Optional.empty());
  }

  private static Memory memory(Case report) {
    var claims = report.claims();
    var last = report.question().memory();
    Map<String, Long> epochs = new HashMap<>(last.map(Memory::epochs).orElse(Map.of()));
    for (ShareClaim share : claims.shares()) {
      epochs.merge(share.name(), share.epoch(), Math::max);
    }
    var checkpoint =
        SignedNote.read(claims.log().checkpoint().value())
            .flatMap(note -> Checkpoint.read(note.text()))
            .orElseThrow();
    return new Memory(
        claims.seq(),
        report.sha384(),
        TpmChecks.counter(report).or(() -> last.flatMap(Memory::counter)),
        TpmChecks.resetCount(report).or(() -> last.flatMap(Memory::resetCount)),
        checkpoint.size(),
        new io.sharekeep.attestation.evidence.Octets(checkpoint.root()),
        epochs,
        Math.max(
            last.map(Memory::releases).orElse(0L),
            report.question().releases().map(ReleaseList::version).orElse(0L)));
  }
}
