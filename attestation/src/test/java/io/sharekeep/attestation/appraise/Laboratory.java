package io.sharekeep.attestation.appraise;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sharekeep.attestation.eat.ApplianceState;
import io.sharekeep.attestation.eat.Channel;
import io.sharekeep.attestation.eat.Claims;
import io.sharekeep.attestation.eat.ClockState;
import io.sharekeep.attestation.eat.DebugStatus;
import io.sharekeep.attestation.eat.Freshness;
import io.sharekeep.attestation.eat.Health;
import io.sharekeep.attestation.eat.HsmClaims;
import io.sharekeep.attestation.eat.KeyClaim;
import io.sharekeep.attestation.eat.LogState;
import io.sharekeep.attestation.eat.Measurement;
import io.sharekeep.attestation.eat.Membership;
import io.sharekeep.attestation.eat.ShareClaim;
import io.sharekeep.attestation.eat.SigningPolicy;
import io.sharekeep.attestation.eat.Software;
import io.sharekeep.attestation.eat.Unit;
import io.sharekeep.attestation.evidence.Octets;
import io.sharekeep.attestation.hsm.HsmKind;
import io.sharekeep.attestation.note.Checkpoint;
import io.sharekeep.attestation.note.NoteKey;
import io.sharekeep.attestation.note.SignedNote;
import io.sharekeep.attestation.note.TreeProofs;
import java.nio.ByteBuffer;
import java.security.KeyPair;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** One appliance, its authorities and its auditor: all keys, and the claims of a good report. */
public final class Laboratory {
  public static final Instant NOW = Instant.parse("2027-01-15T12:00:00Z");
  public static final Octets NONCE = Octets.sha256("nonce".getBytes(UTF_8));

  /** One for the whole run: making keys takes longer than any case. */
  public static final Laboratory SHARED = new Laboratory();

  public final Octets ueid = ueid(1);
  public final KeyPair applianceRoot = SoftKeys.p384();
  public final KeyPair custodianRoot = SoftKeys.p384();
  public final KeyPair strangerRoot = SoftKeys.p384();
  public final KeyPair tpmRoot = SoftKeys.p384();
  public final KeyPair auditor = SoftKeys.p384();
  public final KeyPair attest = SoftKeys.p384();
  public final KeyPair identity = SoftKeys.p256();
  public final KeyPair log = SoftKeys.p256();
  public final KeyPair tls = SoftKeys.p256();
  public final KeyPair tpmKey = SoftKeys.p256();
  public final KeyPair endorsement = SoftKeys.p384();
  public final KeyPair pq = SoftKeys.of("ML-DSA-65");
  public final KeyPair witness = SoftKeys.of("Ed25519");
  public final KeyPair release = SoftKeys.of("Ed25519");
  public final KeyPair rebuilder = SoftKeys.p256();

  public final Octets applianceRootCertificate = SoftKeys.root("appliance root", applianceRoot);
  public final Octets custodianRootCertificate = SoftKeys.root("custodian root", custodianRoot);
  public final Octets tpmRootCertificate = SoftKeys.root("tpm maker", tpmRoot);

  public final Octets attestCertificate = certificate(attest, ueid, SoftKeys.DIES);
  public final Octets crossCertificate = crossCertificate(attest);
  public final Octets tpmCertificate = tpmCertificate(tpmKey, ueid);
  public final Octets endorsementCertificate = endorsementCertificate("tpm maker", tpmRoot);

  public final Map<Integer, byte[]> bootEvents =
      new TreeMap<>(
          Map.of(4, digest("boot manager"), 7, digest("secure boot"), 14, digest("closure")));

  public final List<byte[]> leaves =
      IntStream.range(0, 10).mapToObj(i -> ("entry " + i).getBytes(UTF_8)).toList();

  public final List<Measurement> measurements =
      List.of(
          new Measurement("jimage/lib/modules", Octets.sha384("modules".getBytes(UTF_8))),
          new Measurement("jar/appliance.jar", Octets.sha384("appliance".getBytes(UTF_8))),
          new Measurement("jar/enclave-ops.jar", Octets.sha384("enclave".getBytes(UTF_8))),
          new Measurement("pkcs11/libsofthsm2.so", Octets.sha384("token".getBytes(UTF_8))),
          new Measurement("config/sharekeep.yaml", Octets.sha384("config".getBytes(UTF_8))));

  private Laboratory() {}

  public static Octets ueid(int n) {
    byte[] bytes = Arrays.copyOf(new byte[] {1}, 33);
    bytes[32] = (byte) n;
    return new Octets(bytes);
  }

