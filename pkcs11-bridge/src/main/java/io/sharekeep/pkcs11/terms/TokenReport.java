package io.sharekeep.pkcs11.terms;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a library and its token say they are.
 *
 * @param library the real path that was loaded
 * @param librarySha256 the hash of that file when it was loaded, lower-case hex
 * @param serial of the slot; some tokens keep it through re-initialisation
 * @param mechanisms CK_MECHANISM_TYPE values, ascending
 * @param profile which set of vendor differences is in force, and why
 * @param backend through what the token is used
 * @param suite how it seals; empty if that is found out at login and nobody has logged in
 * @param limits what this backend cannot do on this token, each a short name such as {@code
 *     pin-on-heap}
 * @param seals how many AES-GCM encryptions each key has done since this token was opened, so that
 *     the caller can keep a durable count: warn at 2^28, refuse at 2^31
 * @param logins how often it was logged in since it was opened
 */
public record TokenReport(
    Path library,
    String librarySha256,
    String cryptokiVersion,
    String libraryManufacturer,
    String libraryDescription,
    String libraryVersion,
    String label,
    String manufacturer,
    String model,
    String serial,
    String hardwareVersion,
    String firmwareVersion,
    long flags,
    List<Long> mechanisms,
    ProfileInForce profile,
    Backend backend,
    Optional<SealSuite> suite,
    List<String> limits,
    Map<KeyRef, Long> seals,
    long logins) {
  /** The PIN was on the heap, where it cannot be wiped for sure. */
  public static final String PIN_ON_HEAP = "pin-on-heap";

  /** Attributes were read by a process of the native backend, not by the one that signs. */
  public static final String EVIDENCE_BY_CHILD = "evidence-at-provisioning";

  /** A library that another owner finalised cannot be taken up again. */
  public static final String NO_REINITIALISATION = "no-reinitialisation";

  /** Random bytes are the token's XOR the system's. */
  public static final String RANDOM_MIXED = "random-mixed";

  /** Blobs are sealed by a suite other than AES-GCM in the token. */
  public static final String DEGRADED_SEAL = "degraded-seal";

  /** Nobody has tried this profile on a token. */
  public static final String PROFILE_UNMEASURED = "profile-unmeasured";

  /**
   * The profile that a token got.
   *
   * @param measured on what it was tried; empty if it is written from documents
   * @param source those documents
   * @param why it is the one
   */
  public record ProfileInForce(
      String name, String title, Optional<String> measured, String source, String why) {}

  public TokenReport {
    limits = List.copyOf(limits);
    mechanisms = List.copyOf(mechanisms);
    seals = Map.copyOf(seals);
  }
}
