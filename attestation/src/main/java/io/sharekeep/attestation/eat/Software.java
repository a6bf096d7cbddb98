package io.sharekeep.attestation.eat;

import io.sharekeep.attestation.evidence.Octets;
import java.util.List;
import java.util.Optional;

/**
 * What runs.
 *
 * @param measurements without the closure
 * @param closure as claimed
 * @param manifest CoSWID of the release, which links its bill of materials
 * @param build provenance, where the release has one
 */
public record Software(
    List<Measurement> measurements,
    Octets closure,
    Optional<Octets> manifest,
    List<SelfTest> selfTests,
    Optional<Build> build) {
  public Software {
    measurements = List.copyOf(measurements);
    selfTests = List.copyOf(selfTests);
  }

  /**
   * Claim measres.
   *
   * @param result 1 success, 2 fail, 3 not run, 4 absent
   */
  public record SelfTest(String system, String id, int result) {
    public static final int SUCCESS = 1;
  }

  /**
   * @param provenance SHA-384 of the provenance document
   */
  public record Build(Octets provenance, String builder) {}
}
