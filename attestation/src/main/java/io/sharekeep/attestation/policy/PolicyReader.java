package io.sharekeep.attestation.policy;

import io.sharekeep.attestation.cose.PublicKeys;
import io.sharekeep.attestation.eat.ApplianceState;
import io.sharekeep.attestation.eat.ClockState;
import io.sharekeep.attestation.eat.DebugStatus;
import io.sharekeep.attestation.eat.KeyClaim;
import io.sharekeep.attestation.evidence.Limit;
import io.sharekeep.attestation.evidence.Octets;
import io.sharekeep.attestation.hsm.Assurance;
import io.sharekeep.attestation.json.Json;
import io.sharekeep.attestation.json.NamedFields;
import io.sharekeep.attestation.policy.AppraisalPolicy.AntiRollback;
import io.sharekeep.attestation.policy.AppraisalPolicy.Boot;
import io.sharekeep.attestation.policy.AppraisalPolicy.Clock;
import io.sharekeep.attestation.policy.AppraisalPolicy.Execution;
import io.sharekeep.attestation.policy.AppraisalPolicy.Expected;
import io.sharekeep.attestation.policy.AppraisalPolicy.Fips;
import io.sharekeep.attestation.policy.AppraisalPolicy.Freshness;
import io.sharekeep.attestation.policy.AppraisalPolicy.Hsm;
import io.sharekeep.attestation.policy.AppraisalPolicy.Identity;
import io.sharekeep.attestation.policy.AppraisalPolicy.KeyRule;
import io.sharekeep.attestation.policy.AppraisalPolicy.Mode;
import io.sharekeep.attestation.policy.AppraisalPolicy.PostQuantum;
import io.sharekeep.attestation.policy.AppraisalPolicy.ReleaseSigner;
import io.sharekeep.attestation.policy.AppraisalPolicy.Releases;
import io.sharekeep.attestation.policy.AppraisalPolicy.Shares;
import io.sharekeep.attestation.policy.AppraisalPolicy.Signing;
import io.sharekeep.attestation.policy.AppraisalPolicy.Software;
import io.sharekeep.attestation.policy.AppraisalPolicy.State;
import io.sharekeep.attestation.tpm.NvCounter;
import io.sharekeep.cbor.Decoded;
import io.sharekeep.cbor.Parsed;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Reads an appraisal policy from its canonical JSON; every complaint names the field. */
public final class PolicyReader {
  private static final String VERSION = "[0-9]{1,5}(\\.[0-9]{1,5}){0,3}";

  private PolicyReader() {}

  public static Parsed<AppraisalPolicy> read(byte[] json) {
    return switch (Json.read(json)) {
      case Decoded.Malformed(var reason, var offset) ->
          new Parsed.Malformed<>(reason + " at offset " + offset);
      case Decoded.Item(var item) -> NamedFields.read(item, PolicyReader::policy);
    };
  }

  private static AppraisalPolicy policy(NamedFields f) {
    var validity = f.map("valid", v -> List.of(instant(v, "from"), instant(v, "until")));
    f.require(validity.getLast().isAfter(validity.getFirst()), "valid", "ends before it begins");
    var trust = f.map("trust", Trust::read);
    var policy =
        new AppraisalPolicy(
            f.text("policy_id", 1, 128),
            validity.getFirst(),
            validity.getLast(),
            trust,
            f.map("freshness", PolicyReader::freshness),
            f.map("identity", PolicyReader::identity),
            section(
                f,
                "hsm",
                PolicyReader::hsm,
                new Hsm(Assurance.VENDOR_SIGNED, Optional.empty(), Map.of(), false)),
            section(
                f,
                "software",
                PolicyReader::software,
                new Software(Optional.empty(), Optional.empty(), List.of())),
            section(f, "boot", PolicyReader::boot, new Boot(new TreeMap<>(), false, false)),
            section(
                f,
                "runtime",
                PolicyReader::runtime,
                new Execution(
                    EnumSet.of(DebugStatus.DISABLED_SINCE_BOOT),
                    EnumSet.of(ApplianceState.Memory.MEMFD_SECRET),
                    EnumSet.of(ApplianceState.Unlock.ATTENDED))),
            section(f, "limits", PolicyReader::limits, List.of()),
            f.optional("signing_policy", g -> g.map("signing_policy", PolicyReader::signing)),
            section(
                f,
                "state",
                PolicyReader::state,
                new State(AntiRollback.HW_TPM, NvCounter.DEFAULT_INDEX, 0, 0, 0, true)),
            section(
                f, "clock", PolicyReader::clock, new Clock(EnumSet.of(ClockState.Source.NTS), 500)),
            f.optional("shares", g -> g.map("shares", PolicyReader::shares)),
            section(f, "evidence", PolicyReader::postQuantum, new PostQuantum(false, List.of())),
            section(f, "outcome", PolicyReader::outcome, Set.<TrustClaim>of()));
    contradictions(f, policy);
    return policy;
  }

