package io.sharekeep.attestation.appraise;

import static io.sharekeep.attestation.appraise.Draft.encode;
import static io.sharekeep.attestation.appraise.Draft.json;
import static io.sharekeep.attestation.appraise.Draft.member;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.sharekeep.attestation.cose.CoseHeader;
import io.sharekeep.attestation.cose.CoseSign1;
import io.sharekeep.attestation.eat.Labels;
import io.sharekeep.attestation.evidence.Octets;
import io.sharekeep.attestation.report.Bundle;
import io.sharekeep.cbor.Cbor;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** The corpus: mutations of one good report, and the exit and the check that each must meet. */
final class Forgeries {
  private static final Object[] KEYS = {266, "hsm", Labels.HSM_KEYS};

  private Forgeries() {}

  static Stream<Forgery> all() {
    return Stream.of(malformed(), invalid(), stale(), rollback(), contraindicated(), mild())
        .flatMap(List::stream);
  }

  private static Forgery of(String name, Exit exit, String check, Consumer<Draft> change) {
    return new Forgery(name, exit, check, change);
  }

  private static Forgery broken(String name, String check, Consumer<Draft> change) {
    return of(name, Exit.MALFORMED, check, change);
  }

  private static List<Forgery> malformed() {
    return List.of(
        broken("no bundle at all", "bundle", d -> d.file = _ -> "hello".getBytes(UTF_8)),
        broken("an empty file", "bundle", d -> d.file = _ -> new byte[0]),
        broken("a bundle without a report", "bundle", d -> d.file = _ -> encode(Cbor.map(_ -> {}))),
        broken("ten million bytes of zeros", "bundle", d -> d.file = _ -> new byte[10_000_000]),
        broken("sixteen MiB and one byte", "bundle", d -> d.file = _ -> new byte[(16 << 20) + 1]),
        broken("a byte after the bundle", "bundle", d -> d.file = f -> longer(f)),
        broken("two members of one name", "bundle", d -> d.file = _ -> twoMembers()),
        broken("a byte after the report", "cose.structure", d -> d.envelope = f -> longer(f)),
        broken("a report cut short", "cose.structure", d -> d.envelope = f -> shorter(f)),
        broken(
            "an indefinite length", "cose.structure", d -> d.envelope = f -> replaced(f, 2, 0x9f)),
        broken("depth 17", "cose.structure", d -> d.envelope = _ -> nested()),
        broken(
            "one MiB and one byte",
            "cose.structure",
            d -> d.envelope = _ -> new byte[(1 << 20) + 1]),
        broken("tag 61 missing", "cose.structure", d -> d.envelope = f -> skip(f, 2)),
        broken("tag 18 missing", "cose.structure", d -> d.envelope = f -> without18(f)),
        broken("another tag", "cose.structure", d -> d.envelope = f -> replaced(f, 2, 0xd1)),
        broken(
            "another type",
            "cose.structure",
            d ->
                d.header =
                    new CoseHeader(-35, CoseHeader.POLICY, d.header.chain(), Optional.empty())),
        broken(
            "an unprotected header",
            "cose.structure",
            d -> d.envelope = f -> part(f, 1, Cbor.map(m -> m.put(4, new byte[1])))),
        broken(
            "an unknown crit",
            "cose.structure",
            d ->
                d.envelope =
                    f -> protectedHeader(f, h -> Tree.put(h, 2, Cbor.list(Cbor.uint(99))))),
        broken(
            "the type missing",
            "cose.structure",
            d -> d.envelope = f -> protectedHeader(f, h -> Tree.remove(h, 16))),
        broken("an integer in a longer form", "claims", d -> d.payload = p -> longInteger(p)),
        broken("keys out of order", "claims", d -> d.payload = p -> swapped(p)),
        broken("a key twice", "claims", d -> d.payload = p -> doubled(p)),
        broken("a byte after the payload", "claims", d -> d.payload = p -> longer(p)),
        broken(
            "no ueid", "claims", d -> d.claims = Tree.set(d.claims, Cbor.bytes(new byte[7]), 256)),
        broken("no seq", "claims", d -> d.late = c -> Tree.remove(c, Labels.SEQUENCE)),
        broken("no limits", "claims", d -> d.late = c -> Tree.remove(c, Labels.LIMITS)),
        broken("no submodule hsm", "claims", d -> d.late = c -> Tree.remove(c, "hsm", 266)),
        broken(
            "a nonce of seven bytes",
            "claims",
            d -> d.claim(Cbor.bytes(new byte[7]), Labels.NONCE)),
        broken(
            "a claim that is not known",
            "claims",
            d -> d.late = c -> Tree.put(c, -80099, Cbor.bool(true))),
        broken(
            "shares that claim another debug status than the process that holds them",
            "claims",
            d -> d.claim(Cbor.uint(0), Labels.DEBUG)),
        broken(
            "another profile",
            "claims",
            d -> d.claim(Cbor.text("tag:sharekeep.io,2026:eat#2"), Labels.PROFILE)),
        broken(
            "a life of two hours",
            "claims",
            d -> d.claim(Cbor.uint(Laboratory.NOW.getEpochSecond() + 7200), Labels.EXPIRES)),
        broken("TPM magic wrong", "tpm.quote", d -> d.tpm.get().magic = 0xff544348),
        broken(
            "a byte after the TPM's statement",
            "tpm.quote",
            d -> d.tpm.get().trailing = new byte[1]),
        broken(
            "a log proof that is no list",
            "log.grown",
            d -> d.members = m -> m.put(Bundle.LOG_PROOF, member("x", new byte[] {1}))),
        broken(
            "a sidecar that is no envelope",
            "pq.sidecar",
            d -> d.members = m -> m.put(Bundle.SIDECAR, member("x", new byte[] {1}))),
        broken(
            "PKIX evidence that is no DER",
            "hsm.evidence",
            d -> {
              hardware(d, "pkix-evidence", new byte[] {1, 2, 3});
            }));
  }

