package io.sharekeep.attestation.eat;

import static java.util.Map.entry;

import io.sharekeep.attestation.json.Named;
import io.sharekeep.cbor.Cbor;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The claims of a report as JSON: the same values, labels by name, enumerations by name. */
final class JsonNames {
  private static final Map<Long, String> NAMES =
      Map.ofEntries(
          entry(Labels.AUDIENCE, "aud"),
          entry(Labels.EXPIRES, "exp"),
          entry(Labels.ISSUED_AT, "iat"),
          entry(Labels.ID, "jti"),
          entry(Labels.CONFIRMATION, "cnf"),
          entry(Labels.NONCE, "eat_nonce"),
          entry(Labels.UEID, "ueid"),
          entry(Labels.HARDWARE_MODEL, "hwmodel"),
          entry(Labels.UPTIME, "uptime"),
          entry(Labels.DEBUG, "dbgstat"),
          entry(Labels.PROFILE, "eat_profile"),
          entry(Labels.SUBMODULES, "submods"),
          entry(Labels.BOOT_COUNT, "bootcount"),
          entry(Labels.BOOT_SEED, "bootseed"),
          entry(Labels.SOFTWARE_NAME, "swname"),
          entry(Labels.SOFTWARE_VERSION, "swversion"),
          entry(Labels.MANIFESTS, "manifests"),
          entry(Labels.MEASUREMENTS, "measurements"),
          entry(Labels.RESULTS, "measres"),
          entry(Labels.INTENDED_USE, "intuse"),
          entry(Labels.SEQUENCE, "sk_seq"),
          entry(Labels.PREVIOUS, "sk_prev"),
          entry(Labels.CHANNEL, "sk_chan"),
          entry(Labels.POLICY, "sk_policy"),
          entry(Labels.LOG, "sk_log"),
          entry(Labels.CLOCK, "sk_clock"),
          entry(Labels.HEALTH, "sk_health"),
          entry(Labels.BUILD, "sk_build"),
          entry(Labels.LIMITS, "sk_limits"),
          entry(Labels.STATE, "sk_state"),
          entry(Labels.COMMITTEE, "sk_committee"),
          entry(Labels.PEERS, "sk_peers"),
          entry(Labels.SCOPE, "sk_scope"),
          entry(Labels.HSM_KIND, "sk_hsm_kind"),
          entry(Labels.HSM_EVIDENCE, "sk_hsm_evidence"),
          entry(Labels.HSM_TOKEN_INFO, "sk_hsm_token_info"),
          entry(Labels.HSM_FIPS, "sk_hsm_fips"),
          entry(Labels.HSM_KEYS, "sk_hsm_keys"),
          entry(Labels.HSM_POSSESSION, "sk_hsm_possession"),
          entry(Labels.HSM_OPENS, "sk_hsm_opens"),
          entry(Labels.TPM_QUOTE, "sk_tpm_quote"),
          entry(Labels.TPM_QUOTE_SIGNATURE, "sk_tpm_quote_sig"),
          entry(Labels.TPM_PCRS, "sk_tpm_pcrs"),
          entry(Labels.TPM_KEY, "sk_tpm_ak"),
          entry(Labels.TPM_EVENT_LOG, "sk_tpm_eventlog"),
          entry(Labels.TPM_NV, "sk_tpm_nv"),
          entry(Labels.TPM_NV_SIGNATURE, "sk_tpm_nv_sig"),
          entry(Labels.TPM_NV_INDEX, "sk_tpm_nv_index"),
          entry(Labels.TPM_IMA, "sk_tpm_ima"),
          entry(Labels.SHARES, "sk_shares"));

  private static final List<String> RESULTS = List.of("", "success", "fail", "not-run", "absent");

  private static final List<String> USES =
      List.of("", "generic", "registration", "provisioning", "csr", "pop");

  private JsonNames() {}

  /**
   * Rewrites a payload so that every map has names.
   *
   * @throws IllegalArgumentException for a label without a name: the claims are ours
   */
  static Cbor named(Cbor claims) {
    return switch (claims) {
      case Cbor.Mapping(var entries) ->
          Named.map(m -> entries.forEach((label, item) -> m.put(name(label), value(label, item))));
      case Cbor.Dictionary(var entries) -> {
        var renamed = new TreeMap<String, Cbor>(Cbor.NAME_ORDER);
        entries.forEach((name, item) -> renamed.put(name, named(item)));
        yield new Cbor.Dictionary(renamed);
      }
      case Cbor.Sequence(var items) -> Cbor.list(items.stream().map(JsonNames::named).toList());
      case Cbor.Unsigned _,
          Cbor.Negative _,
          Cbor.Bytes _,
          Cbor.Text _,
          Cbor.Bool _,
          Cbor.Null _,
          Cbor.Tag _ ->
          claims;
    };
  }

  private static Cbor value(long label, Cbor item) {
    if (label == Labels.DEBUG && item instanceof Cbor.Unsigned(var value)) {
      return Cbor.text(DebugStatus.of(value).orElseThrow().json());
    }
    if (label == Labels.INTENDED_USE && item instanceof Cbor.Unsigned(var value)) {
      return Cbor.text(USES.get((int) value));
    }
    if (label == Labels.CONFIRMATION && item instanceof Cbor.Mapping(var entries)) {
      return Named.map(m -> entries.values().forEach(kid -> m.put("kid", kid)));
    }
    if (label == Labels.RESULTS && item instanceof Cbor.Sequence(var systems)) {
      return Cbor.list(systems.stream().map(JsonNames::results).toList());
    }
    if (label == Labels.TPM_PCRS && item instanceof Cbor.Dictionary(var banks)) {
      return Named.map(m -> banks.forEach((bank, values) -> m.put(bank, numbered(values))));
    }
    return named(item);
  }

  private static Cbor results(Cbor system) {
    if (!(system instanceof Cbor.Sequence(var parts))
        || !(parts.get(1) instanceof Cbor.Sequence(var tests))) {
      return system;
    }
    return Cbor.list(
        parts.get(0),
        Cbor.list(
            tests.stream()
                .map(test ->
                    test instanceof Cbor.Sequence(var pair)
                            && pair.get(1) instanceof Cbor.Unsigned(var result)
                        ? Cbor.list(pair.get(0), Cbor.text(RESULTS.get((int) result)))
                        : test)
                .toList()));
  }

  /** Registers by number, which JSON writes as text. */
  private static Cbor numbered(Cbor values) {
    return values instanceof Cbor.Mapping(var entries)
        ? Named.map(m -> entries.forEach((register, value) -> m.put("" + register, value)))
        : values;
  }

  private static String name(long label) {
    var name = NAMES.get(label);
    if (name == null) {
      throw new IllegalArgumentException("claim " + label + " has no name in JSON");
    }
    return name;
  }
}
