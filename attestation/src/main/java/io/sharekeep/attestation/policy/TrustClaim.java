package io.sharekeep.attestation.policy;

import java.util.Locale;

/** Claims of a trustworthiness vector (AR4SI), in the order of their EAR labels. */
public enum TrustClaim {
  INSTANCE_IDENTITY(0, 0),
  CONFIGURATION(1, 36),
  EXECUTABLES(2, 33),
  FILE_SYSTEM(3, 0),
  HARDWARE(4, 97),
  RUNTIME_OPAQUE(5, 0),
  STORAGE_OPAQUE(6, 0),
  SOURCED_DATA(7, 0);

  private final int earLabel;
  private final int start;

  TrustClaim(int earLabel, int start) {
    this.earLabel = earLabel;
    this.start = start;
  }

  /** Its number in an EAR. */
  public int earLabel() {
    return earLabel;
  }

  /** The value where no evidence speaks of it. */
  public int start() {
    return start;
  }

  /** Its name in JSON and in a policy: {@code runtime-opaque}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