  /** Two sections that cannot both be meant. */
  private static void contradictions(NamedFields f, AppraisalPolicy policy) {
    var trust = policy.trust();
    f.require(
        !trust.allowsSoft() || policy.hsm().minAssurance().compareTo(Assurance.SELF_REPORTED) <= 0,
        "hsm",
        "asks for a vendor's signature where trust.allow_soft admits soft tokens");
    f.require(
        !trust.allowsSoft() || !policy.refusedLimits().contains(Limit.SOFT_TOKEN.label()),
        "limits",
        "refuse soft-token where trust.allow_soft admits it");
    f.require(
        policy.state().antiRollback() != AntiRollback.HW_TPM
            || trust.allowsEmulatedTpm()
            || !trust.tpmRoots().isEmpty(),
        "state",
        "asks for a hardware TPM (also by default) where trust.tpm_roots names no maker");
    f.require(
        !policy.freshness().modes().contains(Mode.EPOCH) || !trust.witnesses().isEmpty(),
        "freshness",
        "admits epochs where trust.witnesses lists none");
    f.require(
        !policy.postQuantum().required() || !policy.postQuantum().keys().isEmpty(),
        "evidence",
        "requires a post-quantum signature and pins no key in pq_spki_sha256");
    f.require(
        policy.hsm().minAssurance().compareTo(Assurance.VENDOR_SIGNED) < 0
            || !trust.hsmRoots().isEmpty(),
        "hsm",
        "asks for a vendor's signature (also by default) where trust.hsm_roots is empty");
  }

  private static <T> T section(
      NamedFields f, String name, java.util.function.Function<NamedFields, T> reader, T absent) {
    return f.has(name) ? f.map(name, reader) : absent;
  }

  private static Freshness freshness(NamedFields f) {
    var modes = choices(f, "modes", Mode.class);
    f.require(!modes.isEmpty(), "modes", "is empty");
    return new Freshness(
        modes,
        Duration.ofSeconds(f.integer("max_age_s", 1, 31_536_000)),
        Duration.ofSeconds(f.has("max_skew_s") ? f.integer("max_skew_s", 0, 3600) : 60),
        Duration.ofMillis(f.has("max_rtt_ms") ? f.integer("max_rtt_ms", 1, 3_600_000) : 10_000));
  }

  private static Identity identity(NamedFields f) {
    var ueids = f.hexes("ueids", 1024, 33);
    f.require(!ueids.isEmpty(), "ueids", "names no appliance");
    return new Identity(
        ueids,
        f.texts("hsm_serials", 64, 64),
        f.hexes("tpm_ek_sha256", 64, 32),
        f.hexes("tls_spki_sha256", 64, 32));
  }

