package io.sharekeep.attestation.hsm;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sharekeep.attestation.evidence.Octets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Evidence as draft-ietf-rats-pkix-key-attestation-08 has it. Its arc is not assigned yet: the
 * samples' arc, 1.3.6.1.5.5.999, is read. Signatures are detachable, so at least one must be there,
 * and the transaction must name the key that signs.
 */
final class PkixEvidence {
  private static final String ARC = "1.3.6.1.5.5.999";
  private static final String TRANSACTION = ARC + ".0.0";
  private static final String PLATFORM = ARC + ".0.1";
  private static final String KEY = ARC + ".0.2";
  private static final String NONCE = ARC + ".1.0.0";
  private static final String SIGNER = ARC + ".1.0.2";
  private static final String SERIAL = ARC + ".1.1.4";
  private static final String SPKI = ARC + ".1.2.1";
  private static final String EXTRACTABLE = ARC + ".1.2.2";
  private static final String NEVER_EXTRACTABLE = ARC + ".1.2.4";
  private static final String LOCAL = ARC + ".1.2.5";
  private static final String PURPOSE = ARC + ".1.2.7";

  private static final Map<String, String> PURPOSES =
      Map.of(
          ARC + ".2.0",
          "encrypt",
          ARC + ".2.1",
          "decrypt",
          ARC + ".2.2",
          "wrap",
          ARC + ".2.3",
          "unwrap",
          ARC + ".2.4",
          "sign",
          ARC + ".2.6",
          "verify",
          ARC + ".2.8",
          "derive");

  private static final Map<String, String> ALGORITHMS =
      Map.of(
          "1.2.840.10045.4.3.2", "SHA256withECDSA",
          "1.2.840.10045.4.3.3", "SHA384withECDSA",
          "1.2.840.113549.1.1.11", "SHA256withRSA",
          "1.3.101.112", "Ed25519");

  private PkixEvidence() {}

  private record Claim(String type, byte[] value) {}

  private record Element(String type, List<Claim> claims) {
    Optional<Claim> claim(String name) {
      return claims.stream().filter(c -> c.type.equals(name)).findFirst();
    }
  }

  private record Signed(Octets certificate, String algorithm, byte[] signature) {}

  private record Whole(
      byte[] signedBytes, List<Element> elements, List<Signed> signatures, List<Octets> chain) {
    List<Element> of(String type) {
      return elements.stream().filter(e -> e.type.equals(type)).toList();
    }
  }

  static Reading verify(
      HsmEvidence evidence, List<Octets> nonces, List<X509Certificate> roots, Instant at) {
    var read = Der.read(evidence.raw().value(), PkixEvidence::whole);
    if (read.isEmpty()) {
      return new Reading.Malformed("not the DER of Evidence");
    }
    var whole = read.get();
    if (whole.of(PLATFORM).size() > 1 || whole.of(TRANSACTION).size() > 1) {
      return new Reading.Malformed("two platforms or two transactions");
    }
    if (whole.signatures.isEmpty()) {
      return new Reading.Untrusted("evidence without a signature");
    }
    var signer = Optional.<X509Certificate>empty();
    for (var signature : whole.signatures) {
      signer = signer(whole, signature, evidence.chain(), roots, at);
      if (signer.isEmpty()) {
        return new Reading.Untrusted("a signature or its chain does not verify");
      }
    }
    var transaction = whole.of(TRANSACTION).stream().findFirst();
    var named = transaction.flatMap(t -> t.claim(SIGNER)).flatMap(PkixEvidence::octets);
    if (named.isEmpty() || !named.get().holds(signer.orElseThrow().getPublicKey().getEncoded())) {
      return new Reading.Untrusted("the transaction does not name the key that signs");
    }
    var keys = new ArrayList<KeyStatement>();
    for (var element : whole.of(KEY)) {
      var statement = statement(element);
      if (statement.isEmpty()) {
        return new Reading.Malformed("a key element is not as the draft has it");
      }
      keys.add(statement.get());
    }
    var nonce = transaction.flatMap(t -> t.claim(NONCE)).flatMap(PkixEvidence::octets);
    return new Reading.Verified(
        whole.of(PLATFORM).stream()
            .findFirst()
            .flatMap(p -> p.claim(SERIAL))
            .flatMap(c -> Der.read(c.value, in -> new String(in.content(Der.UTF8), UTF_8))),
        keys,
        nonce.filter(nonces::contains).isPresent()
            ? Assurance.VENDOR_SIGNED_FRESH
            : Assurance.VENDOR_SIGNED);
  }

