package io.sharekeep.attestation.appraise;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sharekeep.attestation.cose.CoseHeader;
import io.sharekeep.attestation.cose.CoseSign1;
import io.sharekeep.attestation.eat.Claims;
import io.sharekeep.attestation.eat.Jwt;
import io.sharekeep.attestation.evidence.Octets;
import io.sharekeep.attestation.json.Json;
import io.sharekeep.attestation.json.Named;
import io.sharekeep.attestation.note.TreeProofs;
import io.sharekeep.attestation.policy.PolicyFile;
import io.sharekeep.attestation.policy.ReleaseList;
import io.sharekeep.attestation.policy.Revocations;
import io.sharekeep.attestation.report.Bundle;
import io.sharekeep.cbor.Cbor;
import io.sharekeep.cbor.CborDecoder;
import io.sharekeep.cbor.CborEncoder;
import io.sharekeep.cbor.CborLimits;
import io.sharekeep.cbor.CborProfile;
import io.sharekeep.cbor.Decoded;
import io.sharekeep.cbor.Parsed;
import java.security.KeyPair;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * A good report in the making, with a place to go wrong at every step. What is changed before a
 * signature is signed; what is changed after shows.
 */
public final class Draft {
  /** Most cases are put to one policy. */
  private static final Map<Octets, PolicyFile> SIGNED = new HashMap<>();

  private static final Cbor CLAIMS = decode(Laboratory.SHARED.claims().encode());
  private static final Cbor RELEASES = releases(Laboratory.SHARED);
  private static final Cbor POLICY = policy(Laboratory.SHARED);

  public final Laboratory lab = Laboratory.SHARED;

  /** The auditor's side. */
  public Cbor policy = POLICY;

  public Instant at = Laboratory.NOW;
  public Optional<Octets> nonce = Optional.of(Laboratory.NONCE);
  public Optional<Memory> memory = Optional.of(lab.memory());
  public Cbor releases = RELEASES;
  public boolean sendReleases = true;
  public Optional<String> revocations = Optional.empty();

  /** Before anything is signed. */
  public Cbor claims = CLAIMS;

  /** Between the TPM's signatures and the report's. */
  public UnaryOperator<Cbor> late = c -> c;

  public UnaryOperator<byte[]> payload = p -> p;
  public KeyPair signer = lab.attest;
  public KeyPair prover = lab.identity;
  public boolean proves = true;
  public CoseHeader header = CoseHeader.report(List.of(lab.attestCertificate));
  public UnaryOperator<byte[]> envelope = e -> e;
  public Optional<SoftTpm> tpm = Optional.of(new SoftTpm(lab.tpmKey));
  public SortedMap<Integer, Octets> registers = lab.registers();
  public Octets tpmCertificate = lab.tpmCertificate;
  public Octets endorsement = lab.endorsementCertificate;
  public Consumer<Map<String, Bundle.Member>> members = _ -> {};
  public UnaryOperator<byte[]> file = f -> f;

  /** Nothing is wrong yet. */
  public Draft() {}

  public Draft claim(Cbor value, Object... path) {
    claims = Tree.set(claims, value, path);
    return this;
  }

  public Draft rule(Cbor value, Object... path) {
    policy = Tree.set(policy, value, path);
    return this;
  }

  public Verdict appraise() {
    return appraise(new Appraiser());
  }

  public Verdict appraise(Appraiser appraiser) {
    return appraiser.appraise(file(), question());
  }

  public PolicyFile policyFile() {
    return SIGNED.computeIfAbsent(
        new Octets(Json.write(policy)), _ -> valid(PolicyFile.read(policyBytes())));
  }

  public byte[] policyBytes() {
    return valid(
        PolicyFile.sign(
            Json.write(policy), SoftKeys.spki(lab.auditor), m -> SoftKeys.es384(lab.auditor, m)));
  }

  public byte[] releaseBytes() {
    return Json.write(releases);
  }

  public Question question() {
    var signed = policyFile();
    return new Question(
        signed,
        sendReleases
            ? signed
                .policy()
                .software()
                .releases()
                .map(rule -> valid(ReleaseList.read(releaseBytes(), rule)))
            : Optional.empty(),
        revocations
            .map(json ->
                valid(
                    Revocations.read(
                        List.of(
                            valid(
                                Revocations.sign(
                                    json.getBytes(UTF_8),
                                    SoftKeys.spki(lab.auditor),
                                    m -> SoftKeys.es384(lab.auditor, m)))),
                        signed.signer())))
            .orElse(Revocations.NONE),
        nonce,
        memory,
        memory.isPresent(),
        at);
  }

