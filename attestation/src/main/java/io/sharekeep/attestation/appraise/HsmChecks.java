package io.sharekeep.attestation.appraise;

import io.sharekeep.attestation.cose.PublicKeys;
import io.sharekeep.attestation.eat.HsmClaims;
import io.sharekeep.attestation.eat.KeyClaim;
import io.sharekeep.attestation.eat.KeyClaim.Role;
import io.sharekeep.attestation.evidence.Octets;
import io.sharekeep.attestation.hsm.Assurance;
import io.sharekeep.attestation.hsm.HsmKind;
import io.sharekeep.attestation.hsm.KeyStatement;
import io.sharekeep.attestation.hsm.Reading;
import io.sharekeep.attestation.policy.TrustClaim;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What holds the keys, by whose word, and whether they are as single-purpose keys must be. */
final class HsmChecks {
  private static final List<Role> REQUIRED =
      List.of(Role.KEK, Role.IDENTITY, Role.ATTEST, Role.LOG, Role.TLS);

  private HsmChecks() {}

  /** Softness is shown by a name; its absence shows nothing. */
  static boolean isSoft(HsmClaims hsm) {
    var info = hsm.tokenInfo();
    return hsm.kind() == HsmKind.SOFTWARE
        || Stream.of(info.manufacturer(), info.model(), info.firmware())
            .anyMatch(text -> text.toLowerCase(Locale.ROOT).contains("softhsm"));
  }

  static List<Finding> evidence(Case c) {
    var hsm = c.claims().hsm();
    if (isSoft(hsm)) {
      var found = "soft token, " + hsm.tokenInfo().model();
      return List.of(
          c.policy().trust().allowsSoft()
              ? Finding.warn(
                  "hsm.evidence",
                  TrustClaim.HARDWARE,
                  -40,
                  found,
                  "keys in hardware",
                  "use an HSM; a soft token is for a laboratory")
              : Finding.against(
                  "hsm.evidence",
                  TrustClaim.HARDWARE,
                  97,
                  found,
                  "keys in hardware",
                  "use an HSM; a soft token is for a laboratory"));
    }
    return switch (c.hsmEvidence()) {
      case Reading.Malformed(var reason) ->
          List.of(
              Finding.fail(
                  "hsm.evidence", Exit.MALFORMED, reason, "the vendor's format", "ask again"));
      case Reading.Untrusted(var reason) ->
          List.of(
              Finding.against(
                  "hsm.evidence",
                  TrustClaim.HARDWARE,
                  97,
                  reason,
                  "evidence that leads to a vendor's root of the policy",
                  "get the vendor's root from the vendor and pin it"));
      case Reading.Unsupported(var reason) -> unsupported(reason);
      case Reading.Verified verified -> assurance(c, verified);
    };
  }

  private static List<Finding> assurance(Case c, Reading.Verified verified) {
    var kind = c.claims().hsm().kind();
    var minimum = c.policy().hsm().minAssurance();
    if (verified.assurance().compareTo(minimum) < 0) {
      return kind == HsmKind.NONE
          ? List.of(
              Finding.against(
                  "hsm.evidence",
                  TrustClaim.HARDWARE,
                  97,
                  "the token's own word",
                  minimum.name(),
                  "use an HSM whose vendor signs evidence"))
          : unsupported(
              "evidence of kind "
                  + kind.label()
                  + " verifies, but this verifier was never run on that vendor's own bytes");
    }
    var missing =
        verified.assurance().compareTo(Assurance.VENDOR_SIGNED) < 0
            ? List.<String>of()
            : uncovered(c, verified.keys());
    if (!missing.isEmpty()) {
      return List.of(
          Finding.missing(
              "hsm.evidence",
              "no vendor's statement on " + missing,
              "one on attest, identity, log and tls",
              "have the HSM attest every key"));
    }
    return List.of(
        verified.assurance().compareTo(Assurance.VENDOR_SIGNED) >= 0
            ? Finding.pass(
                "hsm.evidence",
                TrustClaim.HARDWARE,
                2,
                kind.label() + " " + verified.serial().orElse("") + ", " + verified.assurance())
            : Finding.warn(
                "hsm.evidence",
                TrustClaim.HARDWARE,
                -40,
                kind.label() + ", self-reported",
                "a vendor's signature",
                "use an HSM whose vendor signs evidence"));
  }

