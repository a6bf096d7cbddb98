package io.sharekeep.attestation.appraise;

import io.sharekeep.attestation.eat.ClockState;
import io.sharekeep.attestation.eat.DebugStatus;
import io.sharekeep.attestation.eat.Health;
import io.sharekeep.attestation.policy.TrustClaim;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The process and the host under it. */
final class RuntimeChecks {
  private RuntimeChecks() {}

  static List<Finding> debug(Case c) {
    var debug = c.claims().unit().debug();
    return List.of(
        c.policy().runtime().debug().contains(debug) && debug != DebugStatus.ENABLED
            ? Finding.pass("run.debug", debug.json())
            : Finding.against(
                "run.debug",
                TrustClaim.CONFIGURATION,
                96,
                debug.json(),
                "debugging disabled since boot",
                "start the appliance by its own launcher; see run.health for the cause"));
  }

  static List<Finding> health(Case c) {
    var health = c.claims().health();
    var findings = new ArrayList<Finding>();
    var ids = health.stream().map(Health::id).collect(Collectors.toSet());
    for (var id : Health.RUNTIME) {
      if (!ids.contains(id)) {
        findings.add(
            Finding.warn(
                "run.health",
                TrustClaim.CONFIGURATION,
                36,
                "nothing said of " + id,
                "every fact about the process",
                "ask the maker"));
      }
    }
    for (var item : health) {
      var found = item.id() + ": " + item.detail();
      switch (item.status()) {
        case OK -> {}
        case DEGRADED ->
            findings.add(
                Finding.warn(
                    "run.health",
                    TrustClaim.CONFIGURATION,
                    36,
                    found,
                    "healthy",
                    "see the operator's guide"));
        case FAIL ->
            findings.add(
                Finding.against(
                    "run.health",
                    item.id().startsWith("runtime.")
                        ? TrustClaim.RUNTIME_OPAQUE
                        : TrustClaim.CONFIGURATION,
                    96,
                    found,
                    "as it must be",
                    "stop the appliance; start it by its own launcher"));
      }
    }
    return findings.isEmpty()
        ? List.of(
            Finding.pass(
                "run.health", TrustClaim.CONFIGURATION, 2, health.size() + " checks healthy"))
        : findings;
  }

  static List<Finding> state(Case c) {
    var state = c.claims().state();
    var rule = c.policy().runtime();
    var findings = new ArrayList<Finding>();
    if (!rule.memory().contains(state.memory())) {
      findings.add(
          bad(
              "secrets in " + state.memory().label(),
              "one of " + rule.memory(),
              "change the host"));
    }
    if (!rule.unlock().contains(state.unlock())) {
      findings.add(
          bad(state.unlock().label() + " start", "one of " + rule.unlock(), "unlock by people"));
    }
    if (!List.of("operational", "frozen").contains(state.state())) {
      findings.add(bad("state " + state.state(), "operational or frozen", "see the status"));
    }
    return findings.isEmpty()
        ? List.of(
            Finding.pass(
                "run.state",
                state.state() + ", " + state.memory().label() + ", " + state.unlock().label()))
        : findings;
  }

  private static Finding bad(String found, String expected, String remedy) {
    return Finding.against("run.state", TrustClaim.CONFIGURATION, 96, found, expected, remedy);
  }

  static List<Finding> tee(Case c) {
    var memory = c.claims().state().memory().label();
    return List.of(
        Finding.warn(
            "run.tee",
            TrustClaim.RUNTIME_OPAQUE,
            32,
            "no trusted execution environment; secrets in " + memory,
            "one",
            "accept runtime-opaque by name, and see who is root"));
  }

  static List<Finding> verity(Case c) {
    return List.of(
        Finding.warn(
            "fs.verity",
            TrustClaim.FILE_SYSTEM,
            0,
            "nothing said" + c.claims().tpm().map(_ -> " in a register").orElse(""),
            "a dm-verity root in a register",
            "boot an image whose files the kernel verifies"));
  }

  static List<Finding> clock(Case c) {
    var clock = c.claims().clock();
    var rule = c.policy().clock();
    var found =
        clock.source().label()
            + (clock.synced() ? "" : ", not synced")
            + ", "
            + clock.offsetMillis()
            + " ms off";
    if (!rule.sources().contains(clock.source())
        || !clock.synced()
        || Math.abs(clock.offsetMillis()) > rule.maxOffsetMillis()) {
      return List.of(
          Finding.warn(
              "clock.source",
              TrustClaim.SOURCED_DATA,
              33,
              found,
              rule.sources() + ", synced, at most " + rule.maxOffsetMillis() + " ms off",
              "set up the host's time service"));
    }
    return List.of(
        clock.source() == ClockState.Source.NTS
            ? Finding.pass("clock.source", TrustClaim.SOURCED_DATA, 2, found)
            : Finding.warn(
                "clock.source", TrustClaim.SOURCED_DATA, 32, found, "NTS", "use NTS servers"));
  }
}
