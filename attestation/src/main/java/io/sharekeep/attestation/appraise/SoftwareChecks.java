package io.sharekeep.attestation.appraise;

import io.sharekeep.attestation.eat.Measurement;
import io.sharekeep.attestation.eat.Software;
import io.sharekeep.attestation.policy.ReleaseList;
import io.sharekeep.attestation.policy.TrustClaim;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;

/** That what runs is a release that somebody else built too. */
final class SoftwareChecks {
  private static final String DELETED = " (deleted)";

  private SoftwareChecks() {}

  static List<Finding> closure(Case c) {
    var software = c.claims().software();
    var findings = new ArrayList<Finding>();
    for (var measurement : software.measurements()) {
      if (measurement.name().endsWith(DELETED)) {
        findings.add(
            against(measurement.name() + " runs from a file that is gone", "files that are there"));
      }
    }
    var names = new HashSet<String>();
    for (var measurement : software.measurements()) {
      if (!names.add(measurement.name())) {
        findings.add(against(measurement.name() + " is measured twice", "each thing once"));
      }
    }
    if (!Measurement.closure(software.measurements()).equals(software.closure())) {
      findings.add(against("a closure that is not of the measurements", "their sum"));
    }
    findings.addAll(released(c, software));
    return findings;
  }

  private static List<Finding> released(Case c, Software software) {
    if (c.policy().software().releases().isEmpty()) {
      return List.of(
          Finding.warn(
              "sw.closure",
              TrustClaim.EXECUTABLES,
              33,
              "closure " + software.closure().abbreviated() + ", held against nothing",
              "a list of releases",
              "name one under software.releases"));
    }
    var list = c.question().releases();
    if (list.isEmpty()) {
      return List.of(
          Finding.missing(
              "sw.closure",
              "no list of releases",
              "the file that software.releases names",
              "put the signed list beside the policy"));
    }
    long seen = c.question().memory().map(Memory::releases).orElse(0L);
    if (list.get().version() < seen) {
      return List.of(
          Finding.fail(
              "sw.closure",
              Exit.ROLLBACK,
              "a list of releases of version " + list.get().version(),
              "version " + seen + ", which was seen before",
              "get the current list"));
    }
    var entry = list.get().find(software.closure());
    if (entry.isEmpty()) {
      return List.of(unknown(c, software, list.get()));
    }
    return List.of(
        entry.get().revoked()
            ? against("release " + entry.get().release() + ", which is revoked", "another release")
            : Finding.pass(
                "sw.closure",
                TrustClaim.EXECUTABLES,
                3,
                "matches release " + entry.get().release()));
  }

  /** Names the files that differ, where the list says what its release ships. */
  private static Finding unknown(Case c, Software software, ReleaseList list) {
    var version = c.claims().unit().softwareVersion();
    var components = list.find(version).map(ReleaseList.Entry::components);
    var different =
        components.filter(known -> !known.isEmpty()).stream()
            .flatMap(known ->
                software.measurements().stream()
                    .filter(Measurement::isReleased)
                    .filter(m -> !m.sha384().equals(known.get(m.name())))
                    .map(Measurement::name))
            .toList();
    return Finding.warn(
        "sw.closure",
        TrustClaim.EXECUTABLES,
        33,
        different.isEmpty()
            ? "closure " + software.closure().abbreviated() + " of no known release"
            : "not as release " + version + " ships: " + String.join(", ", different),
        "a release of the list",
        "find out who changed it; reinstall the release");
  }

  private static Finding against(String found, String expected) {
    return Finding.against(
        "sw.closure",
        TrustClaim.EXECUTABLES,
        96,
        found,
        expected,
        "stop the appliance; reinstall the release");
  }

  static List<Finding> version(Case c) {
    var rule = c.policy().software();
    var version = c.claims().unit().softwareVersion();
    if (rule.vulnerable().contains(version)) {
      return List.of(old(version + ", which is vulnerable", "another release"));
    }
    return rule.minVersion().filter(minimum -> compare(version, minimum) < 0).isPresent()
        ? List.of(old(version, "at least " + rule.minVersion().get()))
        : List.of(Finding.pass("sw.version", version));
  }

  private static Finding old(String found, String expected) {
    return Finding.warn(
        "sw.version", TrustClaim.EXECUTABLES, 32, found, expected, "upgrade the appliance");
  }

  /** By the numbers between the dots; what is none counts as lowest. */
  static int compare(String a, String b) {
    return Arrays.compare(numbers(a), numbers(b));
  }

  private static int[] numbers(String version) {
    return Arrays.stream(version.split("[-+]", 2)[0].split("\\."))
        .mapToInt(part -> part.matches("[0-9]{1,9}") ? Integer.parseInt(part) : -1)
        .toArray();
  }

  static List<Finding> selfTests(Case c) {
    var tests = c.claims().software().selfTests();
    var failed =
        tests.stream()
            .filter(test -> test.result() != Software.SelfTest.SUCCESS)
            .map(test -> test.system() + "/" + test.id())
            .toList();
    if (tests.isEmpty()) {
      return List.of(
          Finding.warn(
              "sw.selftests", TrustClaim.CONFIGURATION, 36, "none", "self-tests", "ask the maker"));
    }
    return List.of(
        failed.isEmpty()
            ? Finding.pass("sw.selftests", tests.size() + " passed")
            : Finding.against(
                "sw.selftests",
                TrustClaim.EXECUTABLES,
                96,
                "not passed: " + String.join(", ", failed),
                "every self-test",
                "stop the appliance"));
  }
}