  private static Forgery invalid(String name, String check, Consumer<Draft> change) {
    return of(name, Exit.INVALID, check, change);
  }

  private static List<Forgery> invalid() {
    var lab = Laboratory.SHARED;
    return List.of(
        invalid(
            "a bit of the payload", "sig.attest", d -> d.envelope = f -> flipped(f, f.length / 2)),
        invalid(
            "a bit of the signature",
            "sig.attest",
            d -> d.envelope = f -> flipped(f, f.length - 1)),
        invalid(
            "a bit of the certificate's signature",
            "sig.chain",
            d -> d.header = header(flipped(d.header.chain().getFirst()))),
        invalid("signed by another key", "sig.attest", d -> d.signer = lab.custodianRoot),
        invalid("algorithm -9", "sig.algorithm", d -> d.header = algorithm(d, -9)),
        invalid("algorithm -7", "sig.algorithm", d -> d.header = algorithm(d, -7)),
        invalid("algorithm -49", "sig.algorithm", d -> d.header = algorithm(d, -49)),
        invalid("algorithm HMAC", "sig.algorithm", d -> d.header = algorithm(d, 6)),
        invalid(
            "a key on P-256",
            "sig.algorithm",
            d -> d.header = header(lab.certificate(lab.identity, lab.ueid, SoftKeys.DIES))),
        invalid("no certificate", "sig.chain", d -> d.header = CoseHeader.report(List.of())),
        invalid(
            "an expired certificate",
            "sig.chain",
            d ->
                d.header =
                    header(lab.certificate(lab.attest, lab.ueid, Laboratory.NOW.minusSeconds(1)))),
        invalid(
            "a chain to no root",
            "sig.chain",
            d ->
                d.header =
                    header(
                        SoftKeys.certificate(
                            "attest",
                            lab.attest,
                            "appliance root",
                            lab.strangerRoot,
                            false,
                            List.of(),
                            SoftKeys.BORN,
                            SoftKeys.DIES))),
        invalid(
            "an authority's certificate",
            "sig.chain",
            d ->
                d.header =
                    header(
                        SoftKeys.certificate(
                            "attest",
                            lab.attest,
                            "appliance root",
                            lab.applianceRoot,
                            true,
                            List.of(),
                            SoftKeys.BORN,
                            SoftKeys.DIES))),
        invalid(
            "a certificate of another unit",
            "sig.unit",
            d -> d.header = header(lab.certificate(lab.attest, Laboratory.ueid(2), SoftKeys.DIES))),
        invalid(
            "claims confirmed by another key",
            "sig.unit",
            d -> d.claim(Cbor.bytes(new byte[32]), Labels.CONFIRMATION, 3)),
        invalid(
            "a revoked key",
            "sig.chain",
            d ->
                d.revocations =
                    Optional.of(
                        "{\"spki_sha256\":[\""
                            + Octets.sha256(SoftKeys.spki(lab.attest))
                            + "\"]}")),
        invalid(
            "a revoked unit",
            "sig.revoked",
            d -> d.revocations = Optional.of("{\"ueids\":[\"" + lab.ueid + "\"]}")),
        invalid(
            "one of two issuers missing",
            "sig.issuers",
            d -> d.members = m -> m.remove(Bundle.CROSS)),
        invalid(
            "a cross-certificate of another key",
            "sig.issuers",
            d ->
                d.members =
                    m ->
                        m.put(
                            Bundle.CROSS,
                            member(
                                "application/cbor",
                                encode(
                                    Cbor.list(
                                        Cbor.list(
                                            Cbor.bytes(
                                                lab.crossCertificate(lab.custodianRoot)
                                                    .value()))))))),
        invalid("a quote by another key", "tpm.quote", d -> d.tpm.get().key = lab.log),
        invalid(
            "a quote over other claims",
            "tpm.quote",
            d -> d.late = c -> Tree.set(c, Cbor.uint(9), Labels.UPTIME)),
        invalid(
            "register values that the quote does not cover",
            "tpm.quote",
            d ->
                d.late =
                    c ->
                        Tree.set(
                            c,
                            Cbor.bytes(new byte[32]),
                            266,
                            "tpm",
                            Labels.TPM_PCRS,
                            "sha256",
                            14)),
        invalid(
            "a bit of the counter's certificate",
            "tpm.counter",
            d ->
                d.late =
                    c ->
                        Tree.edit(
                            c,
                            i -> Cbor.bytes(flipped(bytes(i), 63)),
                            266,
                            "tpm",
                            Labels.TPM_NV_SIGNATURE)),
        invalid(
            "a TPM key of another unit",
            "tpm.key",
            d -> d.tpmCertificate = lab.tpmCertificate(lab.tpmKey, Laboratory.ueid(2))),
        invalid(
            "a certificate of another TPM key",
            "tpm.key",
            d -> d.tpmCertificate = lab.tpmCertificate(lab.log, lab.ueid)),
        invalid(
            "another event log",
            "tpm.eventlog",
            d ->
                d.members =
                    m ->
                        m.put(
                            Bundle.EVENT_LOG,
                            member("x", SoftTpm.eventLog(Map.of(4, Laboratory.digest("evil")))))),
        invalid("possession proven by another key", "hsm.possession", d -> d.prover = lab.tls),
        invalid("possession not proven", "hsm.possession", d -> d.proves = false),
        invalid(
            "the key attest that is listed is another",
            "hsm.keys",
            d -> d.claim(Cbor.bytes(SoftKeys.spki(lab.strangerRoot)), path(KEYS, 2, "spki"))),
        invalid(
            "the key tls that is listed is another",
            "hsm.keys",
            d -> d.claim(Cbor.bytes(SoftKeys.spki(lab.log)), path(KEYS, 4, "spki"))),
        invalid(
            "a sidecar over another report",
            "pq.sidecar",
            d ->
                d.members =
                    m ->
                        m.put(
                            Bundle.SIDECAR,
                            member(
                                "x",
                                CoseSign1.write(
                                    CoseHeader.sidecar(),
                                    new byte[64],
                                    b -> SoftKeys.sign("ML-DSA-65", lab.pq, b))))),
        invalid(
            "a sidecar by another key",
            "pq.sidecar",
            d ->
                d.members =
                    m ->
                        m.put(
                            Bundle.SIDECAR,
                            member(
                                "x",
                                CoseSign1.write(
                                    CoseHeader.sidecar(),
                                    Octets.sha512(content(m, Bundle.REPORT)).value(),
                                    b ->
                                        SoftKeys.sign("ML-DSA-65", SoftKeys.of("ML-DSA-65"), b))))),
        invalid(
            "a post-quantum key that is not pinned",
            "pq.sidecar",
            d -> d.rule(Cbor.list(Cbor.text("00".repeat(32))), "evidence", "pq_spki_sha256")),
        invalid(
            "a JWT with algorithm none",
            "jwt.link",
            d ->
                d.members =
                    m -> jwt(m, text -> "eyJhbGciOiJub25lIn0" + text.substring(text.indexOf('.')))),
        invalid(
            "a JWT of another report",
            "jwt.link",
            d -> {
              var other = new Draft();
              other.claim(Cbor.uint(5), Labels.UPTIME);
              d.members =
                  m ->
                      m.put(
                          Bundle.JWT,
                          Draft.valid(Bundle.read(other.file())).members().get(Bundle.JWT));
            }),
        invalid(
            "a bit of the JWT's signature",
            "jwt.link",
            d -> d.members = m -> jwt(m, text -> text.substring(0, text.length() - 4) + "AAAA")));
  }

