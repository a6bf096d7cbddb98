package io.sharekeep.pkcs11.terms;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a token says of one key: each attribute that was asked for, and what came of trying what
 * must be refused. The library's word, for reports; hardware claims come from attestation only.
 *
 * @param exemptions what the token's profile accepts in place of what is demanded; a report names
 *     those that were needed, see {@link #exempted}
 */
public record KeyEvidence(KeyRef key, List<Finding> findings, List<Exemption> exemptions) {
  /** An attribute that was not there, or that the token keeps to itself. */
  public static final String ABSENT = "absent";

  /** The finding that says how a sealing key is used, by the profile in force: a suite's name. */
  public static final String SEALING = "sealing";

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

  /**
   * One finding that a profile accepts although it is not what is demanded.
   *
   * @param found exactly this and nothing else
   * @param profile which one says so
   */
  public record Exemption(String attribute, String found, String profile) {}

  public KeyEvidence {
    findings = List.copyOf(findings);
    exemptions = List.copyOf(exemptions);
  }

  /** Everything in which this key falls short of {@code spec}; empty if it is as it must be. */
  public List<Violation> violations(KeySpec spec) {
    return shortfalls(spec).filter(shortfall -> exemption(shortfall).isEmpty()).toList();
  }

  /** The exemptions without which this key would fall short of {@code spec}. */
  public List<Exemption> exempted(KeySpec spec) {
    return shortfalls(spec).flatMap(shortfall -> exemption(shortfall).stream()).toList();
  }

  private Stream<Violation> shortfalls(KeySpec spec) {
    return KeyRequirements.of(spec, found(SEALING)).stream()
        .filter(demand -> !demand.found().equals(found(demand.attribute())))
        .map(
            demand -> new Violation(demand.attribute(), demand.found(), found(demand.attribute())));
  }

  private Optional<Exemption> exemption(Violation shortfall) {
    // A second key of the same purpose is held to the same demands.
    var attribute = shortfall.attribute().substring(shortfall.attribute().indexOf('.') + 1);
    return exemptions.stream()
        .filter(exemption -> exemption.attribute().equals(attribute))
        .filter(exemption -> exemption.found().equals(shortfall.found()))
        .findFirst();
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
