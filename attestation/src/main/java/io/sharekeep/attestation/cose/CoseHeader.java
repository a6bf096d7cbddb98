package io.sharekeep.attestation.cose;

import io.sharekeep.attestation.evidence.Octets;
import java.util.List;
import java.util.Optional;

/**
 * The protected header. There is never an unprotected one.
 *
 * @param algorithm label, which the reader does not judge: see {@link CoseAlgorithm#of}
 * @param type media type of the payload (RFC 9596)
 * @param chain x5chain (RFC 9360), leaf first, DER; empty if the key is known otherwise
 * @param keyId the signer's SubjectPublicKeyInfo, where there is no chain
 */
public record CoseHeader(long algorithm, String type, List<Octets> chain, Optional<Octets> keyId) {
  /** A chain is no longer. */
  public static final int MAX_CERTIFICATES = 8;

  /** Type of a report; it alone is wrapped as a CWT, in tag 61. */
  public static final String REPORT = "application/eat+cwt";

  /** Type of the post-quantum sidecar: its payload is SHA-512 of the report's bytes. */
  public static final String SIDECAR = "application/sharekeep-pq+cose";

  /** Type of an auditor's appraisal policy: canonical JSON. */
  public static final String POLICY = "application/sharekeep-appraisal-policy+cose";

  /** Type of an auditor's list of what is revoked: canonical JSON. */
  public static final String REVOCATIONS = "application/sharekeep-revocations+cose";

  public CoseHeader {
    chain = List.copyOf(chain);
    if (chain.size() > MAX_CERTIFICATES) {
      throw new IllegalArgumentException("a chain has at most " + MAX_CERTIFICATES);
    }
  }

  /** Of a report. */
  public static CoseHeader report(List<Octets> chain) {
    return new CoseHeader(CoseAlgorithm.ES384.label(), REPORT, chain, Optional.empty());
  }

  /** Of a document whose signer is named by the key itself. */
  public static CoseHeader document(String type, byte[] spki) {
    return new CoseHeader(
        CoseAlgorithm.ES384.label(), type, List.of(), Optional.of(new Octets(spki)));
  }

  /** Of a sidecar, whose key the report lists and the auditor's policy pins. */
  public static CoseHeader sidecar() {
    return new CoseHeader(CoseAlgorithm.ML_DSA_65.label(), SIDECAR, List.of(), Optional.empty());
  }
}
