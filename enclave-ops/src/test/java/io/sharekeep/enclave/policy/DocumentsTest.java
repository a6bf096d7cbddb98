package io.sharekeep.enclave.policy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.enclave.CallerIdentity.Role;
import io.sharekeep.enclave.DocumentFile;
import io.sharekeep.enclave.KeyId;
import io.sharekeep.enclave.KeyRequest;
import io.sharekeep.enclave.Scheme;
import io.sharekeep.enclave.SignRequest;
import io.sharekeep.enclave.SignedRequest;
import io.sharekeep.enclave.Signer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DocumentsTest {
  private static final List<Signer> OWNERS =
      List.of(Signer.ed25519(), Signer.ed25519(), Signer.ed25519());
  private static final Signer SERVICE = Signer.ed25519();
  private static final Signer ADMIN = Signer.p256();
  private static final String COMMITTEE = "ab".repeat(32);
  private static final ClosedListJudge JUDGE =
      new ClosedListJudge(
          PolicyDocument.read(
              TestDocuments.policy("p1", SERVICE, ADMIN, List.of(COMMITTEE))
                  .replace("\"evm.tx\",", "")
                  .getBytes(UTF_8)));

  private static String committee() {
    return TestDocuments.committee(2, List.of(List.of(1), List.of(2), List.of(3)), OWNERS);
  }

  @Test
  void aCommitteeIsCompleteWhenEveryOwnerHasSigned() {
    var file = TestDocuments.file(committee());
    assertEquals(3, file.problems().size());
    for (var owner : OWNERS) {
      file = owner.sign(file);
    }
    assertTrue(file.problems().isEmpty());
    assertTrue(CommitteeDocument.objections(file).isEmpty());
    var again = TestDocuments.file(new String(file.toJson(), UTF_8));
    assertEquals(file.hash(), again.hash());
    assertTrue(again.problems().isEmpty());
  }

  @Test
  void aSignatureOverAnotherDocumentIsAProblem() {
    var owner = OWNERS.get(0);
    var signed = owner.sign(TestDocuments.file(committee()));
    var other = TestDocuments.file(committee()).with(signed.signatures().get(0));
    assertFalse(other.signedBy(owner.spki()));
    assertTrue(other.problems().stream().anyMatch(p -> p.contains("does not verify")));
  }

  @ParameterizedTest(name = "{2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "\"id\":2, | \"id\":1, | two parties have one id",
        "\"name\":\"p2\" | \"name\":\"p1\" | two parties have one name",
        "\"points\":[2] | \"points\":[1] | evaluation point 1 is owned twice",
        "\"points\":[2] | \"points\":[0] | must be 1 to 65535",
        "\"points\":[2] | \"points\":[] | owns no evaluation point",
        "\"points\":[2] | \"points\":[2,4] | it would hold the key alone",
        "\"points\":[2] | \"points\":[2.0] | fractions have no place",
        "\"threshold\":2 | \"threshold\":1 | threshold must be 2",
        "\"threshold\":2 | \"threshold\":4 | there are only 3 points",
        "https://127.0.0.1:9002 | http://127.0.0.1:9002 | url must be https",
        "https://127.0.0.1:9002 | https://127.0.0.1:9001 | two parties have one url",
        "https://127.0.0.1:9002 | https://127.0.0.1:9002/a | url must be https",
        "https://127.0.0.1:9002 | https://127.0.0.1:9002?a | url must be https",
        "https://127.0.0.1:9002 | https://127.0.0.1:9002#a | url must be https",
        "https://127.0.0.1:9002 | https://a@127.0.0.1:9002 | url must be https",
        "https://127.0.0.1:9002 | https://a_b:9002 | url must be https",
        "\"log\":\"3059 | \"log\":\"3058 | log must be the hex SubjectPublicKeyInfo of a p256",
        "\"network\":\"regtest\" | \"network\":\"moon\" | network must be",
        "\"tenant\":\"acme\" | \"tenant\":\"acme\",\"x\":true | unknown field x",
        "sharekeep.committee/v1 | sharekeep.committee/v2 | apiVersion must be one of",
      })
  void aCommitteeThatCannotBeIsRefused(String was, String is, String complaint) {
    var json = committee();
    assertTrue(json.contains(was));
    var malformed =
        assertInstanceOf(
            DocumentFile.Parsed.Malformed.class,
            DocumentFile.parse(json.replace(was, is).getBytes(UTF_8)));
    assertTrue(malformed.reason().contains(complaint), malformed.reason());
  }

  @Test
  void oneAloneIsNoCommittee() {
    var alone = TestDocuments.committee(2, List.of(List.of(1)), OWNERS.subList(0, 1));
    var malformed =
        assertInstanceOf(
            DocumentFile.Parsed.Malformed.class, DocumentFile.parse(alone.getBytes(UTF_8)));
    assertTrue(malformed.reason().contains("at least two parties"), malformed.reason());
  }

  @Test
  void twoPartiesWithOneRecoveryRecipientAreRefused() {
    var json = committee().replace("02".repeat(32), "01".repeat(32));
    var malformed =
        assertInstanceOf(
            DocumentFile.Parsed.Malformed.class, DocumentFile.parse(json.getBytes(UTF_8)));
    assertTrue(malformed.reason().contains("two parties have one"), malformed.reason());
  }

  @ParameterizedTest(name = "{2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "\"initiator\":[\"svc\"]} | \"initiator\":[\"eve\"]} | nobody here is called eve",
        "\"administrator\":[\"ada\"] | \"administrator\":[\"svc\"] | service svc may only",
        "\"id\":\"pay\",\"initiator\":[\"svc\"] | \"id\":\"pay\",\"initiator\":[\"ada\"]"
            + " | without the role initiator",
        "\"version\":1 | \"version\":2 | previous",
        "\"services\":{\"svc\" | \"services\":{\"ada\" | both a person and a service",
        "\"roles\":{ | \"roles\":{\"emperor\":[], | unknown field roles.emperor",
        "\"roles\":{ | \"roles\":{\"approver\":[\"svc\"], | service svc may only",
        "\"algorithm\":\"p256\" | \"algorithm\":\"ed25519\" | a key must be an ed25519 or p256",
        "\"algorithm\":\"p256\" | \"algorithm\":\"rsa\" | a key must be an ed25519 or p256",
        "\"tls\":[] | \"tls\":[\"ab\"] | a tls pin is the SHA-256",
        "\"purposes\":[\"btc.tx\",\"evm.tx\",\"sol.tx\"]} |"
            + " \"purposes\":[]},{\"id\":\"pay\",\"initiator\":[],\"keys\":[],\"purposes\":[]} |"
            + " two rules are called pay",
      })
  void aPolicyThatCannotBeIsRefused(String was, String is, String complaint) {
    var json = TestDocuments.policy("p1", SERVICE, ADMIN, List.of(COMMITTEE));
    assertTrue(json.contains(was), json);
    var malformed =
        assertInstanceOf(
            DocumentFile.Parsed.Malformed.class,
            DocumentFile.parse(json.replace(was, is).getBytes(UTF_8)));
    assertTrue(malformed.reason().contains(complaint), malformed.reason());
  }

  @Test
  void aServiceMayReadMetrics() {
    var json =
        TestDocuments.policy("p1", SERVICE, ADMIN, List.of(COMMITTEE))
            .replace("\"roles\":{", "\"roles\":{\"metrics\":[\"svc\"],");
    assertInstanceOf(DocumentFile.Parsed.Document.class, DocumentFile.parse(json.getBytes(UTF_8)));
  }

  @Test
  void aKeyOrPinThatTwoActorsShareTellsThemNotApart() {
    var pin = TestDocuments.policy("p1", SERVICE, ADMIN, List.of(COMMITTEE));
    assertRefused(
        pin.replace("\"tls\":[]", "\"tls\":[\"" + "aa".repeat(32) + "\"]"),
        "belongs to another actor too");
    assertRefused(
        TestDocuments.policy("p1", ADMIN, ADMIN, List.of(COMMITTEE)),
        "belongs to another actor too");
  }

  private static void assertRefused(String json, String complaint) {
    var malformed =
        assertInstanceOf(
            DocumentFile.Parsed.Malformed.class, DocumentFile.parse(json.getBytes(UTF_8)));
    assertTrue(malformed.reason().contains(complaint), malformed.reason());
  }

  @Test
  void aCallerIsKnownByItsPinAndHasItsOwnRolesOnly() {
    var policy =
        PolicyDocument.read(
            TestDocuments.file(TestDocuments.policy("p1", SERVICE, ADMIN, List.of(COMMITTEE)))
                .canonical());
    assertEquals(Optional.of("ada"), policy.ownerOfPin("aa".repeat(32)));
    assertEquals(Optional.empty(), policy.ownerOfPin("ab".repeat(32)));
    assertEquals(Set.of(Role.ADMINISTRATOR), policy.rolesOf("ada"));
    assertEquals(Set.of(Role.INITIATOR), policy.rolesOf("svc"));
    assertEquals(Set.of(), policy.rolesOf("eve"));
  }

  @Test
  void aCommitteeFindsItsPartiesByIdAndByIdentity() {
    var committee = CommitteeDocument.read(TestDocuments.file(committee()).canonical());
    var second = committee.party(2).orElseThrow();
    assertEquals("p2", second.name());
    assertEquals(second, committee.withIdentity(second.identity()).orElseThrow());
    assertTrue(committee.party(9).isEmpty());
    assertTrue(committee.withIdentity(second.log()).isEmpty());
  }

  @Test
  void aRuleForOneKeyAndOneInitiatorServesNoOther() {
    var one = "01".repeat(16);
    var json =
        TestDocuments.policy("p1", SERVICE, ADMIN, List.of(COMMITTEE))
            .replace("\"initiator\":[\"svc\"]},", "\"initiator\":[\"ada\",\"svc\"]},")
            .replace("\"*\"", '"' + one + '"');
    var judge = new ClosedListJudge(PolicyDocument.read(TestDocuments.file(json).canonical()));
    var deny = new Decision.Denied(Judge.DEFAULT_DENY);
    assertInstanceOf(
        Decision.Approved.class, judge.decide(request(COMMITTEE, "btc.tx", one), "svc"));
    assertEquals(deny, judge.decide(request(COMMITTEE, "btc.tx", "02".repeat(16)), "svc"));
    // An initiator by role, but not of this rule.
    assertEquals(deny, judge.decide(request(COMMITTEE, "btc.tx", one), "ada"));
  }

  private static SignRequest request(String committee, String purpose) {
    return request(committee, purpose, "01".repeat(16));
  }

  private static SignRequest request(String committee, String purpose, String key) {
    return new SignRequest(
        "r",
        committee,
        new KeyId(key),
        Optional.empty(),
        purpose,
        "cd".repeat(32),
        Map.of(),
        Instant.parse("2027-01-31T12:00:00Z"));
  }

  @Test
  void onlyWhatTheListNamesIsAllowed() {
    var approved =
        assertInstanceOf(
            Decision.Approved.class, JUDGE.decide(request(COMMITTEE, "btc.tx"), "svc"));
    assertEquals("pay", approved.approval().rule());
    assertTrue(approved.approval().covers(request(COMMITTEE, "btc.tx").digest()));
    assertFalse(approved.approval().covers(request(COMMITTEE, "sol.tx").digest()));

    var deny = new Decision.Denied(Judge.DEFAULT_DENY);
    assertEquals(deny, JUDGE.decide(request(COMMITTEE, "evm.tx"), "svc"));
    assertEquals(deny, JUDGE.decide(request("ac".repeat(32), "btc.tx"), "svc"));
    assertEquals(deny, JUDGE.decide(request(COMMITTEE, "btc.tx"), "ada"));
    assertEquals(deny, JUDGE.decide(request(COMMITTEE, "btc.tx"), "eve"));
  }

  @Test
  void onlyAnAdministratorMayHaveAKey() {
    var deny = new Decision.Denied(Judge.DEFAULT_DENY);
    assertInstanceOf(Decision.Approved.class, JUDGE.decide(keyRequest(COMMITTEE), "ada"));
    assertEquals(deny, JUDGE.decide(keyRequest(COMMITTEE), "svc"));
    assertEquals(deny, JUDGE.decide(keyRequest("ac".repeat(32)), "ada"));
  }

  private static KeyRequest keyRequest(String committee) {
    return new KeyRequest(
        "r",
        committee,
        new KeyId("01".repeat(16)),
        "k",
        Scheme.FROST_ED25519,
        Set.of("sol.tx"),
        Instant.parse("2027-01-31T12:00:00Z"));
  }

  @Test
  void anInitiatorIsKnownByItsSignatureAndNothingElse() {
    var request = request(COMMITTEE, "btc.tx");
    assertEquals(Optional.of("svc"), JUDGE.initiator(SERVICE.sign(request)));
    assertEquals(Optional.empty(), JUDGE.initiator(Signer.ed25519().sign(request)));
    var honest = SERVICE.sign(request);
    var forged =
        new SignedRequest<>(
            request(COMMITTEE, "sol.tx"), honest.algorithm(), honest.key(), honest.signature());
    assertEquals(Optional.empty(), JUDGE.initiator(forged));
  }
}
