package io.sharekeep.attestation.eat;

import io.sharekeep.attestation.evidence.Octets;
import io.sharekeep.attestation.hsm.HsmEvidence;
import io.sharekeep.attestation.hsm.HsmKind;
import io.sharekeep.attestation.json.Named;
import io.sharekeep.attestation.json.NamedFields;
import io.sharekeep.cbor.Cbor;
import io.sharekeep.cbor.CborEncoder;
import io.sharekeep.cbor.CborFields;
import io.sharekeep.cbor.CborProfile;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Submodule {@code hsm}.
 *
 * @param tokenInfo what the library says of the token: its word, which raises nothing
 * @param possession by role, a signature over {@link #possessionMessage}
 */
public record HsmClaims(
    Optional<Octets> model,
    DebugStatus debug,
    HsmKind kind,
    Optional<HsmEvidence> evidence,
    TokenInfo tokenInfo,
    Optional<Fips> fips,
    List<KeyClaim> keys,
    Map<String, Octets> possession,
    Opens opens) {
  public HsmClaims {
    keys = List.copyOf(keys);
    possession = Map.copyOf(possession);
  }

  /** As {@code C_GetTokenInfo} gives it. */
  public record TokenInfo(String manufacturer, String model, String serial, String firmware) {}

  /** A mode the module says it is in; absent is not false. */
  public record Fips(boolean boot, String version, long level, String module) {}

  /**
   * How often the sealing key opened a record since boot.
   *
   * @param leases and health probes that the log holds over the same span
   * @param counter the HSM's own count of uses, where it keeps one
   */
  public record Opens(long sinceBoot, long leases, Optional<Long> counter) {}

  /** What {@code identity} and {@code log} sign, so that they answer for this report. */
  public static byte[] possessionMessage(String role, List<Octets> nonces, Octets ueid) {
    return CborEncoder.encode(
        CborProfile.EVIDENCE,
        Cbor.list(
            Cbor.text("sharekeep-key-pop-v1"),
            Cbor.text(role),
            Claims.oneOrMore(nonces, Named::bytes),
            Cbor.bytes(ueid.value())));
  }

  /** The key of a role, if exactly one has it. */
  public Optional<KeyClaim> key(KeyClaim.Role role) {
    var found = keys.stream().filter(key -> key.role() == role).toList();
    return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
  }

  Cbor toCbor() {
    return Cbor.map(m -> {
      model.ifPresent(octets -> m.put(Labels.HARDWARE_MODEL, octets.value()));
      m.put(Labels.DEBUG, debug.value()).put(Labels.HSM_KIND, kind.label());
      evidence.ifPresent(e ->
          m.put(
              Labels.HSM_EVIDENCE,
              Cbor.list(
                  Cbor.text(e.mediaType()),
                  Named.bytes(e.raw()),
                  Named.list(e.chain(), Named::bytes))));
      m.put(
          Labels.HSM_TOKEN_INFO,
          Named.map(n ->
              n.put("manufacturer", tokenInfo.manufacturer())
                  .put("model", tokenInfo.model())
                  .put("serial", tokenInfo.serial())
                  .put("firmware", tokenInfo.firmware())));
      fips.ifPresent(f ->
          m.put(
              Labels.HSM_FIPS,
              Named.map(n ->
                  n.put("boot", f.boot())
                      .put("version", f.version())
                      .put("level", f.level())
                      .put("module", f.module()))));
      m.put(Labels.HSM_KEYS, Named.list(keys, KeyClaim::toCbor));
      m.put(Labels.HSM_POSSESSION, Named.map(n -> possession.forEach(n::put)));
      m.put(
          Labels.HSM_OPENS,
          Named.map(n ->
              n.put("since_boot", opens.sinceBoot())
                  .put("leases", opens.leases())
                  .put("counter", opens.counter(), Cbor::uint)));
    });
  }

  static HsmClaims read(CborFields f) {
    return new HsmClaims(
        f.optional(Labels.HARDWARE_MODEL, g -> new Octets(g.bytes(Labels.HARDWARE_MODEL, 1, 32))),
        Claims.debug(f),
        f.require(kind(f.text(Labels.HSM_KIND, 1, 32)), Labels.HSM_KIND, "is not known"),
        f.optional(Labels.HSM_EVIDENCE, g -> g.nested(Labels.HSM_EVIDENCE, HsmClaims::evidence)),
        Claims.named(
            f,
            Labels.HSM_TOKEN_INFO,
            n ->
                new TokenInfo(
                    n.text("manufacturer", 0, 64),
                    n.text("model", 0, 64),
                    n.text("serial", 0, 64),
                    n.text("firmware", 0, 64))),
        f.optional(
            Labels.HSM_FIPS,
            g ->
                Claims.named(
                    g,
                    Labels.HSM_FIPS,
                    n ->
                        new Fips(
                            n.bool("boot"),
                            n.text("version", 1, 64),
                            n.integer("level", 1, 4),
                            n.text("module", 1, 128)))),
        Claims.list(f, Labels.HSM_KEYS, 1, 32, KeyClaim::read),
        Claims.named(
            f,
            Labels.HSM_POSSESSION,
            n -> {
              var signatures = new java.util.LinkedHashMap<String, Octets>();
              for (var role : KeyClaim.Role.values()) {
                n.optional(role.label(), g -> g.octets(role.label(), 1, 256))
                    .ifPresent(signature -> signatures.put(role.label(), signature));
              }
              return signatures;
            }),
        Claims.named(
            f,
            Labels.HSM_OPENS,
            n ->
                new Opens(
                    n.integer("since_boot", 0, Long.MAX_VALUE),
                    n.integer("leases", 0, Long.MAX_VALUE),
                    n.optional("counter", g -> g.integer("counter", 0, Long.MAX_VALUE)))));
  }

  private static HsmEvidence evidence(CborFields f) {
    return new HsmEvidence(
        f.text(0, 1, 100),
        new Octets(f.bytes(1, 1, 1 << 19)),
        f.list(2, 0, 8).stream()
            .map(item -> NamedFields.asOctets("hsm evidence chain", item, 1, 8192))
            .toList());
  }

  private static Optional<HsmKind> kind(String label) {
    return java.util.Arrays.stream(HsmKind.values())
        .filter(kind -> kind.label().equals(label))
        .findFirst();
  }
}