  private static Forgery stale(String name, String check, Consumer<Draft> change) {
    return of(name, Exit.STALE, check, change);
  }

  private static List<Forgery> stale() {
    return List.of(
        stale(
            "another nonce",
            "fresh.nonce",
            d -> d.nonce = Optional.of(Octets.sha256(new byte[] {1}))),
        stale(
            "the nonce absent from an array",
            "fresh.nonce",
            d ->
                d.claims =
                    Tree.set(
                        Tree.remove(d.claims, Labels.AUDIENCE),
                        Cbor.list(Cbor.bytes(new byte[8]), Cbor.bytes(new byte[9])),
                        Labels.NONCE)),
        stale("no nonce and no epoch", "fresh.nonce", d -> d.nonce = Optional.empty()),
        stale(
            "a nonce where only epochs count",
            "fresh.nonce",
            d -> d.rule(Cbor.list(Cbor.text("epoch")), "freshness", "modes")),
        stale("an old epoch", "fresh.nonce", d -> epoch(d, Duration.ofMinutes(6))),
        stale("expired", "fresh.time", d -> d.at = Laboratory.NOW.plusSeconds(700)),
        stale("older than admitted", "fresh.time", d -> d.at = Laboratory.NOW.plusSeconds(400)),
        stale("issued in the future", "fresh.time", d -> d.at = Laboratory.NOW.minusSeconds(100)));
  }

