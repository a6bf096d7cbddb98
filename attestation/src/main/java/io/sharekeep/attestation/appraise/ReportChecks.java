package io.sharekeep.attestation.appraise;

import io.sharekeep.attestation.cose.CoseAlgorithm;
import io.sharekeep.attestation.cose.CoseHeader;
import io.sharekeep.attestation.cose.CoseSign1;
import io.sharekeep.attestation.cose.PublicKeys;
import io.sharekeep.attestation.eat.Jwt;
import io.sharekeep.attestation.eat.KeyClaim;
import io.sharekeep.attestation.evidence.Octets;
import io.sharekeep.attestation.policy.AppraisalPolicy.Mode;
import io.sharekeep.attestation.policy.TrustClaim;
import io.sharekeep.attestation.report.Bundle;
import io.sharekeep.cbor.CborLimits;
import io.sharekeep.cbor.Parsed;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** That the report is signed, new, of a unit we know, and the same in every form it comes in. */
final class ReportChecks {
  private static final String ASK = "ask the appliance itself, with a fresh nonce";

  private ReportChecks() {}

  /** The envelope was opened before any check ran: this line says so. */
  static List<Finding> signature(Case c) {
    return List.of(
        Finding.pass("sig.attest", "ES384, certified by " + c.policy().trust().requiredIssuers()));
  }

  static List<Finding> nonce(Case c) {
    var modes = c.policy().freshness().modes();
    var nonces = c.claims().freshness().nonces();
    var asked = c.question().nonce();
    if (asked.isPresent()) {
      if (!modes.contains(Mode.NONCE)) {
        return stale("fresh.nonce", "a nonce", "one of " + modes);
      }
      return nonces.contains(asked.get())
          ? List.of(Finding.pass("fresh.nonce", "the nonce that was asked with"))
          : stale("fresh.nonce", "another nonce", "nonce " + asked.get().abbreviated());
    }
    if (modes.contains(Mode.EPOCH)) {
      return epoch(c, nonces);
    }
    return modes.contains(Mode.CHAIN)
        ? List.of(
            Finding.warn(
                "fresh.nonce",
                TrustClaim.SOURCED_DATA,
                32,
                "order only: no nonce and no epoch",
                "a nonce",
                ASK))
        : stale("fresh.nonce", "no nonce to hold the report against", "--nonce");
  }

  /** A witness's time under our checkpoint: the report was made after it. */
  private static List<Finding> epoch(Case c, List<Octets> nonces) {
    var at = LogChecks.cosignedAt(c);
    var checkpoint = c.claims().log().checkpoint();
    if (at.isEmpty() || !nonces.contains(Octets.sha256(checkpoint.value()))) {
      return stale("fresh.nonce", "no epoch that a known witness states", "a nonce or an epoch");
    }
    var age = Duration.between(Instant.ofEpochSecond(at.get()), c.question().at());
    return age.compareTo(c.policy().freshness().maxAge()) <= 0
        ? List.of(Finding.pass("fresh.nonce", "an epoch " + age.toSeconds() + " s old"))
        : stale(
            "fresh.nonce",
            "an epoch " + age.toSeconds() + " s old",
            "at most " + c.policy().freshness().maxAge().toSeconds() + " s");
  }

  static List<Finding> time(Case c) {
    var fresh = c.claims().freshness();
    var at = c.question().at();
    var skew = c.policy().freshness().maxSkew();
    if (fresh.issuedAt().isAfter(at.plus(skew))) {
      return stale("fresh.time", "issued at " + fresh.issuedAt(), "not after " + at.plus(skew));
    }
    if (!fresh.expires().plus(skew).isAfter(at)) {
      return stale("fresh.time", "expired at " + fresh.expires(), "later than " + at);
    }
    var age = Duration.between(fresh.issuedAt(), at);
    return age.compareTo(c.policy().freshness().maxAge().plus(skew)) <= 0
        ? List.of(Finding.pass("fresh.time", "age " + age.toSeconds() + " s"))
        : stale(
            "fresh.time",
            "age " + age.toSeconds() + " s",
            "at most " + c.policy().freshness().maxAge().toSeconds() + " s");
  }

