package io.sharekeep.enclave.policy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharekeep.enclave.KeyId;
import io.sharekeep.enclave.KeyRequest;
import io.sharekeep.enclave.Refusal.Code;
import io.sharekeep.enclave.Scheme;
import io.sharekeep.enclave.SignRequest;
import io.sharekeep.enclave.Signer;
import io.sharekeep.enclave.json.CanonicalJson;
import io.sharekeep.enclave.json.StrictJson;
import io.sharekeep.enclave.policy.Assent.Choice;
import io.sharekeep.enclave.rules.PolicyReader;
import io.sharekeep.intent.Account;
import io.sharekeep.intent.Bytes;
import io.sharekeep.intent.ChainId;
import io.sharekeep.intent.Decoders;
import io.sharekeep.intent.Decoding;
import io.sharekeep.intent.Intent;
import io.sharekeep.intent.Purpose;
import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Signature;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Every no to what a person has signed, one wrong thing at a time, each by its own code. */
class AssentsTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final Instant NOW = Instant.parse("2027-01-11T11:00:00Z");
  private static final Signer BEN = Signer.ed25519();
  private static final Signer CLEO = Signer.p256();
  private static final Signer PASSKEY = Signer.p256();
  private static final Signer EDDSA_PASSKEY = Signer.ed25519();
  private static final Signer SERVICE = Signer.ed25519();
  private static final String ORIGIN = "https://console.vault.example";
  private static final String WEBAUTHN =
      """
      "webauthn": {"rpIds": ["console.vault.example"], "origins": ["%s"], "userVerification": "required"},
      """
          .formatted(ORIGIN);
  private static final RuledPolicy POLICY = policy(1);
  private static final Subject SUBJECT = subject("r-1", 1);

  private static RuledPolicy policy(int version) {
    return policy(version, WEBAUTHN);
  }

  private static RuledPolicy policy(int version, String webauthn) {
    var json =
        """
        {"apiVersion": "sharekeep.policy/v1", "kind": "Policy",
         "metadata": {"tenant": "acme", "id": "main", "party": "p1", "version": %d%s},
         "people": {"ben": {"keys": [%s]}, "cleo": {"keys": [%s]}, "eve": {"keys": [%s]},
           "pat": {"keys": [{"algorithm": "webauthn-es256", "key": "%s"},
                            {"algorithm": "webauthn-eddsa", "key": "%s"}]}},
         "services": {"svc": {"keys": [%s]}},
         "committees": ["%s"],
         "groups": {"all": {"members": {"ben": 1, "cleo": 1, "pat": 1}}, "makers": {"members": {"cleo": 1}}},
         "roles": {"administrator": "all", "initiator": ["svc", "ben"], "approver": "all"},
         %s
         "chains": ["%s"],
         "rules": [],
         "quorums": {"one": {"allOf": [{"group": "all"}]}, "make": {"allOf": [{"group": "makers"}]}},
         "ceremonies": {%s},
         "change": {"approvals": {"allOf": [{"group": "all"}]}, "timelock": "24h", "timelockTightening": "0s"}}
        """
            .formatted(
                version,
                version == 1 ? "" : ", \"previous\": \"" + "00".repeat(32) + "\"",
                key(BEN),
                key(CLEO),
                key(Signer.ed25519()),
                PASSKEY.hex(),
                EDDSA_PASSKEY.hex(),
                key(SERVICE),
                "cd".repeat(32),
                webauthn,
                ChainId.SOLANA_DEVNET,
                String.join(
                    ",",
                    Arrays.stream(io.sharekeep.enclave.rules.Ceremony.values())
                        .map(c ->
                            "\"%s\": {\"by\": \"%s\"}"
                                .formatted(
                                    c.label(),
                                    c == io.sharekeep.enclave.rules.Ceremony.KEYGEN
                                        ? "make"
                                        : "one"))
                        .toList()));
    return new RuledPolicy(
        PolicyReader.read(StrictJson.object(json.getBytes(UTF_8))), "%064d".formatted(version));
  }

  private static String key(Signer signer) {
    return "{\"algorithm\": \"%s\", \"key\": \"%s\"}"
        .formatted(signer.algorithm().label(), signer.hex());
  }

  private static Subject subject(String requestId, int amount) {
    byte[] payer = new byte[32];
    payer[0] = 7;
    byte[] to = new byte[32];
    to[0] = 9;
    var out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {1, 0, 1, 3});
    out.writeBytes(payer);
    out.writeBytes(to);
    out.writeBytes(new byte[64]); // the System program and a blockhash
    out.writeBytes(new byte[] {1, 2, 2, 0, 1, 12, 2, 0, 0, 0, (byte) amount, 0, 0, 0, 0, 0, 0, 0});
    var decoding =
        Decoders.decode(
            Purpose.SOL_TX, out.toByteArray(), new Account(ChainId.SOLANA_DEVNET, Bytes.of(payer)));
    Intent intent = assertInstanceOf(Decoding.Decoded.class, decoding).intent();
    return new Subject.Transaction(
        "acme",
        new SignRequest(
            requestId,
            "cd".repeat(32),
            new KeyId("ab".repeat(16)),
            Optional.empty(),
            "sol.tx",
            "00".repeat(32),
            Map.of(),
            NOW.plusSeconds(3600)),
        intent,
        1);
  }

  private static Subject key(String label) {
    return new Subject.KeyGeneration(
        "acme",
        new KeyRequest(
            "r-1",
            "cd".repeat(32),
            new KeyId("ab".repeat(16)),
            label,
            Scheme.FROST_ED25519,
            Set.of("sol.tx"),
            NOW.plusSeconds(3600)));
  }

  private static ObjectNode statement(Subject subject, String person) {
    return subject.statement(
        person,
        Choice.APPROVE,
        List.of(POLICY.hash()),
        NOW.plusSeconds(600),
        "00112233445566778899aabbccddeeff");
  }

  private static byte[] signed(ObjectNode statement, Signer signer) {
    return signed(statement, signer, signer.algorithm().label(), Subject.digest(statement));
  }

  private static byte[] signed(
      ObjectNode statement, Signer signer, String algorithm, byte[] message) {
    var json = StrictJson.object("{}".getBytes(UTF_8));
    json.set("statement", statement);
    json.put("algorithm", algorithm);
    json.put("key", signer.hex());
    json.put("signature", HEX.formatHex(signer.sign(message)));
    return CanonicalJson.bytes(json);
  }

  private static Assents.Read read(byte[] json) {
    return Assents.read(json, SUBJECT, POLICY, "svc", NOW);
  }

  private static Code refused(Assents.Read read) {
    return assertInstanceOf(Assents.Read.Refused.class, read).refusal().code();
  }

  private static String person(Assents.Read read) {
    return assertInstanceOf(Assents.Read.Valid.class, read, read::toString).assent().person();
  }

  @Test
  void peopleSignWithEitherCurve() {
    assertEquals("ben", person(read(signed(statement(SUBJECT, "ben"), BEN))));
    assertEquals("cleo", person(read(signed(statement(SUBJECT, "cleo"), CLEO))));
  }

  @Test
  void itCountsForThisRequestAlone() {
    for (var other : List.of(subject("r-2", 1), subject("r-1", 2))) {
      assertEquals(
          Code.APPROVAL_OTHER_REQUEST, refused(read(signed(statement(other, "ben"), BEN))));
    }
    for (var field :
        List.of("tenant", "requestId", "keyId", "intentHash", "requestSha256", "action")) {
      var statement = statement(SUBJECT, "ben");
      statement.put(field, "other");
      assertEquals(Code.APPROVAL_OTHER_REQUEST, refused(read(signed(statement, BEN))), field);
    }
    var epoch = statement(SUBJECT, "ben");
    epoch.put("epoch", 2);
    assertEquals(Code.APPROVAL_OTHER_REQUEST, refused(read(signed(epoch, BEN))));
    var summary = statement(SUBJECT, "ben");
    summary.putArray("summary").add("pays nothing to nobody");
    assertEquals(Code.APPROVAL_OTHER_REQUEST, refused(read(signed(summary, BEN))));
  }

  private static Assents.Read ofKey(byte[] json) {
    return Assents.read(json, key("hot"), POLICY, "svc", NOW);
  }

  @Test
  void whoMakesKeysDecidesAboutThemAndNobodyElse() {
    assertEquals("cleo", person(ofKey(signed(statement(key("hot"), "cleo"), CLEO))));
    assertEquals(
        Code.APPROVAL_NOT_APPROVER, refused(ofKey(signed(statement(key("hot"), "ben"), BEN))));
    assertEquals(
        Code.APPROVAL_NOT_APPROVER, refused(ofKey(signed(statement(key("hot"), "svc"), SERVICE))));
  }

  @Test
  void anApprovalOfAKeyCountsForThatRequestAlone() {
    assertEquals(
        Code.APPROVAL_OTHER_REQUEST, refused(ofKey(signed(statement(key("cold"), "cleo"), CLEO))));
    assertEquals(
        Code.APPROVAL_OTHER_REQUEST, refused(ofKey(signed(statement(SUBJECT, "cleo"), CLEO))));
    assertEquals(
        Code.APPROVAL_OTHER_REQUEST,
        refused(read(signed(statement(key("hot"), "cleo"), CLEO))),
        "nor for a payment under the same id");
    for (var field : List.of("tenant", "requestId", "keyId", "ceremony", "requestSha256")) {
      var statement = statement(key("hot"), "cleo");
      statement.put(field, "other");
      assertEquals(Code.APPROVAL_OTHER_REQUEST, refused(ofKey(signed(statement, CLEO))), field);
    }
    var summary = statement(key("hot"), "cleo");
    summary.putArray("summary").add("makes nothing");
    assertEquals(Code.APPROVAL_OTHER_REQUEST, refused(ofKey(signed(summary, CLEO))));
  }

  @Test
  void itCountsUnderThePolicyItWasMadeUnder() {
    assertEquals(
        Code.APPROVAL_OTHER_POLICY,
        refused(
            Assents.read(signed(statement(SUBJECT, "ben"), BEN), SUBJECT, policy(2), "svc", NOW)));
  }

  @Test
  void itCountsUntilItExpires() {
    byte[] json = signed(statement(SUBJECT, "ben"), BEN);
    var end = NOW.plusSeconds(600);
    assertEquals("ben", person(Assents.read(json, SUBJECT, POLICY, "svc", end.minusMillis(1))));
    assertEquals(Code.APPROVAL_EXPIRED, refused(Assents.read(json, SUBJECT, POLICY, "svc", end)));
  }

  @Test
  void whoAsksDoesNotApprove() {
    assertEquals(
        Code.APPROVAL_BY_INITIATOR,
        refused(Assents.read(signed(statement(SUBJECT, "ben"), BEN), SUBJECT, POLICY, "ben", NOW)));
  }

  @Test
  void aKeyOfNobodyOrOfSomebodyElseDoesNotCount() {
    var code = Code.APPROVAL_UNKNOWN_KEY;
    assertEquals(code, refused(read(signed(statement(SUBJECT, "ben"), CLEO))));
    assertEquals(code, refused(read(signed(statement(SUBJECT, "ben"), Signer.ed25519()))));
    assertEquals(code, refused(read(signed(statement(SUBJECT, "removed"), BEN))));
    byte[] asPlain =
        signed(
            statement(SUBJECT, "pat"), PASSKEY, "p256", Subject.digest(statement(SUBJECT, "pat")));
    assertEquals(code, refused(read(asPlain)), "a passkey's key signs as a passkey only");
  }

  @Test
  void servicesAndPeopleWithoutTheRoleDoNotApprove() {
    assertEquals(
        Code.APPROVAL_NOT_APPROVER, refused(read(signed(statement(SUBJECT, "svc"), SERVICE))));
  }

  @Test
  void aSignatureOverSomethingElseDoesNotHold() {
    assertEquals(
        Code.APPROVAL_SIGNATURE,
        refused(read(signed(statement(SUBJECT, "ben"), BEN, "ed25519", new byte[32]))));
  }

  @Test
  void whatDoesNotReadIsSaidToBeMalformed() {
    assertEquals(Code.APPROVAL_MALFORMED, refused(read("{}".getBytes(UTF_8))));
    var statement = statement(SUBJECT, "ben");
    statement.put("more", "1");
    assertEquals(Code.APPROVAL_MALFORMED, refused(read(signed(statement, BEN))));
    var maybe = statement(SUBJECT, "ben");
    maybe.put("decision", "maybe");
    assertEquals(Code.APPROVAL_MALFORMED, refused(read(signed(maybe, BEN))));
  }

  @Test
  void whatIsTooLongIsNotReadWhateverItIs() {
    byte[] json = signed(statement(SUBJECT, "ben"), BEN);
    byte[] padded = Arrays.copyOf(json, Assents.MAX_BYTES + 1);
    Arrays.fill(padded, json.length, padded.length, (byte) ' ');
    assertEquals("ben", person(read(Arrays.copyOf(padded, Assents.MAX_BYTES))));
    assertEquals(Code.APPROVAL_MALFORMED, refused(read(padded)));
  }

  /** What a browser and an authenticator make of a challenge. */
  private record Use(String type, String origin, String rpId, int flags, boolean cross) {
    static final Use PROPER = new Use("webauthn.get", ORIGIN, "console.vault.example", 5, false);
  }

  private static byte[] used(Use use, boolean eddsa) throws GeneralSecurityException {
    return used(use, eddsa, Subject.digest(statement(SUBJECT, "pat")));
  }

  private static byte[] used(Use use, boolean eddsa, byte[] challenge)
      throws GeneralSecurityException {
    var sha256 = MessageDigest.getInstance("SHA-256");
    byte[] client =
        "{\"type\":\"%s\",\"challenge\":\"%s\",\"origin\":\"%s\",\"crossOrigin\":%s}"
            .formatted(
                use.type(),
                Base64.getUrlEncoder().withoutPadding().encodeToString(challenge),
                use.origin(),
                use.cross())
            .getBytes(UTF_8);
    var data = new ByteArrayOutputStream();
    data.writeBytes(sha256.digest(use.rpId().getBytes(UTF_8)));
    data.write(use.flags());
    data.writeBytes(new byte[4]);
    var message = new ByteArrayOutputStream();
    message.writeBytes(data.toByteArray());
    message.writeBytes(sha256.digest(client));
    var signer = eddsa ? EDDSA_PASSKEY : PASSKEY;
    var signature = Signature.getInstance(eddsa ? "Ed25519" : "SHA256withECDSA");
    signature.initSign(signer.pair().getPrivate());
    signature.update(message.toByteArray());
    var json = StrictJson.object("{}".getBytes(UTF_8));
    json.set("statement", statement(SUBJECT, "pat"));
    json.put("algorithm", eddsa ? "webauthn-eddsa" : "webauthn-es256");
    json.put("key", signer.hex());
    json.put("signature", HEX.formatHex(signature.sign()));
    json.put("authenticatorData", HEX.formatHex(data.toByteArray()));
    json.put("clientData", HEX.formatHex(client));
    return CanonicalJson.bytes(json);
  }

  @Test
  void aPasskeyApprovesWhereThePolicySaysAndItsUserIsVerified() throws Exception {
    assertEquals("pat", person(read(used(Use.PROPER, false))));
    assertEquals("pat", person(read(used(Use.PROPER, true))));
  }

  @Test
  void aPasskeyApprovesNothingUnderAPolicyThatNamesNoOrigin() throws Exception {
    assertEquals(
        Code.APPROVAL_ORIGIN,
        refused(Assents.read(used(Use.PROPER, false), SUBJECT, policy(1, ""), "svc", NOW)));
  }

  @Test
  void aPasskeyUsedElsewhereOrOtherwiseDoesNot() throws Exception {
    var p = Use.PROPER;
    assertEquals(
        Code.APPROVAL_ORIGIN,
        refused(read(used(new Use(p.type(), "https://evil.example", p.rpId(), 5, false), false))));
    assertEquals(
        Code.APPROVAL_ORIGIN,
        refused(read(used(new Use(p.type(), p.origin(), "evil.example", 5, false), false))));
    assertEquals(
        Code.APPROVAL_ORIGIN,
        refused(read(used(new Use(p.type(), p.origin(), p.rpId(), 5, true), false))));
    for (int flags : new int[] {0, 1, 4}) {
      assertEquals(
          Code.APPROVAL_USER_VERIFICATION,
          refused(read(used(new Use(p.type(), p.origin(), p.rpId(), flags, false), false))));
    }
    assertEquals(
        Code.APPROVAL_MALFORMED,
        refused(read(used(new Use("webauthn.create", p.origin(), p.rpId(), 5, false), false))));
    assertEquals(Code.APPROVAL_SIGNATURE, refused(read(used(Use.PROPER, false, new byte[32]))));
    for (boolean eddsa : List.of(false, true)) {
      var bent = StrictJson.object(used(Use.PROPER, eddsa));
      bent.put("authenticatorData", bent.path("authenticatorData").asText() + "00");
      assertEquals(Code.APPROVAL_SIGNATURE, refused(read(CanonicalJson.bytes(bent))));
    }
  }
}