  /**
   * Keys with a public half of which the vendor says nothing, or something worse than we are told.
   */
  private static List<String> uncovered(Case c, List<KeyStatement> statements) {
    var missing = new ArrayList<String>();
    for (var key : c.claims().hsm().keys()) {
      if (key.spki().isEmpty() || key.role() == Role.PQ) {
        continue;
      }
      boolean covered =
          statements.stream()
              .filter(s -> s.spki().equals(key.spki().get()))
              .anyMatch(s -> s.extractable().equals(Optional.of(false)));
      if (!covered) {
        missing.add(key.role().label());
      }
    }
    return missing;
  }

  private static List<Finding> unsupported(String reason) {
    return List.of(
        Finding.warn(
            "hsm.evidence",
            TrustClaim.HARDWARE,
            32,
            reason,
            "evidence of a kind that is tested",
            "see docs/attestation.md, evidence of an HSM"),
        Finding.missing(
            "hsm.evidence",
            reason,
            "evidence of a kind that is tested",
            "see docs/attestation.md, evidence of an HSM"));
  }

  static List<Finding> serial(Case c) {
    var accepted = c.policy().identity().hsmSerials();
    if (accepted.isEmpty()) {
      return List.of();
    }
    var serial =
        c.hsmEvidence() instanceof Reading.Verified(var shown, var _, var _) && shown.isPresent()
            ? shown.get()
            : c.claims().hsm().tokenInfo().serial();
    return List.of(
        accepted.contains(serial)
            ? Finding.pass("hsm.serial", serial)
            : Finding.against(
                "hsm.serial",
                TrustClaim.HARDWARE,
                97,
                serial,
                "one of " + accepted,
                "find out why the HSM was changed"));
  }

  static List<Finding> fips(Case c) {
    var rule = c.policy().hsm().fips();
    if (rule.isEmpty()) {
      return List.of();
    }
    var fips = c.claims().hsm().fips();
    var expected = "FIPS mode, level " + rule.get().minLevel() + " or higher";
    if (fips.isEmpty()) {
      return List.of(Finding.missing("hsm.fips", "nothing said", expected, "ask the vendor"));
    }
    boolean holds =
        fips.get().boot()
            && fips.get().level() >= rule.get().minLevel()
            && (rule.get().modules().isEmpty()
                || rule.get().modules().contains(fips.get().module()));
    return List.of(
        holds
            ? Finding.pass("hsm.fips", fips.get().module() + " level " + fips.get().level())
            : Finding.against(
                "hsm.fips",
                TrustClaim.HARDWARE,
                97,
                fips.get().toString(),
                expected,
                "set the HSM to FIPS mode"));
  }

  static List<Finding> keys(Case c) {
    var hsm = c.claims().hsm();
    var findings = new ArrayList<Finding>();
    for (var role : REQUIRED) {
      if (hsm.key(role).isEmpty()) {
        findings.add(bad("not exactly one key " + role.label(), "one key of each role"));
      }
    }
    for (var key : hsm.keys()) {
      findings.addAll(fault(c, key).stream().map(f -> bad(f, "a key as it must be")).toList());
    }
    findings.addAll(links(c));
    return findings.isEmpty()
        ? List.of(
            Finding.pass(
                "hsm.keys", TrustClaim.CONFIGURATION, 2, hsm.keys().size() + " keys as required"))
        : findings;
  }

  private static Optional<String> fault(Case c, KeyClaim key) {
    var name = "key " + key.role().label() + " ";
    if (key.role() == Role.PQ) {
      return Optional.empty(); // A key in software, which limit pq-software-key says.
    }
    if (key.extractable()) {
      return Optional.of(name + "is extractable");
    }
    if (!key.sensitive()) {
      return Optional.of(name + "is not sensitive");
    }
    var purposes = Set.copyOf(key.purposes());
    var allowed = key.role() == Role.KEK ? Set.of("encrypt", "decrypt") : Set.of("sign");
    if (!purposes.equals(allowed)) {
      return Optional.of(name + "is for " + purposes.stream().sorted().toList());
    }
    var rule = c.policy().hsm().keys().get(key.role());
    if (rule == null) {
      return Optional.empty();
    }
    if (rule.neverExtractable() && !key.neverExtractable()) {
      return Optional.of(name + "was extractable once");
    }
    if (rule.local() && !key.local()) {
      return Optional.of(name + "was not made in the token");
    }
    return rule.purposes().filter(only -> !purposes.equals(Set.copyOf(only))).isPresent()
        ? Optional.of(name + "is not for " + rule.purposes().get())
        : Optional.empty();
  }

