package io.sharekeep.attestation.policy;

import io.sharekeep.attestation.eat.ApplianceState;
import io.sharekeep.attestation.eat.ClockState;
import io.sharekeep.attestation.eat.DebugStatus;
import io.sharekeep.attestation.eat.KeyClaim;
import io.sharekeep.attestation.evidence.Octets;
import io.sharekeep.attestation.hsm.Assurance;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/**
 * What an auditor expects (attestation, section 11). A section that the document leaves out is as
 * strict as it can be without naming a value.
 *
 * @param refusedLimits labels of limits that must not be in a report
 * @param acceptedWarnings claims in which a warning does not spoil the verdict
 */
public record AppraisalPolicy(
    String id,
    Instant from,
    Instant until,
    Trust trust,
    Freshness freshness,
    Identity identity,
    Hsm hsm,
    Software software,
    Boot boot,
    Execution runtime,
    List<String> refusedLimits,
    Optional<Signing> signing,
    State state,
    Clock clock,
    Optional<Shares> shares,
    PostQuantum postQuantum,
    Set<TrustClaim> acceptedWarnings) {
  /** How a report may show that it is new. */
  public enum Mode {
    NONCE,
    EPOCH,
    CHAIN
  }

  /** Section {@code freshness}. */
  public record Freshness(
      Set<Mode> modes, Duration maxAge, Duration maxSkew, Duration maxRoundTrip) {}

  /**
   * Section {@code identity}.
   *
   * @param endorsementKeys SHA-256 of accepted TPM endorsement keys; empty for any that a root
   *     certifies
   * @param tls SHA-256 of the pinned TLS keys; empty if none is pinned
   */
  public record Identity(
      List<Octets> ueids,
      List<String> hsmSerials,
      List<Octets> endorsementKeys,
      List<Octets> tls) {}

  /** Section {@code hsm}. */
  public record Hsm(
      Assurance minAssurance,
      Optional<Fips> fips,
      Map<KeyClaim.Role, KeyRule> keys,
      boolean acceptsSelfReportedKek) {}

  /** A FIPS mode that is required. */
  public record Fips(long minLevel, List<String> modules) {}

  /** What a key must be besides what every key must. */
  public record KeyRule(boolean neverExtractable, boolean local, Optional<List<String>> purposes) {}

  /** Section {@code software}. */
  public record Software(
      Optional<String> minVersion, Optional<Releases> releases, List<String> vulnerable) {}

  /**
   * The list of accepted releases that is asked for.
   *
   * @param list file beside the policy
   * @param rebuilders how many must have signed it besides a release key
   */
  public record Releases(String list, List<ReleaseSigner> signers, int rebuilders) {}

  /**
   * Section {@code evidence}.
   *
   * @param keys SHA-256 of the SubjectPublicKeyInfo of each accepted post-quantum key
   */
  public record PostQuantum(boolean required, List<Octets> keys) {}

  /** A key that may sign the list of releases. */
  public record ReleaseSigner(String name, boolean isRebuilder, Octets spki, PublicKey key) {}

  /**
   * Section {@code boot}.
   *
   * @param pcrs accepted values of bank sha256 by register
   */
  public record Boot(
      SortedMap<Integer, List<Octets>> pcrs, boolean requiresEventLog, boolean requiresIma) {}

  /** Section {@code runtime}. */
  public record Execution(
      Set<DebugStatus> debug,
      Set<ApplianceState.Memory> memory,
      Set<ApplianceState.Unlock> unlock) {}

  /**
   * Section {@code signing_policy}.
   *
   * @param approvers SHA-256 of the SubjectPublicKeyInfo of who may have signed it
   */
  public record Signing(List<Octets> sha384, List<Octets> approvers, int minApprovals) {}

  /** What must stand against a rollback. */
  public enum AntiRollback {
    NONE,
    VTPM,
    HW_TPM
  }

  /** Section {@code state}. */
  public record State(
      AntiRollback antiRollback,
      long counterIndex,
      long minCounter,
      long minLogSize,
      long minSeq,
      boolean chainRequired) {}

  /** Section {@code clock}. */
  public record Clock(Set<ClockState.Source> sources, long maxOffsetMillis) {}

  /** Section {@code shares}. */
  public record Shares(List<Expected> expected, boolean forbidsUnlisted) {}

  /** A share that must be held. */
  public record Expected(
      String keyId, Octets groupKey, Optional<Octets> verificationShare, long minEpoch) {}
}