  private static Hsm hsm(NamedFields f) {
    var rules = new EnumMap<KeyClaim.Role, KeyRule>(KeyClaim.Role.class);
    boolean acceptsKek =
        f.has("keys")
            && f.map(
                "keys",
                keys -> {
                  for (var role : KeyClaim.Role.values()) {
                    if (keys.has(role.label()) && role != KeyClaim.Role.KEK) {
                      rules.put(role, keys.map(role.label(), PolicyReader::keyRule));
                    }
                  }
                  return keys.has("kek")
                      && keys.map(
                          "kek",
                          kek -> {
                            boolean accepts = kek.flag("accept_self_reported", false);
                            rules.put(KeyClaim.Role.KEK, keyRule(kek));
                            return accepts;
                          });
                });
    return new Hsm(
        f.has("min_assurance")
            ? f.choice("min_assurance", Assurance.class, Assurance::name)
            : Assurance.VENDOR_SIGNED,
        f.has("fips") ? f.map("fips", PolicyReader::fips) : Optional.empty(),
        rules,
        acceptsKek);
  }

  private static Optional<Fips> fips(NamedFields f) {
    var fips =
        new Fips(
            f.has("min_level") ? f.integer("min_level", 1, 4) : 1, f.texts("modules", 64, 128));
    return f.bool("required") ? Optional.of(fips) : Optional.empty();
  }

  private static KeyRule keyRule(NamedFields f) {
    return new KeyRule(
        f.flag("never_extractable", false),
        f.flag("local", false),
        f.optional("purpose_only", g -> g.texts("purpose_only", 16, 32)));
  }

  private static Software software(NamedFields f) {
    var releases = f.optional("releases", g -> g.map("releases", PolicyReader::releases));
    var minVersion = f.optional("min_version", g -> g.text("min_version", 1, 32));
    f.require(
        minVersion.filter(v -> !v.matches(VERSION)).isEmpty(), "min_version", "is no version");
    return new Software(minVersion, releases, f.texts("vulnerable", 256, 32));
  }

  private static Releases releases(NamedFields f) {
    var signers = f.maps("signers", 1, 16, PolicyReader::signer);
    int rebuilders = (int) f.integer("rebuilders", 0, 16);
    f.require(
        rebuilders <= signers.stream().filter(ReleaseSigner::isRebuilder).count(),
        "rebuilders",
        "exceeds the rebuilders listed");
    f.require(
        !signers.stream().allMatch(ReleaseSigner::isRebuilder), "signers", "names no release key");
    return new Releases(f.text("list", 1, 128), signers, rebuilders);
  }

  private static ReleaseSigner signer(NamedFields f) {
    var spki = f.base64("spki", 4096);
    var key = PublicKeys.ec(spki.value()).or(() -> PublicKeys.ed25519(spki.value()));
    var role = f.text("role", 1, 16);
    f.require(
        role.equals("release") || role.equals("rebuilder"),
        "role",
        "is neither release nor rebuilder");
    return new ReleaseSigner(
        f.text("name", 1, 64),
        role.equals("rebuilder"),
        spki,
        f.require(key, "spki", "is no key of kind EC or Ed25519"));
  }

  private static Boot boot(NamedFields f) {
    var pcrs = new TreeMap<Integer, List<Octets>>();
    if (f.has("pcrs")) {
      f.map(
          "pcrs",
          banks -> {
            banks.map(
                "sha256",
                bank -> {
                  for (int register = 0; register < 24; register++) {
                    if (bank.has("" + register)) {
                      pcrs.put(register, bank.hexes("" + register, 64, 32));
                    }
                  }
                  return bank;
                });
            return banks;
          });
    }
    var ima = f.has("ima") ? f.text("ima", 1, 16) : "optional";
    f.require(
        ima.equals("optional") || ima.equals("required"),
        "ima",
        "is neither optional nor required");
    return new Boot(pcrs, f.flag("require_eventlog", false), ima.equals("required"));
  }

  private static Execution runtime(NamedFields f) {
    var debug = EnumSet.noneOf(DebugStatus.class);
    debug.addAll(
        f.list(
            "dbgstat",
            1,
            5,
            (path, item) -> DebugStatus.of(NamedFields.asInteger(path, item, 0, 4)).orElseThrow()));
    return new Execution(
        debug,
        choices(f, "memory", ApplianceState.Memory.class),
        choices(f, "unlock", ApplianceState.Unlock.class));
  }