  private static Forgery back(String name, String check, Consumer<Draft> change) {
    return of(name, Exit.ROLLBACK, check, change);
  }

  private static List<Forgery> rollback() {
    var lab = Laboratory.SHARED;
    return List.of(
        back("a lower number", "chain.seq", d -> d.claim(Cbor.uint(4019), Labels.SEQUENCE)),
        back(
            "a number below the policy's",
            "chain.seq",
            d -> {
              d.memory = Optional.empty();
              d.claim(Cbor.uint(3999), Labels.SEQUENCE);
            }),
        back(
            "the same number with other bytes",
            "chain.seq",
            d -> d.claim(Cbor.uint(4020), Labels.SEQUENCE)),
        back(
            "another predecessor",
            "chain.seq",
            d -> d.claim(Cbor.bytes(new byte[48]), Labels.PREVIOUS)),
        back(
            "a gap where the chain is required",
            "chain.seq",
            d -> d.claim(Cbor.uint(4025), Labels.SEQUENCE)),
        back("a log that shrank", "log.grown", d -> log(d, d.lab.leaves.subList(0, 6))),
        back(
            "a log below the policy's size",
            "log.checkpoint",
            d -> {
              d.memory = Optional.empty();
              log(d, d.lab.leaves.subList(0, 4));
            }),
        back(
            "another history of the same length",
            "log.grown",
            d -> log(d, reversed(d.lab.leaves.subList(0, 7)))),
        back("another history that is longer", "log.grown", d -> log(d, reversed(d.lab.leaves))),
        back(
            "a consistency proof that is false",
            "log.grown",
            d ->
                d.members =
                    m ->
                        m.put(
                            Bundle.LOG_PROOF,
                            member("x", encode(Cbor.list(Cbor.bytes(new byte[32])))))),
        back(
            "a checkpoint by another log key",
            "log.checkpoint",
            d ->
                d.claim(
                    Cbor.bytes(resigned(d.lab.checkpoint(d.lab.leaves, Optional.empty()))),
                    Labels.LOG,
                    "checkpoint")),
        back(
            "a witness's signature that is wrong",
            "log.witnesses",
            d ->
                d.claim(
                    Cbor.bytes(
                        cosignedLater(d.lab.checkpoint(d.lab.leaves, Optional.of(Laboratory.NOW)))),
                    Labels.LOG,
                    "checkpoint")),
        back("a lower counter", "tpm.counter", d -> d.tpm.get().counter = 811),
        back(
            "a counter below the policy's",
            "tpm.counter",
            d -> {
              d.memory = Optional.empty();
              d.tpm.get().counter = 799;
            }),
        back("fewer resets", "tpm.counter", d -> d.tpm.get().resetCount = 6),
        back(
            "an index of another type",
            "tpm.counter",
            d -> d.tpm.get().nvName = new Octets(new byte[34])),
        back(
            "a lower epoch",
            "shares.epochs",
            d -> d.claim(Cbor.uint(2), 266, "shares", Labels.SHARES, 0, "epoch")),
        back(
            "more opens than leases",
            "hsm.opens",
            d -> d.claim(Cbor.uint(41_211), 266, "hsm", Labels.HSM_OPENS, "since_boot")),
        back(
            "an older list of releases",
            "sw.closure",
            d -> d.releases = Draft.releases(lab, 4, false)));
  }

  private static Forgery against(String name, String check, Consumer<Draft> change) {
    return of(name, Exit.CONTRAINDICATED, check, change);
  }

