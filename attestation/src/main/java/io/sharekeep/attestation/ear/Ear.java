package io.sharekeep.attestation.ear;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sharekeep.attestation.appraise.Tier;
import io.sharekeep.attestation.appraise.Verdict;
import io.sharekeep.attestation.evidence.Octets;
import io.sharekeep.attestation.json.Json;
import io.sharekeep.attestation.json.Named;
import io.sharekeep.attestation.policy.TrustClaim;
import io.sharekeep.cbor.Cbor;
import io.sharekeep.cbor.CborEncoder;
import io.sharekeep.cbor.CborProfile;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * An attestation result.
 *
 * @param policy id of the appraisal policy
 * @param nonce that was asked with
 * @param build version of this verifier
 */
public record Ear(
    Verdict verdict, String policy, Optional<Octets> nonce, Instant issuedAt, String build) {
  private static final String PROFILE = "tag:ietf.org,2026:rats/ear#03";
  private static final String DEVELOPER = "https://sharekeep.io";
  private static final String HEADER = "{\"alg\":\"ES384\",\"typ\":\"JWT\"}";
  private static final String SUBMODULE = "sharekeep";

  /** The claims with labels, deterministic. */
  public byte[] cbor() {
    var appraisal =
        Cbor.map(m ->
            m.put(1000, verdict.tier().value())
                .put(
                    1001,
                    Cbor.map(v -> {
                      for (var claim : TrustClaim.values()) {
                        v.put(claim.earLabel(), verdict.vector().value(claim));
                      }
                    }))
                .put(1003, Cbor.list(Cbor.text(policy))));
    return CborEncoder.encode(
        CborProfile.EVIDENCE,
        Cbor.map(m -> {
          m.put(265, PROFILE)
              .put(6, issuedAt.getEpochSecond())
              .put(1004, Cbor.map(v -> v.put(0, DEVELOPER).put(1, build)))
              .put(266, Named.map(n -> n.put(SUBMODULE, appraisal)));
          nonce.ifPresent(value -> m.put(10, value.value()));
        }));
  }

  /** The claims with names, canonical. */
  public byte[] json() {
    var appraisal =
        Named.map(m ->
            m.put("ear_status", status(verdict.tier()))
                .put(
                    "ear_trustworthiness_vector",
                    Named.map(v -> {
                      for (var claim : TrustClaim.values()) {
                        v.put(claim.label(), verdict.vector().value(claim));
                      }
                    }))
                .put("ear_appraisal_policy_ids", Cbor.list(Cbor.text(policy))));
    return Json.write(
        Named.map(m ->
            m.put("eat_profile", PROFILE)
                .put("iat", issuedAt.getEpochSecond())
                .put(
                    "ear_verifier_id",
                    Named.map(v -> v.put("developer", DEVELOPER).put("build", build)))
                .put("submods", Named.map(n -> n.put(SUBMODULE, appraisal)))
                .put("eat_nonce", nonce, Named::bytes)));
  }

  /**
   * The JSON form, signed.
   *
   * @param signer ES384 by the auditor's key: r ‖ s of 96 bytes
   */
  public byte[] jwt(UnaryOperator<byte[]> signer) {
    var signed = base64(HEADER.getBytes(US_ASCII)) + "." + base64(json());
    return (signed + "." + base64(signer.apply(signed.getBytes(US_ASCII)))).getBytes(US_ASCII);
  }

  private static String status(Tier tier) {
    return tier.name().toLowerCase(Locale.ROOT);
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
