package io.sharekeep.attestation.hsm;

import io.sharekeep.attestation.evidence.Octets;
import java.util.List;

/**
 * Evidence as the vendor's device gave it, kept verbatim.
 *
 * @param raw in the form of its kind: for YUBIHSM2 a CBOR list of attestation certificates, for
 *     PKIX_EVIDENCE the DER of {@code Evidence}; else whatever it is
 * @param chain certificates of the device up to, without, the vendor's root, DER
 */
public record HsmEvidence(String mediaType, Octets raw, List<Octets> chain) {
  public HsmEvidence {
    chain = List.copyOf(chain);
  }
}