  private static List<Forgery> contraindicated() {
    var lab = Laboratory.SHARED;
    return List.of(
        against(
            "a unit that is not known",
            "identity.ueid",
            d -> d.rule(Cbor.list(Cbor.text("01" + "00".repeat(32))), "identity", "ueids")),
        against(
            "a TLS key that is not pinned",
            "identity.tls",
            d -> d.rule(Cbor.list(Cbor.text("00".repeat(32))), "identity", "tls_spki_sha256")),
        against(
            "a soft token under a production policy",
            "hsm.evidence",
            d -> {
              d.rule(Cbor.bool(false), "trust", "allow_soft");
            }),
        against(
            "a token's own word under a production policy",
            "hsm.evidence",
            d -> {
              production(d);
              hardware(d, "none", new byte[0]);
            }),
        against(
            "an HSM that is not listed",
            "hsm.serial",
            d -> d.rule(Cbor.list(Cbor.text("777")), "identity", "hsm_serials")),
        against(
            "an emulated TPM",
            "tpm.kind",
            d -> d.endorsement = lab.endorsementCertificate("swtpm-localca", lab.tpmRoot)),
        against(
            "a TPM of no known maker",
            "tpm.kind",
            d -> d.endorsement = lab.endorsementCertificate("tpm maker", lab.strangerRoot)),
        against("an extractable key", "hsm.keys", d -> key(d, 1, "extractable", Cbor.bool(true))),
        against(
            "a key that is not sensitive",
            "hsm.keys",
            d -> key(d, 0, "sensitive", Cbor.bool(false))),
        against(
            "a key with two purposes",
            "hsm.keys",
            d -> key(d, 1, "purpose", Cbor.list(Cbor.text("sign"), Cbor.text("decrypt")))),
        against(
            "a sealing key that wraps",
            "hsm.keys",
            d ->
                key(
                    d,
                    0,
                    "purpose",
                    Cbor.list(Cbor.text("decrypt"), Cbor.text("encrypt"), Cbor.text("wrap")))),
        against("a key from elsewhere", "hsm.keys", d -> key(d, 2, "local", Cbor.bool(false))),
        against(
            "two keys of one role",
            "hsm.keys",
            d -> d.claims = Tree.edit(d.claims, l -> with(l, items(l).getFirst()), KEYS)),
        against(
            "a debugger",
            "run.debug",
            d -> {
              d.claim(Cbor.uint(0), Labels.DEBUG);
              d.claim(Cbor.uint(0), 266, "shares", Labels.DEBUG);
            }),
        against("jdwp on", "run.health", d -> failing(d, "runtime.jdwp", "-agentlib:jdwp")),
        against(
            "attach open", "run.health", d -> failing(d, "runtime.attach", "a flag is missing")),
        against("an agent", "run.health", d -> failing(d, "runtime.agent", "-javaagent:x.jar")),
        against("a tracer", "run.health", d -> failing(d, "runtime.tracer", "TracerPid 77")),
        against(
            "a deleted mapping",
            "sw.closure",
            d -> measured(d, "native/libsodium.so (deleted)", new byte[48])),
        against(
            "a thing measured twice",
            "sw.closure",
            d -> measured(d, "config/sharekeep.yaml", new byte[48])),
        against(
            "a closure that is not of the measurements",
            "sw.closure",
            d -> d.claim(measurement("closure", new byte[48]), Labels.MEASUREMENTS, 5)),
        against("a revoked release", "sw.closure", d -> d.releases = Draft.releases(lab, 5, true)),
        against(
            "a self-test that failed",
            "sw.selftests",
            d -> d.claim(Cbor.uint(2), Labels.RESULTS, 0, 1, 0, 1)),
        against("a limit omitted", "limits.complete", d -> limits(d, "soft-token")),
        against(
            "host-root-trusted omitted", "limits.complete", d -> limits(d, "host-root-trusted")),
        against(
            "a limit that the policy refuses",
            "limits.refused",
            d -> {
              d.claim(Cbor.bool(true), Labels.STATE, "shared_administration");
              d.claims =
                  Tree.edit(
                      d.claims, l -> with(l, Cbor.text("shared-administration")), Labels.LIMITS);
            }),
        against(
            "an altered signing policy",
            "policy.signing",
            d -> d.claim(Cbor.bytes(new byte[48]), Labels.POLICY, "policies", 0, "sha384")),
        against(
            "a signing policy that one approver signed twice",
            "policy.signing",
            d ->
                d.claims =
                    Tree.edit(
                        d.claims,
                        l -> Cbor.list(items(l).getFirst(), items(l).getFirst()),
                        Labels.POLICY,
                        "policies",
                        0,
                        "signers")),
        against(
            "a share that is not listed",
            "shares.held",
            d -> d.claim(Cbor.text("hot-2"), 266, "shares", Labels.SHARES, 0, "key_id")),
        against(
            "another group key",
            "shares.held",
            d -> d.claim(Cbor.bytes(new byte[32]), 266, "shares", Labels.SHARES, 0, "group_key")),
        against(
            "an unattended start",
            "run.state",
            d -> {
              d.claim(Cbor.text("unattended"), Labels.STATE, "unlock");
              d.claims =
                  Tree.edit(d.claims, l -> with(l, Cbor.text("unattended-unlock")), Labels.LIMITS);
            }),
        against(
            "zero-signature evidence",
            "hsm.evidence",
            d -> {
              production(d);
              hardware(d, "pkix-evidence", io.sharekeep.attestation.hsm.PkixForms.unsigned());
            }));
  }