  private static List<Finding> stale(String check, String found, String expected) {
    return List.of(Finding.fail(check, Exit.STALE, found, expected, ASK));
  }

  static List<Finding> ueid(Case c) {
    var ueid = c.claims().unit().ueid();
    return List.of(
        c.policy().identity().ueids().contains(ueid)
            ? Finding.pass(
                "identity.ueid", TrustClaim.INSTANCE_IDENTITY, 2, "unit " + ueid.abbreviated())
            : Finding.against(
                "identity.ueid",
                TrustClaim.INSTANCE_IDENTITY,
                97,
                "unit " + ueid,
                "a unit of the policy",
                "find out whose it is; add it under identity.ueids only then"));
  }

  static List<Finding> tls(Case c) {
    var pinned = c.policy().identity().tls();
    var tls = c.claims().channel().tls();
    if (pinned.isEmpty()) {
      return List.of();
    }
    return List.of(
        pinned.contains(tls)
            ? Finding.pass("identity.tls", "key " + tls.abbreviated())
            : Finding.against(
                "identity.tls",
                TrustClaim.INSTANCE_IDENTITY,
                97,
                "key " + tls,
                "the key that the committee document pins",
                "compare with the committee document"));
  }

  static List<Finding> sidecar(Case c) {
    var rule = c.policy().postQuantum();
    var content = c.bundle().content(Bundle.SIDECAR);
    if (content.isEmpty()) {
      return rule.required()
          ? List.of(
              Finding.missing("pq.sidecar", "no sidecar", "a signature by ML-DSA-65", "ask for it"))
          : List.of();
    }
    var key = c.claims().hsm().key(KeyClaim.Role.PQ).flatMap(KeyClaim::spki);
    if (key.isEmpty()) {
      return invalid("pq.sidecar", "a sidecar by a key that the report does not list");
    }
    if (!rule.keys().isEmpty() && !rule.keys().contains(Octets.sha256(key.get().value()))) {
      return invalid("pq.sidecar", "a sidecar by a key that the policy does not pin");
    }
    if (!(CoseSign1.read(content.get(), CoseHeader.SIDECAR, CborLimits.ofBytes(1 << 16))
        instanceof Parsed.Valid<CoseSign1>(var sign1))) {
      return List.of(
          Finding.fail(
              "pq.sidecar", Exit.MALFORMED, "a sidecar that is no envelope", "one", "ask again"));
    }
    boolean holds =
        sign1.header().algorithm() == CoseAlgorithm.ML_DSA_65.label()
            && Octets.sha512(c.report()).holds(sign1.payload())
            && PublicKeys.mlDsa65(key.get().value()).filter(sign1::isSignedBy).isPresent();
    return holds
        ? List.of(
            Finding.pass(
                "pq.sidecar",
                rule.keys().isEmpty() ? "ML-DSA-65, by a key that is not pinned" : "ML-DSA-65"))
        : invalid("pq.sidecar", "a sidecar over other bytes, or a signature that is wrong");
  }

  static List<Finding> jwt(Case c) {
    var content = c.bundle().content(Bundle.JWT);
    if (content.isEmpty()) {
      return List.of();
    }
    var verdict = Jwt.verify(content.get(), c.claims(), c.report(), c.leaf().getPublicKey());
    return switch (verdict) {
      case SAME -> List.of(Finding.pass("jwt.link", "the same claims"));
      case OTHER_HEADER -> invalid("jwt.link", "a JWT of another algorithm or type");
      case OTHER_CLAIMS -> invalid("jwt.link", "a JWT of another report, or of other claims");
      case BAD_SIGNATURE -> invalid("jwt.link", "a JWT whose signature does not verify");
    };
  }

  private static List<Finding> invalid(String check, String found) {
    return List.of(
        Finding.fail(
            check,
            Exit.INVALID,
            found,
            "one that goes with this report",
            "treat the bundle as forged until its maker explains"));
  }
}