  public static byte[] digest(String text) {
    return Octets.sha256(text.getBytes(UTF_8)).value();
  }

  /** A certificate of the attest key by the appliance's root. */
  public Octets certificate(KeyPair key, Octets unit, Instant until) {
    return SoftKeys.certificate(
        "attest",
        key,
        "appliance root",
        applianceRoot,
        false,
        List.of(Unit.uri(unit)),
        SoftKeys.BORN,
        until);
  }

  /** The custodian's certificate of the same key. */
  public Octets crossCertificate(KeyPair key) {
    return SoftKeys.certificate(
        "attest",
        key,
        "custodian root",
        custodianRoot,
        false,
        List.of(Unit.uri(ueid)),
        SoftKeys.BORN,
        SoftKeys.DIES);
  }

  public Octets tpmCertificate(KeyPair key, Octets unit) {
    return SoftKeys.certificate(
        "tpm",
        key,
        "appliance root",
        applianceRoot,
        false,
        List.of(
            Unit.uri(unit), TpmChecks.endorsementUri(Octets.sha256(SoftKeys.spki(endorsement)))),
        SoftKeys.BORN,
        SoftKeys.DIES);
  }

  public Octets endorsementCertificate(String issuer, KeyPair issuerKey) {
    return SoftKeys.certificate(
        "endorsement",
        endorsement,
        issuer,
        issuerKey,
        false,
        List.of(),
        SoftKeys.BORN,
        SoftKeys.DIES);
  }

  public SortedMap<Integer, Octets> registers() {
    return SoftTpm.registers(bootEvents);
  }

  /** A checkpoint of the first {@code size} leaves, cosigned by the witness at a time. */
  public byte[] checkpoint(List<byte[]> entries, Optional<Instant> cosigned) {
    var text =
        new String(
            new Checkpoint(
                    "vault.example/" + ueid.toString().substring(0, 16),
                    entries.size(),
                    TreeProofs.root(entries).value())
                .text(),
            UTF_8);
    var origin = text.substring(0, text.indexOf('\n'));
    var key = NoteKey.log(origin, SoftKeys.spki(log)).orElseThrow();
    var note =
        new SignedNote(
            text,
            List.of(
                new SignedNote.Line(
                    origin,
                    key.id(),
                    SoftKeys.sign("SHA256withECDSA", log, text.getBytes(UTF_8)))));
    if (cosigned.isEmpty()) {
      return note.bytes();
    }
    long time = cosigned.get().getEpochSecond();
    byte[] signature = SoftKeys.sign("Ed25519", witness, NoteKey.cosigned(time, text));
    return note.with(
            new SignedNote.Line(
                "witness.example",
                NoteKey.parse(witnessKey()).orElseThrow().id(),
                ByteBuffer.allocate(8 + signature.length).putLong(time).put(signature).array()))
        .bytes();
  }

  /** The witness's vkey. */
  public String witnessKey() {
    byte[] spki = SoftKeys.spki(witness);
    byte[] typed = new byte[33];
    typed[0] = 4;
    System.arraycopy(spki, spki.length - 32, typed, 1, 32);
    byte[] named = "witness.example\n".getBytes(UTF_8);
    byte[] input = Arrays.copyOf(named, named.length + typed.length);
    System.arraycopy(typed, 0, input, named.length, typed.length);
    return "witness.example+"
        + HexFormat.of().formatHex(Octets.sha256(input).value(), 0, 4)
        + "+"
        + Base64.getEncoder().encodeToString(typed);
  }