  /** The bundle's bytes. */
  public byte[] file() {
    byte[] report = report();
    var members = new HashMap<String, Bundle.Member>();
    members.put(Bundle.REPORT, member(CoseHeader.REPORT, report));
    members.put(
        Bundle.SIDECAR,
        member(
            CoseHeader.SIDECAR,
            CoseSign1.write(
                CoseHeader.sidecar(),
                Octets.sha512(report).value(),
                m -> SoftKeys.sign("ML-DSA-65", lab.pq, m))));
    Claims.read(payload(report))
        .valid()
        .ifPresent(read ->
            members.put(
                Bundle.JWT,
                member(
                    "application/eat+jwt",
                    Jwt.write(read, report, m -> SoftKeys.es384(lab.attest, m)))));
    members.put(
        Bundle.CROSS,
        member(
            "application/cbor",
            encode(Cbor.list(Cbor.list(Cbor.bytes(lab.crossCertificate.value()))))));
    members.put(
        Bundle.EVENT_LOG, member("application/octet-stream", SoftTpm.eventLog(lab.bootEvents)));
    members.put(
        Bundle.LOG_PROOF,
        member(
            "application/cbor",
            encode(Named.list(TreeProofs.consistency(lab.leaves, 7, 10).nodes(), Named::bytes))));
    this.members.accept(members);
    return file.apply(new Bundle(members).encode());
  }

  private static byte[] payload(byte[] report) {
    return CoseSign1.read(report, CoseHeader.REPORT, CborLimits.REPORT)
        .valid()
        .map(CoseSign1::payload)
        .orElse(new byte[0]);
  }

  public static Bundle.Member member(String type, byte[] content) {
    return new Bundle.Member(type, new Octets(content));
  }

  /** The envelope's bytes. */
  public byte[] report() {
    var core = proves ? proved(claims) : claims;
    var whole = late.apply(tpm.map(t -> quoted(core, t)).orElse(core));
    return envelope.apply(
        CoseSign1.write(header, payload.apply(encode(whole)), m -> SoftKeys.es384(signer, m)));
  }

  private Cbor proved(Cbor core) {
    var possession =
        Named.map(n ->
            n.put("identity", new Octets(SoftKeys.es256(prover, possession(core, "identity"))))
                .put("log", new Octets(SoftKeys.es256(lab.log, possession(core, "log")))));
    return Tree.set(core, possession, 266, "hsm", -80025);
  }

  /** By the text of the specification, and not by the code under test. */
  private static byte[] possession(Cbor core, String role) {
    return encode(
        Cbor.list(
            Cbor.text("sharekeep-key-pop-v1"),
            Cbor.text(role),
            Tree.get(core, 10),
            Tree.get(core, 256)));
  }

  private Cbor quoted(Cbor core, SoftTpm t) {
    byte[] bind =
        Octets.sha256(
                encode(
                    Cbor.list(
                        Cbor.text("sharekeep-tpm-bind-v1"),
                        Cbor.bytes(Octets.sha256(encode(core)).value()),
                        Cbor.bytes(Octets.sha256(SoftKeys.spki(lab.attest)).value()))))
            .value();
    var quote = t.quote(bind, registers);
    var counter = t.certify(bind);
    var tpmClaims =
        Cbor.map(m ->
            m.put(263, 2)
                .put(-80040, quote.attest().value())
                .put(-80041, quote.signature().value())
                .put(
                    -80042,
                    Named.map(n ->
                        n.put(
                            "sha256",
                            Cbor.map(
                                p -> registers.forEach((r, value) -> p.put(r, value.value()))))))
                .put(
                    -80043,
                    Cbor.list(
                        Cbor.bytes(SoftKeys.spki(lab.tpmKey)),
                        Cbor.list(Cbor.bytes(tpmCertificate.value())),
                        Cbor.list(Cbor.bytes(endorsement.value()))))
                .put(-80044, Octets.sha384(SoftTpm.eventLog(lab.bootEvents)).value())
                .put(-80045, counter.attest().value())
                .put(-80046, counter.signature().value())
                .put(-80047, 0x01805348L));
    return Tree.put(core, "tpm", tpmClaims, 266);
  }

  public static byte[] encode(Cbor item) {
    return CborEncoder.encode(CborProfile.EVIDENCE, item);
  }

  public static Cbor decode(byte[] bytes) {
    if (CborDecoder.decode(CborProfile.EVIDENCE, bytes, CborLimits.BUNDLE)
        instanceof Decoded.Item(var item)) {
      return item;
    }
    throw new IllegalArgumentException("not canonical");
  }

  public static <T> T valid(Parsed<T> parsed) {
    return switch (parsed) {
      case Parsed.Valid<T>(var value) -> value;
      case Parsed.Malformed<T>(var reason) -> throw new IllegalArgumentException(reason);
    };
  }

  /** JSON with single quotes, as a tree. */
  public static Cbor json(String text) {
    if (Json.read(text.replace('\'', '"').getBytes(UTF_8)) instanceof Decoded.Item(var item)) {
      return item;
    }
    throw new IllegalArgumentException(text);
  }

