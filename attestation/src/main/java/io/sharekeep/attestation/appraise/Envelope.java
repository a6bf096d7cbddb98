package io.sharekeep.attestation.appraise;

import io.sharekeep.attestation.cose.CoseAlgorithm;
import io.sharekeep.attestation.cose.CoseHeader;
import io.sharekeep.attestation.cose.CoseSign1;
import io.sharekeep.attestation.eat.Claims;
import io.sharekeep.attestation.eat.Unit;
import io.sharekeep.attestation.evidence.Octets;
import io.sharekeep.attestation.hsm.Chains;
import io.sharekeep.attestation.report.Bundle;
import io.sharekeep.cbor.Cbor;
import io.sharekeep.cbor.CborDecoder;
import io.sharekeep.cbor.CborLimits;
import io.sharekeep.cbor.CborProfile;
import io.sharekeep.cbor.Decoded;
import io.sharekeep.cbor.Parsed;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Opens a bundle in the one order that lets no unsigned byte decide anything: structure, algorithm,
 * chain, signature, and only then the payload, and whose it is.
 */
final class Envelope {
  private final Question question;
  private final byte[] file;

  private Envelope(Question question, byte[] file) {
    this.question = question;
    this.file = file;
  }

  /** Either a case, or the one finding that ends the appraisal. */
  sealed interface Opened {
    record Whole(Case report) implements Opened {}

    record Ended(Finding why) implements Opened {}
  }

  static Opened open(byte[] file, Question question) {
    return new Envelope(question, file).bundle();
  }

  private Opened bundle() {
    return switch (Bundle.read(file)) {
      case Parsed.Malformed<Bundle>(var reason) -> malformed("bundle", reason);
      case Parsed.Valid<Bundle>(var bundle) ->
          switch (CoseSign1.read(bundle.report(), CoseHeader.REPORT, CborLimits.REPORT)) {
            case Parsed.Malformed<CoseSign1>(var reason) ->
                malformed("cose.structure", "report: " + reason);
            case Parsed.Valid<CoseSign1>(var sign1) -> signed(bundle, sign1);
          };
    };
  }

  private Opened signed(Bundle bundle, CoseSign1 sign1) {
    var algorithm =
        CoseAlgorithm.of(sign1.header().algorithm())
            .filter(a -> a == CoseAlgorithm.ES384 || a == CoseAlgorithm.ESP384);
    if (algorithm.isEmpty()) {
      return invalid(
          "sig.algorithm", "algorithm " + sign1.header().algorithm(), "ES384, -35 or -51");
    }
    var chain = Chains.certificates(sign1.header().chain());
    if (chain.isEmpty() || chain.get().isEmpty()) {
      return invalid("sig.chain", "no chain of certificates", "an x5chain, leaf first");
    }
    var leaf = chain.get().getFirst();
    if (!algorithm.get().fits(leaf.getPublicKey())) {
      return invalid("sig.algorithm", "a key that the algorithm does not fit", "a key on P-384");
    }
    var fault = chainFault(chain.get());
    if (fault.isPresent()) {
      return invalid("sig.chain", fault.get(), "a chain to a root that the policy pins");
    }
    if (!sign1.isSignedBy(leaf.getPublicKey())) {
      return invalid("sig.attest", "a signature that does not verify", "the attest key's own");
    }
    return switch (Claims.read(sign1.payload())) {
      case Parsed.Malformed<Claims>(var reason) -> malformed("claims", "claims: " + reason);
      case Parsed.Valid<Claims>(var claims) -> claimed(bundle, leaf, chain.get(), claims);
    };
  }

  private Opened claimed(
      Bundle bundle, X509Certificate leaf, List<X509Certificate> chain, Claims claims) {
    var ueid = claims.unit().ueid();
    if (!Chains.uris(leaf).contains(Unit.uri(ueid))) {
      return invalid(
          "sig.unit", "the attest certificate of another unit", "one that names " + ueid);
    }
    if (!claims.confirmation().equals(Octets.sha256(leaf.getPublicKey().getEncoded()))) {
      return invalid("sig.unit", "claims confirmed by another key", "the key that signed");
    }
    if (question.revocations().ueids().contains(ueid)) {
      return invalid("sig.revoked", "a unit on the auditor's list of revoked ones", "another");
    }
    return issuers(bundle, leaf, chain)
        .<Opened>map(Opened.Ended::new)
        .orElseGet(
            () -> new Opened.Whole(new Case(question, bundle, bundle.report(), leaf, claims)));
  }

