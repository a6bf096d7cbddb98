package io.sharekeep.attestation.report;

import io.sharekeep.attestation.evidence.Octets;
import io.sharekeep.attestation.json.Named;
import io.sharekeep.attestation.json.NamedFields;
import io.sharekeep.cbor.Cbor;
import io.sharekeep.cbor.CborDecoder;
import io.sharekeep.cbor.CborEncoder;
import io.sharekeep.cbor.CborLimits;
import io.sharekeep.cbor.CborProfile;
import io.sharekeep.cbor.Decoded;
import io.sharekeep.cbor.Parsed;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A file {@code *.skb}: a report and what goes with it, a CMW collection in CBOR (RFC 9999), a map
 * of name to [media type, bytes].
 *
 * @param members by name
 */
public record Bundle(Map<String, Member> members) {
  /** The report's envelope. */
  public static final String REPORT = "report";

  /** The post-quantum sidecar. */
  public static final String SIDECAR = "pq";

  /** The JSON rendering. */
  public static final String JWT = "jwt";

  /** A list of certificate lists: further chains over the {@code attest} key. */
  public static final String CROSS = "cross";

  /** The TPM's boot event log. */
  public static final String EVENT_LOG = "eventlog";

  /** The kernel's measurement list. */
  public static final String IMA = "ima";

  /** A list of tree nodes: that the log has only grown since the size remembered. */
  public static final String LOG_PROOF = "log-proof";

  /** A list of earlier reports, the oldest first. */
  public static final String PREVIOUS = "previous";

  private static final List<String> KNOWN =
      List.of(
          REPORT,
          SIDECAR,
          JWT,
          CROSS,
          EVENT_LOG,
          IMA,
          LOG_PROOF,
          PREVIOUS,
          "sbom",
          "provenance",
          "coswid",
          "hsm-chain",
          "receipts");

  /** What one member holds. */
  public record Member(String mediaType, Octets bytes) {}

  public Bundle {
    members = Collections.unmodifiableMap(new TreeMap<>(members));
    if (!members.containsKey(REPORT)) {
      throw new IllegalArgumentException("a bundle holds a report");
    }
  }

  public byte[] encode() {
    return CborEncoder.encode(
        CborProfile.EVIDENCE,
        Named.map(m ->
            members.forEach((name, member) ->
                m.put(
                    name, Cbor.list(Cbor.text(member.mediaType()), Named.bytes(member.bytes()))))));
  }

  /** Reads a file; members that are not known are kept and listed. */
  public static Parsed<Bundle> read(byte[] file) {
    return switch (CborDecoder.decode(CborProfile.EVIDENCE, file, CborLimits.BUNDLE)) {
      case Decoded.Malformed(var reason, var offset) ->
          new Parsed.Malformed<>("not a bundle: " + reason + " at offset " + offset);
      case Decoded.Item(var item) -> NamedFields.catching(() -> members(item));
    };
  }

  private static Parsed<Bundle> members(Cbor item) {
    if (!(item instanceof Cbor.Dictionary(var entries))) {
      return new Parsed.Malformed<>("not a bundle: it is no map with names");
    }
    if (!entries.containsKey(REPORT)) {
      return new Parsed.Malformed<>("not a bundle: it holds no report");
    }
    var members = new TreeMap<String, Member>();
    for (var entry : entries.entrySet()) {
      if (!(entry.getValue() instanceof Cbor.Sequence(var parts)) || parts.size() != 2) {
        return new Parsed.Malformed<>("a member of the bundle is not [media type, bytes]");
      }
      members.put(
          entry.getKey(),
          new Member(
              NamedFields.asText("the media type of a member", parts.get(0), 1, 100),
              NamedFields.asOctets(
                  "the content of a member", parts.get(1), 0, CborLimits.BUNDLE.maxBytes())));
    }
    return new Parsed.Valid<>(new Bundle(members));
  }

  public byte[] report() {
    return content(REPORT).orElseThrow();
  }

  public Optional<byte[]> content(String name) {
    return Optional.ofNullable(members.get(name)).map(member -> member.bytes().value());
  }

  /** Names that this release does not know. */
  public List<String> unknown() {
    return members.keySet().stream().filter(name -> !KNOWN.contains(name)).toList();
  }

  /** A member that is a list of byte strings; empty if it is absent, malformed if it is not one. */
  public Parsed<List<Octets>> list(String name) {
    var content = content(name);
    return content.isEmpty() ? new Parsed.Valid<>(List.of()) : list(name, content.get());
  }

  private static Parsed<List<Octets>> list(String name, byte[] content) {
    return switch (CborDecoder.decode(CborProfile.EVIDENCE, content, CborLimits.BUNDLE)) {
      case Decoded.Item(Cbor.Sequence(var items)) ->
          NamedFields.catching(() ->
              new Parsed.Valid<>(
                  items.stream()
                      .map(item -> NamedFields.asOctets("member " + name, item, 1, 1 << 20))
                      .toList()));
      case Decoded.Item _, Decoded.Malformed _ ->
          new Parsed.Malformed<>("member " + name + " is no list of byte strings");
    };
  }
}