  /** What is missing, and what is for the auditor to weigh. */
  private static List<Forgery> mild() {
    return List.of(
        of(
            "the sidecar stripped",
            Exit.INSUFFICIENT,
            "pq.sidecar",
            d -> d.members = m -> m.remove(Bundle.SIDECAR)),
        of(
            "no TPM",
            Exit.INSUFFICIENT,
            "tpm.quote",
            d -> {
              d.tpm = Optional.empty();
              d.claims =
                  Tree.edit(
                      d.claims,
                      l -> with(with(l, Cbor.text("no-tpm")), Cbor.text("no-boot-log")),
                      Labels.LIMITS);
            }),
        of(
            "no event log",
            Exit.INSUFFICIENT,
            "tpm.eventlog",
            d -> d.members = m -> m.remove(Bundle.EVENT_LOG)),
        of(
            "a register that is not quoted",
            Exit.INSUFFICIENT,
            "tpm.pcrs",
            d -> {
              d.registers = new TreeMap<>(d.registers);
              d.registers.remove(14);
            }),
        of(
            "no witness",
            Exit.INSUFFICIENT,
            "log.witnesses",
            d -> {
              d.claim(
                  Cbor.bytes(d.lab.checkpoint(d.lab.leaves, Optional.empty())),
                  Labels.LOG,
                  "checkpoint");
              d.claims = Tree.edit(d.claims, l -> with(l, Cbor.text("unwitnessed")), Labels.LIMITS);
            }),
        of(
            "no proof that the log only grew",
            Exit.INSUFFICIENT,
            "log.grown",
            d -> d.members = m -> m.remove(Bundle.LOG_PROOF)),
        of("no list of releases", Exit.INSUFFICIENT, "sw.closure", d -> d.sendReleases = false),
        of(
            "evidence of a kind that is not supported",
            Exit.INSUFFICIENT,
            "hsm.evidence",
            d -> {
              production(d);
              hardware(d, "luna-pkc", new byte[] {1});
            }),
        of(
            "a kernel's list that is not replayed",
            Exit.INSUFFICIENT,
            "tpm.ima",
            d -> d.rule(Cbor.text("required"), "boot", "ima")),
        of(
            "FIPS mode required and not stated",
            Exit.INSUFFICIENT,
            "hsm.fips",
            d ->
                d.policy =
                    Tree.put(d.policy, "fips", json("{'required': true, 'min_level': 3}"), "hsm")),
        of(
            "a gap where the chain is not required",
            Exit.WARNING,
            "chain.seq",
            d -> {
              d.rule(Cbor.bool(false), "state", "chain_required");
              d.claim(Cbor.uint(4025), Labels.SEQUENCE);
            }),
        of("an unknown jar", Exit.WARNING, "sw.closure", d -> swappedJar(d, true)),
        of(
            "an unknown register",
            Exit.WARNING,
            "tpm.pcrs",
            d -> d.rule(Cbor.list(Cbor.text("00".repeat(32))), "boot", "pcrs", "sha256", "14")),
        of(
            "a vulnerable release",
            Exit.WARNING,
            "sw.version",
            d -> d.rule(Cbor.list(Cbor.text("1.4.2")), "software", "vulnerable")),
        of(
            "a release below the least",
            Exit.WARNING,
            "sw.version",
            d -> d.rule(Cbor.text("1.10"), "software", "min_version")),
        of(
            "a clock outside the bounds",
            Exit.WARNING,
            "clock.source",
            d -> d.claim(Cbor.integer(-501), Labels.CLOCK, "offset_ms")),
        of(
            "a clock that follows nobody",
            Exit.WARNING,
            "clock.source",
            d -> {
              d.claim(Cbor.text("none"), Labels.CLOCK, "source");
              d.claims =
                  Tree.edit(
                      d.claims, l -> with(l, Cbor.text("clock-unauthenticated")), Labels.LIMITS);
            }),
        of(
            "a TPM whose clock may have gone back",
            Exit.WARNING,
            "tpm.quote",
            d -> d.tpm.get().safe = false),
        of(
            "a fact about the process left out",
            Exit.WARNING,
            "run.health",
            d ->
                d.claims =
                    Tree.edit(d.claims, l -> Cbor.list(items(l).subList(1, 9)), Labels.HEALTH)),
        of(
            "something degraded",
            Exit.WARNING,
            "run.health",
            d -> d.claim(Cbor.uint(1), Labels.HEALTH, 9, 1)),
        of(
            "a sealing key on its own word, not accepted",
            Exit.WARNING,
            "hsm.kek",
            d -> d.rule(Cbor.bool(false), "hsm", "keys", "kek", "accept_self_reported")),
        of(
            "a policy that is not valid any more",
            Exit.ERROR,
            "policy",
            d -> d.at = Instant.parse("2027-03-02T00:00:00Z")));
  }

  static void swappedJar(Draft d, boolean closes) {
    var jar = measurement("jar/enclave-ops.jar", new byte[48]);
    d.claim(jar, Labels.MEASUREMENTS, 2);
    if (closes) {
      var changed = new ArrayList<>(d.lab.measurements);
      changed.set(
          2,
          new io.sharekeep.attestation.eat.Measurement(
              "jar/enclave-ops.jar", new Octets(new byte[48])));
      d.claim(
          measurement("closure", io.sharekeep.attestation.eat.Measurement.closure(changed).value()),
          Labels.MEASUREMENTS,
          5);
    }
  }

