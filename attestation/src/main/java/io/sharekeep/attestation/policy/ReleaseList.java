package io.sharekeep.attestation.policy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sharekeep.attestation.evidence.Octets;
import io.sharekeep.attestation.json.Json;
import io.sharekeep.attestation.json.NamedFields;
import io.sharekeep.attestation.policy.AppraisalPolicy.ReleaseSigner;
import io.sharekeep.cbor.Cbor;
import io.sharekeep.cbor.Decoded;
import io.sharekeep.cbor.Parsed;
import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The signed list of accepted releases, {@code releases.skl}: {@code {"document": {…},
 * "signatures": [{"algorithm", "key", "signature"}]}}. What is signed is the SHA-256 of a domain
 * line and the document's canonical JSON.
 *
 * @param version which never goes back
 */
public record ReleaseList(long version, List<Entry> entries) {
  /** No list is longer, in bytes. */
  public static final int MAX_BYTES = 4 << 20;

  private static final String API = "sharekeep.releases/v1";
  private static final String DOMAIN = "sharekeep/releases/v1\n";

  public ReleaseList {
    entries = List.copyOf(entries);
  }

  /**
   * One release.
   *
   * @param closure SHA-384, see {@link io.sharekeep.attestation.eat.Measurement#closure}
   * @param components SHA-384 of each thing it ships by name, so that what differs can be named;
   *     may be empty
   */
  public record Entry(
      String release, Octets closure, boolean revoked, Map<String, Octets> components) {}

  public Optional<Entry> find(Octets closure) {
    return entries.stream().filter(entry -> entry.closure().equals(closure)).findFirst();
  }

  public Optional<Entry> find(String release) {
    return entries.stream().filter(entry -> entry.release().equals(release)).findFirst();
  }

  /** What signers sign. */
  public static Octets digest(byte[] canonicalDocument) {
    var input = new ByteArrayOutputStream();
    input.writeBytes(DOMAIN.getBytes(UTF_8));
    input.writeBytes(canonicalDocument);
    return Octets.sha256(input.toByteArray());
  }

  /** Reads a list that a release key and enough rebuilders have signed. */
  public static Parsed<ReleaseList> read(byte[] file, AppraisalPolicy.Releases rule) {
    if (file.length > MAX_BYTES) {
      return new Parsed.Malformed<>("it is longer than " + MAX_BYTES + " bytes");
    }
    return switch (Json.read(file)) {
      case Decoded.Malformed(var reason, var _) -> new Parsed.Malformed<>(reason);
      case Decoded.Item(var item) -> NamedFields.read(item, f -> list(f, rule));
    };
  }

  private static ReleaseList list(NamedFields f, AppraisalPolicy.Releases rule) {
    Cbor document = f.item("document");
    byte[] digest = digest(Json.write(document)).value();
    var by = new HashSet<ReleaseSigner>();
    f.list(
        "signatures",
        1,
        64,
        (path, item) ->
            NamedFields.within(
                path,
                item,
                s -> {
                  var algorithm = s.text("algorithm", 1, 16);
                  var key = s.hex("key", 40, 128);
                  var signature = s.hex("signature", 64, 96);
                  for (var signer : rule.signers()) {
                    if (signer.spki().equals(key)) {
                      s.require(
                          verifies(algorithm, signer.key(), digest, signature.value()),
                          "signature",
                          "does not verify");
                      by.add(signer);
                    }
                  }
                  return key;
                }));
    long rebuilders = by.stream().filter(ReleaseSigner::isRebuilder).count();
    f.require(
        by.size() > rebuilders && rebuilders >= rule.rebuilders(),
        "signatures",
        "lack a release key or " + rule.rebuilders() + " rebuilders of the policy");
    return NamedFields.within("document", document, ReleaseList::document);
  }

  private static ReleaseList document(NamedFields f) {
    f.require(f.text("apiVersion", 1, 64).equals(API), "apiVersion", "is not " + API);
    f.optional("previous", g -> g.hex("previous", 32, 32));
    return new ReleaseList(
        f.integer("version", 1, Long.MAX_VALUE),
        f.maps(
            "entries",
            1,
            1024,
            e -> {
              e.optional("jimage_sha384", g -> g.hex("jimage_sha384", 48, 48));
              e.optional("not_before", g -> g.text("not_before", 1, 40));
              return new Entry(
                  e.text("release", 1, 64),
                  e.hex("closure_sha384", 48, 48),
                  e.flag("revoked", false),
                  e.free(
                      "components", 4096, (path, item) -> NamedFields.asHex(path, item, 48, 48)));
            }));
  }

  private static boolean verifies(
      String algorithm, PublicKey key, byte[] digest, byte[] signature) {
    try {
      var verifier =
          Signature.getInstance(
              switch (algorithm) {
                case "ed25519" -> "Ed25519";
                case "p256" -> "SHA256withECDSAinP1363Format";
                default -> throw new GeneralSecurityException("not known");
              });
      verifier.initVerify(key);
      verifier.update(digest);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