  /** The claims of a good report, without possession and without the TPM's part. */
  public Claims claims() {
    return new Claims(
        new Freshness(
            List.of(NONCE),
            List.of("auditor.example"),
            NOW.minusSeconds(2),
            NOW.plusSeconds(600),
            new Octets(new byte[16])),
        new Unit(
            ueid,
            "sharekeep",
            "1.4.2",
            DebugStatus.DISABLED_SINCE_BOOT,
            Optional.of(7L),
            new Octets(digest("boot")),
            Optional.of(3600L),
            Optional.of(1L)),
        new Software(
            measurements,
            Measurement.closure(measurements),
            Optional.of(new Octets(new byte[] {(byte) 0xa0})),
            List.of(
                new Software.SelfTest("kat", "frost", 1),
                new Software.SelfTest("kat", "ecdsa", 1),
                new Software.SelfTest("native", "libsodium", 1)),
            Optional.of(new Software.Build(Octets.sha384(new byte[0]), "builder.example"))),
        Octets.sha256(SoftKeys.spki(attest)),
        4021,
        Octets.sha384("report 4020".getBytes(UTF_8)),
        new Channel(
            Octets.sha256(SoftKeys.spki(identity)),
            new Octets(digest("envelope")),
            17,
            Optional.of(new Octets(digest("receipt"))),
            Octets.sha256(SoftKeys.spki(tls)),
            Optional.empty()),
        new SigningPolicy.Set(
            List.of(
                new SigningPolicy(
                    "acme",
                    "treasury",
                    3,
                    Octets.sha384("policy 3".getBytes(UTF_8)),
                    List.of(new Octets(digest("approver a")), new Octets(digest("approver b"))),
                    List.of(),
                    Optional.empty())),
            Optional.of(new SigningPolicy.Releases(5, Octets.sha384(new byte[] {5})))),
        new LogState(
            new Octets(checkpoint(leaves, Optional.of(NOW.minusSeconds(30)))),
            7,
            90,
            new Octets(digest("security state"))),
        new ClockState(ClockState.Source.NTS, true, -12, 2),
        health(),
        List.of(
            "host-root-trusted",
            "self-measured",
            "no-ima",
            "soft-token",
            "key-self-reported",
            "kek-self-reported",
            "pq-software-key",
            "receipt-software-key"),
        new ApplianceState(
            "operational",
            1,
            ApplianceState.Unlock.ATTENDED,
            ApplianceState.Memory.MEMFD_SECRET,
            "native",
            "sqlite",
            List.of(),
            false),
        List.of(
            new Membership(
                "acme",
                "treasury",
                Octets.sha384(new byte[] {1}),
                2,
                new Octets(digest("recovery")),
                Map.of("3", 41L))),
        List.of(),
        "appliance",
        new HsmClaims(
            Optional.empty(),
            DebugStatus.ENABLED,
            HsmKind.SOFTWARE,
            Optional.empty(),
            new HsmClaims.TokenInfo("SoftHSM project", "SoftHSM v2", "0123456789abcdef", "2.6"),
            Optional.empty(),
            keys(),
            Map.of(),
            new HsmClaims.Opens(41_210, 41_210, Optional.empty())),
        Optional.empty(),
        List.of(
            new ShareClaim(
                "acme",
                "hot-1",
                "frost-ed25519",
                2,
                3,
                1,
                2,
                new Octets(digest("group")),
                new Octets(digest("share")),
                3,
                NOW.getEpochSecond() - 86_400,
                "treasury",
                "treasury",
                ShareClaim.Stage.ACTIVE)));
  }

  private static List<Health> health() {
    var health = new ArrayList<Health>();
    Health.RUNTIME.stream()
        .sorted()
        .forEach(id -> health.add(new Health(id, Health.Status.OK, NOW.getEpochSecond(), "")));
    for (var id : List.of("kek.canary", "log", "session", "store")) {
      health.add(new Health(id, Health.Status.OK, NOW.getEpochSecond(), ""));
    }
    return health;
  }

  private List<KeyClaim> keys() {
    return List.of(
        key("core", KeyClaim.Role.KEK, Optional.empty(), List.of("decrypt", "encrypt")),
        key("core", KeyClaim.Role.IDENTITY, spki(identity), List.of("sign")),
        key("core", KeyClaim.Role.ATTEST, spki(attest), List.of("sign")),
        key("core", KeyClaim.Role.LOG, spki(log), List.of("sign")),
        key("edge", KeyClaim.Role.TLS, spki(tls), List.of("sign")),
        key("core", KeyClaim.Role.PQ, spki(pq), List.of("sign")));
  }

  private static Optional<Octets> spki(KeyPair pair) {
    return Optional.of(new Octets(SoftKeys.spki(pair)));
  }

  private static KeyClaim key(
      String token, KeyClaim.Role role, Optional<Octets> spki, List<String> purposes) {
    return new KeyClaim(
        token,
        role,
        role.label() + "-1",
        spki,
        role == KeyClaim.Role.KEK ? "AES-256" : "EC",
        false,
        true,
        true,
        true,
        true,
        purposes);
  }

  /** What a verifier remembers of the report before. */
  public Memory memory() {
    return new Memory(
        4020,
        Octets.sha384("report 4020".getBytes(UTF_8)),
        Optional.of(812L),
        Optional.of(7L),
        7,
        TreeProofs.root(leaves.subList(0, 7)),
        Map.of("acme/hot-1", 3L),
        5);
  }
}