  private static Optional<X509Certificate> signer(
      Whole whole, Signed signed, List<Octets> more, List<X509Certificate> roots, Instant at) {
    var ders = new ArrayList<Octets>();
    ders.add(signed.certificate);
    ders.addAll(whole.chain);
    ders.addAll(more);
    var algorithm = ALGORITHMS.get(signed.algorithm);
    var chain = Chains.certificates(ders);
    if (algorithm == null || chain.isEmpty() || Chains.root(chain.get(), roots, at).isEmpty()) {
      return Optional.empty();
    }
    try {
      var verifier = Signature.getInstance(algorithm);
      verifier.initVerify(chain.get().getFirst().getPublicKey());
      verifier.update(whole.signedBytes);
      return verifier.verify(signed.signature)
          ? Optional.of(chain.get().getFirst())
          : Optional.empty();
    } catch (GeneralSecurityException e) {
      return Optional.empty();
    }
  }

  private static Optional<KeyStatement> statement(Element element) {
    var spki = element.claim(SPKI).flatMap(PkixEvidence::octets);
    var purposes = element.claim(PURPOSE).map(c -> c.value);
    var names =
        purposes.isEmpty()
            ? Optional.of(List.<String>of())
            : Der.read(
                purposes.get(),
                in ->
                    in.enter(Der.SEQUENCE)
                        .all(p -> {
                          var name = PURPOSES.get(p.oid());
                          return name == null ? "other" : name;
                        }));
    return spki.flatMap(key ->
        names.map(list ->
            new KeyStatement(
                key,
                bool(element, EXTRACTABLE),
                bool(element, NEVER_EXTRACTABLE),
                bool(element, LOCAL),
                list)));
  }

  private static Optional<Boolean> bool(Element element, String type) {
    return element.claim(type).flatMap(c -> Der.read(c.value, Der::bool));
  }

  private static Optional<Octets> octets(Claim claim) {
    return Der.read(claim.value, in -> new Octets(in.content(Der.OCTETS)));
  }

  private static Whole whole(Der in) throws Der.Malformed {
    var evidence = in.enter(Der.SEQUENCE);
    byte[] signedBytes = evidence.whole(Der.SEQUENCE);
    var signatures = evidence.enter(Der.SEQUENCE).all(PkixEvidence::signature);
    var chain = new ArrayList<Octets>();
    if (evidence.peek() == Der.CONTEXT_0) {
      chain.addAll(
          evidence
              .enter(Der.CONTEXT_0)
              .enter(Der.SEQUENCE)
              .all(c -> new Octets(c.whole(Der.SEQUENCE))));
    }
    evidence.end();
    var elements =
        Der.read(
            signedBytes,
            s -> {
              var body = s.enter(Der.SEQUENCE);
              body.integer();
              var list = body.enter(Der.SEQUENCE).all(PkixEvidence::element);
              body.end();
              return list;
            });
    if (elements.isEmpty()) {
      throw new Der.Malformed();
    }
    return new Whole(signedBytes, elements.get(), signatures, chain);
  }

  private static Element element(Der in) throws Der.Malformed {
    var element = in.enter(Der.SEQUENCE);
    var type = element.oid();
    var claims =
        element
            .enter(Der.SEQUENCE)
            .all(list -> {
              var claim = list.enter(Der.SEQUENCE);
              var name = claim.oid();
              byte[] value = claim.atEnd() ? new byte[0] : claim.whole(claim.peek());
              claim.end();
              return new Claim(name, value);
            });
    element.end();
    return new Element(type, claims);
  }

  /** Only a signer named by its certificate can be verified here. */
  private static Signed signature(Der in) throws Der.Malformed {
    var block = in.enter(Der.SEQUENCE);
    var signer = block.enter(Der.SEQUENCE);
    if (signer.peek() == Der.CONTEXT_0) {
      signer.content(Der.CONTEXT_0);
    }
    if (signer.peek() == Der.CONTEXT_1) {
      signer.content(Der.CONTEXT_1);
    }
    var certificate = new Octets(signer.enter(Der.CONTEXT_2).whole(Der.SEQUENCE));
    signer.end();
    var algorithm = block.enter(Der.SEQUENCE).oid();
    byte[] value = block.content(Der.OCTETS);
    block.end();
    return new Signed(certificate, algorithm, value);
  }
}