  /** Whose roots the chain and the cross-certificates of the same key lead to. */
  private Optional<Finding> issuers(
      Bundle bundle, X509Certificate leaf, List<X509Certificate> chain) {
    var trust = question.policy().policy().trust();
    var chains = crossChains(bundle);
    if (chains.isEmpty()) {
      return Optional.of(
          Finding.fail(
              "bundle",
              Exit.MALFORMED,
              "a cross-chain that is none",
              "lists of certificates",
              "ask for the report again"));
    }
    Set<String> issuers = new HashSet<>();
    var all = new ArrayList<List<X509Certificate>>();
    all.add(chain);
    all.addAll(chains.get());
    for (var one : all) {
      if (one.isEmpty()
          || !one.getFirst().getPublicKey().equals(leaf.getPublicKey())
          || chainFault(one).isPresent()) {
        continue; // A chain that does not hold vouches for nothing: its issuer will be missing.
      }
      Chains.root(one, trust.applianceRoots(), question.at())
          .ifPresent(root ->
              trust
                  .roots()
                  .forEach((name, pinned) -> {
                    if (pinned.equals(root)) {
                      issuers.add(name);
                    }
                  }));
    }
    return issuers.containsAll(trust.requiredIssuers())
        ? Optional.empty()
        : Optional.of(
            fail(
                "sig.issuers",
                "certified by " + sorted(issuers),
                "certified by " + sorted(trust.requiredIssuers())));
  }

  private static List<String> sorted(java.util.Collection<String> names) {
    return names.stream().sorted().toList();
  }

  private static Optional<List<List<X509Certificate>>> crossChains(Bundle bundle) {
    var content = bundle.content(Bundle.CROSS);
    if (content.isEmpty()) {
      return Optional.of(List.of());
    }
    if (!(CborDecoder.decode(CborProfile.EVIDENCE, content.get(), CborLimits.REPORT)
            instanceof Decoded.Item(Cbor.Sequence(var items)))
        || items.size() > CoseHeader.MAX_CERTIFICATES) {
      return Optional.empty();
    }
    var chains = new ArrayList<List<X509Certificate>>();
    for (var item : items) {
      if (!(item instanceof Cbor.Sequence(var ders))
          || ders.size() > CoseHeader.MAX_CERTIFICATES
          || !ders.stream().allMatch(Cbor.Bytes.class::isInstance)) {
        return Optional.empty();
      }
      var chain =
          Chains.certificates(
              ders.stream().map(der -> new Octets(((Cbor.Bytes) der).value())).toList());
      if (chain.isEmpty()) {
        return Optional.empty();
      }
      chains.add(chain.get());
    }
    return Optional.of(chains);
  }

  private Optional<String> chainFault(List<X509Certificate> chain) {
    var roots = question.policy().policy().trust().applianceRoots();
    var leaf = chain.getFirst();
    if (leaf.getBasicConstraints() >= 0) {
      return Optional.of("the key of an authority in place of an appliance's");
    }
    var usage = leaf.getKeyUsage();
    if (usage != null && !usage[0]) {
      return Optional.of("a certificate that is not for signatures");
    }
    var root = Chains.root(chain, roots, question.at());
    if (root.isEmpty()) {
      return Optional.of(Chains.fault(chain, roots, question.at()));
    }
    var all = new ArrayList<>(chain);
    all.add(root.get());
    return all.stream()
            .map(certificate -> Octets.sha256(certificate.getPublicKey().getEncoded()))
            .anyMatch(question.revocations().keys()::contains)
        ? Optional.of("a key on the auditor's list of revoked ones")
        : Optional.empty();
  }

  private static Opened malformed(String check, String reason) {
    return new Opened.Ended(
        Finding.fail(
            check,
            Exit.MALFORMED,
            reason,
            "a file as docs/attestation.md has it",
            "ask for the report again"));
  }

  private static Opened invalid(String check, String found, String expected) {
    return new Opened.Ended(fail(check, found, expected));
  }

  private static Finding fail(String check, String found, String expected) {
    return Finding.fail(
        check,
        Exit.INVALID,
        found,
        expected,
        "treat the report as forged until its maker explains");
  }
}
