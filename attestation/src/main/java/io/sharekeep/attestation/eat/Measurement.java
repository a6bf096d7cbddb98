package io.sharekeep.attestation.eat;

import io.sharekeep.attestation.evidence.Octets;
import io.sharekeep.attestation.json.Named;
import io.sharekeep.cbor.Cbor;
import io.sharekeep.cbor.CborDecoder;
import io.sharekeep.cbor.CborEncoder;
import io.sharekeep.cbor.CborFields;
import io.sharekeep.cbor.CborLimits;
import io.sharekeep.cbor.CborProfile;
import io.sharekeep.cbor.Parsed;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The digest of one thing that runs (RFC 10013).
 *
 * @param name {@code kind/path}: {@code jimage/}, {@code libjvm/}, {@code jar/} and {@code native/}
 *     for what a release ships, {@code system/} for the host's libraries that are mapped, {@code
 *     pkcs11/} for the token's library, {@code config/} for files of configuration
 * @param sha384 of its content
 */
public record Measurement(String name, Octets sha384) {
  /** The measurement that sums up the release. */
  public static final String CLOSURE = "closure";

  private static final long MEDIA_TYPE = 295;
  private static final long SHA_384 = -43;

  /** What a release ships, and so what its closure covers. */
  private static final Set<String> RELEASED = Set.of("jimage", "libjvm", "jar", "native");

  /** Whether a release ships this, and so knows its digest. */
  public boolean isReleased() {
    int slash = name.indexOf('/');
    return slash > 0 && RELEASED.contains(name.substring(0, slash));
  }

  /**
   * SHA-384 over the deterministic CBOR list of [name, digest] of all that a release ships, sorted
   * by name and then digest.
   */
  public static Octets closure(List<Measurement> measurements) {
    var released =
        measurements.stream()
            .filter(Measurement::isReleased)
            .sorted(Comparator.comparing(Measurement::name).thenComparing(Measurement::sha384))
            .toList();
    return Octets.sha384(
        CborEncoder.encode(
            CborProfile.EVIDENCE,
            Named.list(released, m -> Cbor.list(Cbor.text(m.name), Cbor.bytes(m.sha384.value())))));
  }

  Cbor toCbor() {
    var component =
        Cbor.map(m ->
            m.put(1, Cbor.list(Cbor.text(name)))
                .put(2, Cbor.list(Cbor.integer(SHA_384), Cbor.bytes(sha384.value()))));
    return Cbor.list(
        Cbor.uint(MEDIA_TYPE), Cbor.bytes(CborEncoder.encode(CborProfile.EVIDENCE, component)));
  }

  static Measurement read(CborFields pair) {
    pair.uint(0, MEDIA_TYPE, MEDIA_TYPE);
    Parsed<Measurement> component =
        CborDecoder.parse(
            CborProfile.EVIDENCE,
            pair.bytes(1, 1, 4096),
            CborLimits.ofBytes(4096),
            fields ->
                new Measurement(
                    fields.nested(1, name -> name.text(0, 1, 512)),
                    fields.nested(
                        2,
                        digest -> {
                          digest.integer(0, SHA_384, SHA_384);
                          return new Octets(digest.bytes(1, 48));
                        })));
    return pair.require(component.valid(), 1, "is no measured component with SHA-384");
  }

  /** The digest that is claimed for the whole release. */
  static Optional<Octets> claimedClosure(List<Measurement> measurements) {
    return measurements.stream()
        .filter(m -> m.name.equals(CLOSURE))
        .map(Measurement::sha384)
        .findFirst();
  }
}