  /** A production policy: hardware by the vendor's signature. */
  static void production(Draft d) {
    d.rule(Cbor.bool(false), "trust", "allow_soft");
    d.rule(Cbor.text("VENDOR_SIGNED"), "hsm", "min_assurance");
    d.policy =
        Tree.put(
            d.policy,
            "hsm_roots",
            json(
                "{'yubihsm2': [{'der': '%s'}], 'pkix-evidence': [{'der': '%s'}]}"
                    .formatted(
                        Draft.base64(d.lab.tpmRootCertificate.value()),
                        Draft.base64(d.lab.tpmRootCertificate.value()))),
            "trust");
  }

  /** A token that does not call itself soft. */
  static void hardware(Draft d, String kind, byte[] evidence) {
    d.claim(Cbor.text(kind), 266, "hsm", Labels.HSM_KIND);
    d.claim(Cbor.text("Vendor"), 266, "hsm", Labels.HSM_TOKEN_INFO, "manufacturer");
    d.claim(Cbor.text("HSM"), 266, "hsm", Labels.HSM_TOKEN_INFO, "model");
    if (evidence.length > 0) {
      d.claims =
          Tree.put(
              d.claims,
              Labels.HSM_EVIDENCE,
              Cbor.list(
                  Cbor.text("application/octet-stream"),
                  Cbor.bytes(evidence),
                  Cbor.list(List.of())),
              266,
              "hsm");
    }
  }

  private static void epoch(Draft d, Duration age) {
    var checkpoint = d.lab.checkpoint(d.lab.leaves, Optional.of(Laboratory.NOW.minus(age)));
    d.nonce = Optional.empty();
    d.claim(Cbor.bytes(checkpoint), Labels.LOG, "checkpoint");
    d.claim(Cbor.bytes(Octets.sha256(checkpoint).value()), Labels.NONCE);
  }

  private static void key(Draft d, int place, String field, Cbor value) {
    d.claim(value, path(KEYS, place, field));
  }

  private static void failing(Draft d, String id, String detail) {
    var ids =
        items(Tree.get(d.claims, Labels.HEALTH)).stream()
            .map(item -> ((Cbor.Text) items(item).getFirst()).value())
            .toList();
    int place = ids.indexOf(id);
    d.claim(Cbor.uint(2), Labels.HEALTH, place, 1);
    d.claim(Cbor.text(detail), Labels.HEALTH, place, 3);
  }

  private static void measured(Draft d, String name, byte[] digest) {
    d.claims = Tree.edit(d.claims, l -> with(l, measurement(name, digest)), Labels.MEASUREMENTS);
    var all = new ArrayList<Cbor>(items(Tree.get(d.claims, Labels.MEASUREMENTS)));
    all.add(all.remove(5)); // The closure comes last.
    d.claim(Cbor.list(all), Labels.MEASUREMENTS);
  }

  private static Cbor measurement(String name, byte[] digest) {
    return Cbor.list(
        Cbor.uint(295),
        Cbor.bytes(
            encode(
                Cbor.map(m ->
                    m.put(1, Cbor.list(Cbor.text(name)))
                        .put(2, Cbor.list(Cbor.integer(-43), Cbor.bytes(digest)))))));
  }

  private static void limits(Draft d, String without) {
    d.claims =
        Tree.edit(
            d.claims,
            l -> Cbor.list(items(l).stream().filter(i -> !i.equals(Cbor.text(without))).toList()),
            Labels.LIMITS);
  }

  private static void log(Draft d, List<byte[]> leaves) {
    d.claim(
        Cbor.bytes(d.lab.checkpoint(leaves, Optional.of(Laboratory.NOW))),
        Labels.LOG,
        "checkpoint");
    d.claim(Cbor.uint(0), Labels.LOG, "size_at_previous");
  }

  private static List<byte[]> reversed(List<byte[]> leaves) {
    return leaves.reversed();
  }

  /** The log's own line with a signature by somebody else. */
  private static byte[] resigned(byte[] note) {
    var text = new String(note, UTF_8);
    int at = text.lastIndexOf(' ');
    byte[] blob = java.util.Base64.getDecoder().decode(text.substring(at + 1).strip());
    var body = text.substring(0, text.indexOf("\n\n") + 1);
    byte[] der = SoftKeys.sign("SHA256withECDSA", Laboratory.SHARED.tls, body.getBytes(UTF_8));
    byte[] forged = Arrays.copyOf(blob, 4 + der.length);
    System.arraycopy(der, 0, forged, 4, der.length);
    return (text.substring(0, at + 1) + Draft.base64(forged) + "\n").getBytes(UTF_8);
  }

  /** The witness's time moved by a second. */
  private static byte[] cosignedLater(byte[] note) {
    var text = new String(note, UTF_8);
    int at = text.lastIndexOf(' ');
    byte[] blob = java.util.Base64.getDecoder().decode(text.substring(at + 1).strip());
    blob[11] ^= 1;
    return (text.substring(0, at + 1) + Draft.base64(blob) + "\n").getBytes(UTF_8);
  }

