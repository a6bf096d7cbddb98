package io.sharekeep.attestation.hsm;

import io.sharekeep.attestation.evidence.Octets;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Verifies an HSM's evidence under the roots that the auditor pinned. */
public final class HsmVerifier {
  private HsmVerifier() {}

  /**
   * @param nonces of the report, one of which fresh evidence repeats
   * @param roots of this kind's vendor; without one nothing verifies
   */
  public static Reading verify(
      HsmKind kind,
      Optional<HsmEvidence> evidence,
      List<Octets> nonces,
      List<X509Certificate> roots,
      Instant at) {
    return switch (kind) {
      case NONE, SOFTWARE ->
          evidence.isEmpty()
              ? new Reading.Verified(Optional.empty(), List.of(), Assurance.SELF_REPORTED)
              : new Reading.Malformed("a token of kind " + kind.label() + " has no evidence");
      case YUBIHSM2 ->
          evidence
              .map(e -> capped(kind, YubiHsmEvidence.verify(e, roots, at)))
              .orElseGet(HsmVerifier::absent);
      case PKIX_EVIDENCE ->
          evidence
              .map(e -> capped(kind, PkixEvidence.verify(e, nonces, roots, at)))
              .orElseGet(HsmVerifier::absent);
      case LUNA_PKC, NSHIELD_KLF2, MARVELL, PRIMUS, CVC ->
          new Reading.Unsupported("no verifier for " + kind.label() + " in this release");
    };
  }

  /** Pins what a verifier can say to what it was tested on. */
  private static Reading capped(HsmKind kind, Reading reading) {
    return switch (reading) {
      case Reading.Verified(var serial, var keys, var assurance) ->
          new Reading.Verified(serial, keys, Sample.most(kind, assurance));
      case Reading.Malformed _, Reading.Untrusted _, Reading.Unsupported _ -> reading;
    };
  }

  private static Reading absent() {
    return new Reading.Untrusted("the report names a kind of evidence and holds none");
  }
}