  /** That the keys listed are the keys in use. */
  private static List<Finding> links(Case c) {
    var hsm = c.claims().hsm();
    var channel = c.claims().channel();
    var findings = new ArrayList<Finding>();
    if (spki(hsm, Role.ATTEST).filter(spki -> spki.holds(c.attestSpki())).isEmpty()) {
      findings.add(mixed("the key attest that is listed is not the one that signed"));
    }
    if (!hashed(hsm, Role.IDENTITY).equals(Optional.of(channel.identity()))) {
      findings.add(mixed("the key identity that is listed is not the one in use"));
    }
    if (!hashed(hsm, Role.TLS).equals(Optional.of(channel.tls()))) {
      findings.add(mixed("the key tls that is listed is not the one in use"));
    }
    return findings;
  }

  private static Optional<Octets> spki(HsmClaims hsm, Role role) {
    return hsm.key(role).flatMap(KeyClaim::spki);
  }

  private static Optional<Octets> hashed(HsmClaims hsm, Role role) {
    return spki(hsm, role).map(spki -> Octets.sha256(spki.value()));
  }

  private static Finding bad(String found, String expected) {
    return Finding.against(
        "hsm.keys",
        TrustClaim.CONFIGURATION,
        96,
        found,
        expected,
        "make the key anew, not extractable and for one purpose");
  }

  private static Finding mixed(String found) {
    return Finding.fail(
        "hsm.keys", Exit.INVALID, found, "one and the same key", "treat the report as forged");
  }

  static List<Finding> possession(Case c) {
    var hsm = c.claims().hsm();
    for (var role : List.of(Role.IDENTITY, Role.LOG)) {
      byte[] message =
          HsmClaims.possessionMessage(
              role.label(), c.claims().freshness().nonces(), c.claims().unit().ueid());
      var signature = Optional.ofNullable(hsm.possession().get(role.label()));
      boolean holds =
          spki(hsm, role)
              .flatMap(spki -> PublicKeys.ec(spki.value()))
              .filter(key -> signature.filter(s -> verifies(key, message, s)).isPresent())
              .isPresent();
      if (!holds) {
        return List.of(
            Finding.fail(
                "hsm.possession",
                Exit.INVALID,
                "key " + role.label() + " has not signed the nonce",
                "a signature by it over nonce and unit",
                "treat the report as another HSM's"));
      }
    }
    return List.of(Finding.pass("hsm.possession", "identity and log signed the nonce"));
  }

  private static boolean verifies(PublicKey key, byte[] message, Octets signature) {
    try {
      var verifier = Signature.getInstance("SHA256withECDSAinP1363Format");
      verifier.initVerify(key);
      verifier.update(message);
      return verifier.verify(signature.value());
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  static List<Finding> opens(Case c) {
    var opens = c.claims().hsm().opens();
    var found = opens.sinceBoot() + " opens, " + opens.leases() + " leases and probes";
    return List.of(
        opens.sinceBoot() <= opens.leases()
            ? Finding.pass("hsm.opens", found)
            : Finding.fail(
                "hsm.opens",
                Exit.ROLLBACK,
                found,
                "no more opens than leases and probes",
                "somebody opened shares past the log: freeze, and ask for the HSM's own log"));
  }

  static List<Finding> kek(Case c) {
    // No kind that is built attests a symmetric key.
    return List.of(
        c.policy().hsm().acceptsSelfReportedKek()
            ? Finding.pass(
                "hsm.kek", TrustClaim.STORAGE_OPAQUE, -2, "self-reported, which the policy accepts")
            : Finding.warn(
                "hsm.kek",
                TrustClaim.STORAGE_OPAQUE,
                32,
                "self-reported",
                "a vendor's statement on the sealing key",
                "accept it under hsm.keys.kek.accept_self_reported, or use an HSM that attests"
                    + " it"));
  }
}