  private static void jwt(Map<String, Bundle.Member> members, UnaryOperator<String> change) {
    var jwt = new String(content(members, Bundle.JWT), US_ASCII);
    members.put(Bundle.JWT, member("application/eat+jwt", change.apply(jwt).getBytes(US_ASCII)));
  }

  private static byte[] content(Map<String, Bundle.Member> members, String name) {
    return Optional.ofNullable(members.get(name)).orElseThrow().bytes().value();
  }

  private static CoseHeader header(Octets certificate) {
    return CoseHeader.report(List.of(certificate));
  }

  private static CoseHeader algorithm(Draft d, long label) {
    return new CoseHeader(label, CoseHeader.REPORT, d.header.chain(), Optional.empty());
  }

  private static Object[] path(Object[] start, Object... rest) {
    var path = Arrays.copyOf(start, start.length + rest.length);
    System.arraycopy(rest, 0, path, start.length, rest.length);
    return path;
  }

  static List<Cbor> items(Cbor list) {
    return ((Cbor.Sequence) list).items();
  }

  private static Cbor with(Cbor list, Cbor item) {
    var items = new ArrayList<>(items(list));
    items.add(item);
    return Cbor.list(items);
  }

  private static byte[] bytes(Cbor item) {
    return ((Cbor.Bytes) item).value();
  }

  private static byte[] longer(byte[] bytes) {
    return Arrays.copyOf(bytes, bytes.length + 1);
  }

  private static byte[] shorter(byte[] bytes) {
    return Arrays.copyOf(bytes, bytes.length - 1);
  }

  private static byte[] skip(byte[] bytes, int count) {
    return Arrays.copyOfRange(bytes, count, bytes.length);
  }

  private static byte[] replaced(byte[] bytes, int place, int value) {
    var copy = bytes.clone();
    copy[place] = (byte) value;
    return copy;
  }

  private static byte[] flipped(byte[] bytes, int place) {
    return replaced(bytes, place, bytes[place] ^ 1);
  }

  private static Octets flipped(Octets octets) {
    return new Octets(flipped(octets.value(), octets.length() - 1));
  }

  private static byte[] without18(byte[] envelope) {
    byte[] bytes = Arrays.copyOf(envelope, envelope.length - 1);
    System.arraycopy(envelope, 3, bytes, 2, envelope.length - 3);
    return bytes;
  }

  /** Seventeen containers in one another. */
  private static byte[] nested() {
    byte[] bytes = new byte[18];
    Arrays.fill(bytes, (byte) 0x81);
    bytes[17] = 0;
    return bytes;
  }

  private static byte[] part(byte[] envelope, int place, Cbor value) {
    return encode(
        Tree.edit(unwrapped(envelope), p -> value, place) instanceof Cbor.Sequence changed
            ? Cbor.tag(61, Cbor.tag(18, changed))
            : Cbor.map(_ -> {}));
  }

  private static byte[] protectedHeader(byte[] envelope, UnaryOperator<Cbor> change) {
    var header = Draft.decode(bytes(Tree.get(unwrapped(envelope), 0)));
    return part(envelope, 0, Cbor.bytes(encode(change.apply(header))));
  }

  private static Cbor unwrapped(byte[] envelope) {
    var outer = (Cbor.Tag) Draft.decode(envelope);
    return ((Cbor.Tag) outer.item()).item();
  }

  /** The first entry of the payload is {3: audience}: its key in two bytes. */
  private static byte[] longInteger(byte[] payload) {
    int at = firstKey(payload);
    byte[] longer = new byte[payload.length + 1];
    System.arraycopy(payload, 0, longer, 0, at);
    longer[at] = 0x18;
    longer[at + 1] = payload[at];
    System.arraycopy(payload, at + 1, longer, at + 2, payload.length - at - 1);
    return longer;
  }

  /** The first key made larger than the second. */
  private static byte[] swapped(byte[] payload) {
    return replaced(payload, firstKey(payload), 5);
  }

  /** The first key made equal to the second. */
  private static byte[] doubled(byte[] payload) {
    return replaced(payload, firstKey(payload), 4);
  }

  private static int firstKey(byte[] payload) {
    return (payload[0] & 0x1f) < 24 ? 1 : 2;
  }

  private static byte[] twoMembers() {
    byte[] member = encode(Cbor.list(Cbor.text("x"), Cbor.bytes(new byte[1])));
    byte[] name = encode(Cbor.text("report"));
    byte[] bytes = new byte[1 + 2 * (name.length + member.length)];
    bytes[0] = (byte) 0xa2;
    int at = 1;
    for (int i = 0; i < 2; i++) {
      System.arraycopy(name, 0, bytes, at, name.length);
      System.arraycopy(member, 0, bytes, at + name.length, member.length);
      at += name.length + member.length;
    }
    return bytes;
  }
}
