package io.sharekeep.attestation.appraise;

import io.sharekeep.attestation.eat.Claims;
import io.sharekeep.attestation.evidence.Octets;
import io.sharekeep.attestation.hsm.HsmVerifier;
import io.sharekeep.attestation.hsm.Reading;
import io.sharekeep.attestation.policy.AppraisalPolicy;
import io.sharekeep.attestation.report.Bundle;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A report whose envelope holds, and the question that it answers: what every check is given.
 *
 * @param report the envelope's bytes
 * @param leaf certificate of the {@code attest} key
 */
record Case(Question question, Bundle bundle, byte[] report, X509Certificate leaf, Claims claims) {
  AppraisalPolicy policy() {
    return question.policy().policy();
  }

  Octets sha384() {
    return Octets.sha384(report);
  }

  byte[] attestSpki() {
    return leaf.getPublicKey().getEncoded();
  }

  /** What the HSM's vendor says. */
  Reading hsmEvidence() {
    var hsm = claims.hsm();
    return HsmVerifier.verify(
        hsm.kind(),
        hsm.evidence(),
        claims.freshness().nonces(),
        policy().trust().hsmRoots().getOrDefault(hsm.kind(), List.of()),
        question.at());
  }
}
