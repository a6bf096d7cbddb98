package io.sharekeep.attestation.eat;

import io.sharekeep.attestation.evidence.Octets;
import io.sharekeep.attestation.json.NamedFields;
import io.sharekeep.cbor.Cbor;
import io.sharekeep.cbor.CborDecoder;
import io.sharekeep.cbor.CborEncoder;
import io.sharekeep.cbor.CborFields;
import io.sharekeep.cbor.CborLimits;
import io.sharekeep.cbor.CborProfile;
import io.sharekeep.cbor.Parsed;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Everything that a report claims (attestation, section 4).
 *
 * @param confirmation SHA-256 of the {@code attest} key's SubjectPublicKeyInfo
 * @param seq number of this report, one more than the last
 * @param previous SHA-384 of the last report's envelope; zeros for number 0
 * @param limits labels of {@link io.sharekeep.attestation.evidence.Limit}, and of any that a later
 *     release adds
 * @param scope {@code appliance}, or one tenant's id
 */
public record Claims(
    Freshness freshness,
    Unit unit,
    Software software,
    Octets confirmation,
    long seq,
    Octets previous,
    Channel channel,
    SigningPolicy.Set policies,
    LogState log,
    ClockState clock,
    List<Health> health,
    List<String> limits,
    ApplianceState state,
    List<Membership> committees,
    List<PeerReport> peers,
    String scope,
    HsmClaims hsm,
    Optional<TpmClaims> tpm,
    List<ShareClaim> shares) {
  /** Claim eat_profile. */
  public static final String PROFILE = "tag:sharekeep.io,2026:eat#1";

  private static final int MAX_LIST = 4096;

  public Claims {
    health = List.copyOf(health);
    limits = List.copyOf(limits);
    committees = List.copyOf(committees);
    peers = List.copyOf(peers);
    shares = List.copyOf(shares);
  }

  /** The deterministic encoding: a report's payload. */
  public byte[] encode() {
    return CborEncoder.encode(CborProfile.EVIDENCE, ClaimsForm.toCbor(this));
  }

  /**
   * Reads a payload. It must be the one deterministic encoding, and what it says must encode to
   * exactly these bytes again, since the TPM's binding is over an encoding made here.
   */
  public static Parsed<Claims> read(byte[] payload) {
    var parsed =
        NamedFields.catching(() ->
            CborDecoder.parse(CborProfile.EVIDENCE, payload, CborLimits.REPORT, ClaimsForm::read));
    return switch (parsed) {
      case Parsed.Malformed<Claims> malformed -> malformed;
      case Parsed.Valid<Claims> valid ->
          java.util.Arrays.equals(valid.value().encode(), payload)
              ? valid
              : new Parsed.Malformed<>("the payload is not its own re-encoding");
    };
  }

  /** The same without the TPM's part: what the TPM's signatures are bound to. */
  public Claims withoutTpm() {
    return with(Optional.empty());
  }

  public Claims with(TpmClaims claims) {
    return with(Optional.of(claims));
  }

  private Claims with(Optional<TpmClaims> claims) {
    return new Claims(
        freshness,
        unit,
        software,
        confirmation,
        seq,
        previous,
        channel,
        policies,
        log,
        clock,
        health,
        limits,
        state,
        committees,
        peers,
        scope,
        hsm,
        claims,
        shares);
  }

  /** Limits that carry this label. */
  public boolean admits(String limit) {
    return limits.contains(limit);
  }

  static DebugStatus debug(CborFields f) {
    return f.require(
        DebugStatus.of(f.uint(Labels.DEBUG, 0, 4)), Labels.DEBUG, "is no debug status");
  }

  /** A map with names under a label. */
  static <T> T named(CborFields f, long label, Function<NamedFields, T> schema) {
    return NamedFields.within("claim " + label, f.item(label), schema);
  }

  /** A list of maps with names under a label. */
  static <T> List<T> list(
      CborFields f, long label, int min, int max, Function<NamedFields, T> schema) {
    var items = new ArrayList<T>();
    for (var item : f.list(label, min, Math.min(max, MAX_LIST))) {
      items.add(NamedFields.within("claim " + label + "[" + items.size() + "]", item, schema));
    }
    return items;
  }

  /** A list of texts under a label. */
  static List<String> texts(CborFields f, long label, int max, int maxLength) {
    return f.list(label, 0, max).stream()
        .map(item -> NamedFields.asText("claim " + label, item, 1, maxLength))
        .toList();
  }

  /** A list whose only member is written bare: EAT's way with nonces and audiences. */
  static <T> Cbor oneOrMore(List<T> values, Function<T, Cbor> writer) {
    return values.size() == 1
        ? writer.apply(values.getFirst())
        : Cbor.list(values.stream().map(writer).toList());
  }
}