  /** As strict as a soft token and no trusted execution environment let it be. */
  static Cbor policy(Laboratory lab) {
    var pcrs =
        lab.registers().entrySet().stream()
            .map(e -> "'" + e.getKey() + "': ['" + e.getValue() + "']")
            .toList();
    return json(
        """
        {'policy_id': 'auditor/laboratory/7',
         'valid': {'from': '2026-12-01T00:00:00Z', 'until': '2027-03-01T00:00:00Z'},
         'trust': {'appliance_roots': [{'name': 'appliance', 'der': '%s'},
                                       {'name': 'custodian', 'der': '%s'}],
                   'require_issuers': ['appliance', 'custodian'],
                   'tpm_roots': [{'der': '%s'}], 'allow_soft': true,
                   'witnesses': {'quorum': 1, 'vkeys': ['%s']}},
         'freshness': {'modes': ['nonce', 'epoch'], 'max_age_s': 300, 'max_skew_s': 60},
         'identity': {'ueids': ['%s'], 'hsm_serials': ['0123456789abcdef'],
                      'tpm_ek_sha256': ['%s'], 'tls_spki_sha256': ['%s']},
         'hsm': {'min_assurance': 'SELF_REPORTED',
                 'keys': {'attest': {'never_extractable': true, 'local': true,
                                     'purpose_only': ['sign']},
                          'kek': {'accept_self_reported': true}}},
         'software': {'min_version': '1.4.0', 'vulnerable': ['1.3.0'],
                      'releases': {'list': 'releases.skl', 'rebuilders': 1, 'signers': [
                        {'name': 'release', 'role': 'release', 'spki': '%s'},
                        {'name': 'rebuilder-a', 'role': 'rebuilder', 'spki': '%s'}]}},
         'boot': {'pcrs': {'sha256': {%s}}, 'require_eventlog': true, 'ima': 'optional'},
         'runtime': {'dbgstat': [2], 'memory': ['memfd_secret', 'mlock'], 'unlock': ['attended']},
         'limits': {'refuse': ['shared-administration', 'pin-on-heap']},
         'signing_policy': {'sha384': ['%s'], 'approvers': ['%s', '%s'], 'min_approvals': 2},
         'state': {'anti_rollback': 'hw-tpm', 'min_nv_counter': 800, 'min_log_size': 5,
                   'min_seq': 4000, 'chain_required': true},
         'clock': {'sources': ['nts'], 'max_offset_ms': 500},
         'shares': {'expected': [{'key_id': 'hot-1', 'group_key': '%s',
                                  'verification_share': '%s', 'min_epoch': 3}],
                    'forbid_unlisted': true},
         'evidence': {'require_pq': true, 'pq_spki_sha256': ['%s']},
         'outcome': {'pass_with_warnings_in': ['hardware', 'runtime-opaque']}}
        """
            .formatted(
                base64(lab.applianceRootCertificate.value()),
                base64(lab.custodianRootCertificate.value()),
                base64(lab.tpmRootCertificate.value()),
                lab.witnessKey(),
                lab.ueid,
                Octets.sha256(SoftKeys.spki(lab.endorsement)),
                Octets.sha256(SoftKeys.spki(lab.tls)),
                base64(SoftKeys.spki(lab.release)),
                base64(SoftKeys.spki(lab.rebuilder)),
                String.join(", ", pcrs),
                Octets.sha384("policy 3".getBytes(UTF_8)),
                HexFormat.of().formatHex(Laboratory.digest("approver a")),
                HexFormat.of().formatHex(Laboratory.digest("approver b")),
                HexFormat.of().formatHex(Laboratory.digest("group")),
                HexFormat.of().formatHex(Laboratory.digest("share")),
                Octets.sha256(SoftKeys.spki(lab.pq))));
  }

  static Cbor releases(Laboratory lab) {
    return releases(lab, 5, false);
  }

  static Cbor releases(Laboratory lab, int version, boolean revoked) {
    var closure = lab.claims().software().closure();
    var components = new TreeMap<String, String>();
    lab.measurements.stream()
        .filter(m -> m.isReleased())
        .forEach(m -> components.put(m.name(), m.sha384().toString()));
    var document =
        json(
            """
            {'apiVersion': 'sharekeep.releases/v1', 'version': %d,
             'entries': [{'release': '1.4.2', 'closure_sha384': '%s', 'revoked': %s,
                          'components': {%s}}]}
            """
                .formatted(
                    version,
                    closure,
                    revoked,
                    String.join(
                        ", ",
                        components.entrySet().stream()
                            .map(e -> "'" + e.getKey() + "': '" + e.getValue() + "'")
                            .toList())));
    byte[] digest = ReleaseList.digest(Json.write(document)).value();
    var signatures = new ArrayList<Cbor>();
    signatures.add(
        signature("ed25519", lab.release, SoftKeys.sign("Ed25519", lab.release, digest)));
    signatures.add(signature("p256", lab.rebuilder, SoftKeys.es256(lab.rebuilder, digest)));
    return Named.map(m -> m.put("document", document).put("signatures", Cbor.list(signatures)));
  }

  private static Cbor signature(String algorithm, KeyPair pair, byte[] signature) {
    return Named.map(m ->
        m.put("algorithm", algorithm)
            .put("key", HexFormat.of().formatHex(SoftKeys.spki(pair)))
            .put("signature", HexFormat.of().formatHex(signature)));
  }

  static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
