package io.sharekeep.attestation.appraise;

import io.sharekeep.attestation.policy.TrustClaim;
import java.util.Optional;

/**
 * The result of one check, for people and for the verdict.
 *
 * @param check id, such as {@code hsm.keys}
 * @param exit what this finding alone would make of the verdict; for a warning, {@link
 *     Exit#WARNING}, which the trustworthiness vector decides on
 * @param claim which claim of the vector it speaks to, if any
 * @param value of that claim, AR4SI
 */
public record Finding(
    String check,
    Outcome outcome,
    Exit exit,
    Optional<TrustClaim> claim,
    int value,
    String found,
    String expected,
    String remedy) {
  /** How a check went; one that was skipped counts as missing evidence and never as passed. */
  public enum Outcome {
    PASS,
    WARN,
    FAIL,
    SKIP
  }

  /** As expected, and nothing for the vector. */
  static Finding pass(String check, String found) {
    return new Finding(check, Outcome.PASS, Exit.AFFIRMING, Optional.empty(), 0, found, "", "");
  }

  /** As expected. */
  static Finding pass(String check, TrustClaim claim, int value, String found) {
    return new Finding(
        check, Outcome.PASS, Exit.AFFIRMING, Optional.of(claim), value, found, "", "");
  }

  /** Not as it should be, and for the auditor to weigh: the claim's value says how much. */
  static Finding warn(
      String check, TrustClaim claim, int value, String found, String expected, String remedy) {
    return new Finding(
        check, Outcome.WARN, Exit.WARNING, Optional.of(claim), value, found, expected, remedy);
  }

  /** Shows that the report is not to be believed, or not new. */
  static Finding fail(String check, Exit exit, String found, String expected, String remedy) {
    return new Finding(check, Outcome.FAIL, exit, Optional.empty(), 0, found, expected, remedy);
  }

  /** Contraindicated. */
  static Finding against(
      String check, TrustClaim claim, int value, String found, String expected, String remedy) {
    return new Finding(
        check,
        Outcome.FAIL,
        Exit.CONTRAINDICATED,
        Optional.of(claim),
        value,
        found,
        expected,
        remedy);
  }

  /** The policy asks for evidence that is not there. */
  static Finding missing(String check, String found, String expected, String remedy) {
    return new Finding(
        check, Outcome.SKIP, Exit.INSUFFICIENT, Optional.empty(), 0, found, expected, remedy);
  }
}
