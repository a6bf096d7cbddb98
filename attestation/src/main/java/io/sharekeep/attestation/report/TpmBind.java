package io.sharekeep.attestation.report;

import io.sharekeep.attestation.eat.Claims;
import io.sharekeep.attestation.evidence.Octets;
import io.sharekeep.cbor.Cbor;
import io.sharekeep.cbor.CborEncoder;
import io.sharekeep.cbor.CborProfile;

/** What ties a TPM's signatures to one report, both ways (attestation, section 6.3). */
public final class TpmBind {
  private TpmBind() {}

  /**
   * SHA-256 over the other claims and the key that signs the report: extraData of quote and
   * counter.
   *
   * @param attestSpki SubjectPublicKeyInfo of the {@code attest} key
   */
  public static Octets of(Claims claims, byte[] attestSpki) {
    return Octets.sha256(
        CborEncoder.encode(
            CborProfile.EVIDENCE,
            Cbor.list(
                Cbor.text("sharekeep-tpm-bind-v1"),
                Cbor.bytes(Octets.sha256(claims.withoutTpm().encode()).value()),
                Cbor.bytes(Octets.sha256(attestSpki).value()))));
  }
}
