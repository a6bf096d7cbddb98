package io.sharekeep.pkcs11.terms;

import java.util.List;

/**
 * What a token says of one key: each attribute that was asked for, and what came of trying what
 * must be refused. The library's word, for reports; hardware claims come from attestation only.
 */
public record KeyEvidence(KeyRef key, List<Finding> findings) {
  /** An attribute that was not there, or that the token keeps to itself. */
  public static final String ABSENT = "absent";

  /**
   * One thing that was looked at.
   *
   * @param attribute a PKCS#11 name without its prefix, such as {@code EXTRACTABLE}, or the name of
   *     something tried, such as {@code set EXTRACTABLE=1}
   * @param found 0, 1, a number or hex; {@link #ABSENT}; or what came of the trial
   */
  public record Finding(String attribute, String found) {}

  /** Where a key is not what its specification demands. */
  public record Violation(String attribute, String expected, String found) {
    @Override
    public String toString() {
      return attribute + " is " + found + ", must be " + expected;
    }
  }

  public KeyEvidence {
    findings = List.copyOf(findings);
  }

  /** Everything in which this key falls short of {@code spec}; empty if it is as it must be. */
  public List<Violation> violations(KeySpec spec) {
    return KeyRequirements.of(spec).stream()
        .filter(demand -> !demand.found().equals(found(demand.attribute())))
        .map(demand -> new Violation(demand.attribute(), demand.found(), found(demand.attribute())))
        .toList();
  }

  /** What was found for an attribute, {@link #ABSENT} if it was not looked at. */
  public String found(String attribute) {
    return findings.stream()
        .filter(finding -> finding.attribute().equals(attribute))
        .map(Finding::found)
        .findFirst()
        .orElse(ABSENT);
  }
}