  private static List<String> limits(NamedFields f) {
    var refused = f.texts("refuse", 64, 64);
    for (var label : refused) {
      f.require(Limit.named(label).isPresent(), "refuse", "names " + label + ", which is no limit");
    }
    f.require(
        !refused.contains(Limit.HOST_ROOT_TRUSTED.label()),
        "refuse",
        "refuses host-root-trusted, which every report without a TEE carries");
    return refused;
  }

  private static Signing signing(NamedFields f) {
    var approvers = f.hexes("approvers", 64, 32);
    int minimum = f.has("min_approvals") ? (int) f.integer("min_approvals", 0, 64) : 0;
    f.require(minimum <= approvers.size(), "min_approvals", "exceeds the approvers listed");
    var accepted = f.hexes("sha384", 256, 48);
    f.require(!accepted.isEmpty(), "sha384", "accepts no policy");
    return new Signing(accepted, approvers, minimum);
  }

  private static State state(NamedFields f) {
    return new State(
        f.has("anti_rollback")
            ? f.choice("anti_rollback", AntiRollback.class, PolicyReader::label)
            : AntiRollback.HW_TPM,
        f.has("nv_index") ? f.integer("nv_index", 1, 0xffff_ffffL) : NvCounter.DEFAULT_INDEX,
        atLeast(f, "min_nv_counter"),
        atLeast(f, "min_log_size"),
        atLeast(f, "min_seq"),
        f.flag("chain_required", true));
  }

  private static long atLeast(NamedFields f, String name) {
    return f.has(name) ? f.integer(name, 0, Long.MAX_VALUE) : 0;
  }

  private static Clock clock(NamedFields f) {
    return new Clock(
        choices(f, "sources", ClockState.Source.class), f.integer("max_offset_ms", 0, 3_600_000));
  }

  private static Shares shares(NamedFields f) {
    return new Shares(
        f.maps(
            "expected",
            0,
            4096,
            s ->
                new Expected(
                    s.text("key_id", 1, 128),
                    s.hex("group_key", 32, 65),
                    s.optional("verification_share", g -> g.hex("verification_share", 32, 65)),
                    atLeast(s, "min_epoch"))),
        f.flag("forbid_unlisted", true));
  }

  private static PostQuantum postQuantum(NamedFields f) {
    return new PostQuantum(f.flag("require_pq", false), f.hexes("pq_spki_sha256", 16, 32));
  }

  private static Set<TrustClaim> outcome(NamedFields f) {
    var accepted = EnumSet.noneOf(TrustClaim.class);
    for (var label : f.texts("pass_with_warnings_in", 8, 32)) {
      var claim =
          java.util.Arrays.stream(TrustClaim.values())
              .filter(c -> c.label().equals(label))
              .findFirst();
      accepted.add(
          f.require(claim, "pass_with_warnings_in", "names " + label + ", which is no claim"));
    }
    return accepted;
  }

  private static <E extends Enum<E>> Set<E> choices(NamedFields f, String name, Class<E> type) {
    var values = EnumSet.noneOf(type);
    for (var label : f.texts(name, 16, 32)) {
      var found = EnumSet.allOf(type).stream().filter(v -> label(v).equals(label)).findFirst();
      values.add(f.require(found, name, "names " + label + ", which is not known"));
    }
    return values;
  }

  private static String label(Enum<?> value) {
    var name = value.name().toLowerCase(Locale.ROOT);
    return value instanceof AntiRollback ? name.replace('_', '-') : name;
  }

  private static Instant instant(NamedFields f, String name) {
    var text = f.text(name, 1, 40);
    return f.require(parsed(text), name, "is no UTC time such as 2027-01-31T12:00:00Z");
  }

  private static Optional<Instant> parsed(String text) {
    try {
      return Optional.of(Instant.parse(text));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
