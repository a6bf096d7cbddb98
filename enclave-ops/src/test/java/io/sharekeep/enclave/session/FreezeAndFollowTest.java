package io.sharekeep.enclave.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharekeep.enclave.AdministratorStatement;
import io.sharekeep.enclave.AdministratorStatement.Action;
import io.sharekeep.enclave.Cancellation;
import io.sharekeep.enclave.DocumentFile;
import io.sharekeep.enclave.Following;
import io.sharekeep.enclave.Frozen;
import io.sharekeep.enclave.KeyDescription;
import io.sharekeep.enclave.Order;
import io.sharekeep.enclave.Outcome;
import io.sharekeep.enclave.PendingPolicy;
import io.sharekeep.enclave.Proposal;
import io.sharekeep.enclave.Refusal.Code;
import io.sharekeep.enclave.Scheme;
import io.sharekeep.enclave.Signer;
import io.sharekeep.enclave.State;
import io.sharekeep.enclave.StepReply;
import io.sharekeep.enclave.StepRequest;
import io.sharekeep.enclave.json.StrictJson;
import io.sharekeep.enclave.policy.RuledPolicy;
import io.sharekeep.enclave.policy.RulesJudge;
import io.sharekeep.enclave.policy.TestDocuments;
import io.sharekeep.enclave.session.Parties.Shape;
import io.sharekeep.enclave.store.SignedDocuments;
import io.sharekeep.leftovers.LeavesNothing;
import io.sharekeep.softhsm.SoftHsmTokens;
import io.sharekeep.softhsm.SoftTokens;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stops two parties from signing, and what changes what they sign. */
@SoftTokens
@LeavesNothing
class FreezeAndFollowTest {
  private static final Signer SCREENER = Signer.ed25519();

  /** Base58 of 32 bytes, the last of which is 2. */
  private static final String LISTED = "11111111111111111111111111111113";

  private final SplittableRandom random = new SplittableRandom(20261124);
  private static Parties parties;
  private KeyDescription key;

  @BeforeAll
  static void start(@TempDir Path home, SoftHsmTokens tokens) {
    parties =
        Parties.start(
            home,
            tokens,
            2,
            Map.of("two", new Shape(2, List.of(List.of(1), List.of(2)))),
            Map.of(),
            FreezeAndFollowTest::policy);
  }

  /** With a list that denies, and a limit that counts what goes to those of another. */
  private static String policy(String party, List<String> committees) {
    var json =
        StrictJson.object(
            TypedPolicies.of(
                    party,
                    committees,
                    "{\"id\": \"screened\", \"effect\": \"deny\", \"match\": {\"dest\": {\"in\":"
                        + " [\"sanctions\"]}}},")
                .getBytes(StandardCharsets.UTF_8));
    ((ArrayNode) json.path("limits"))
        .addObject()
        .put("id", "to-partners")
        .put("window", "24h")
        .put("count", 1000)
        .putObject("match")
        .putObject("dest")
        .putArray("in")
        .add("partners");
    var lists = json.putObject("lists");
    lists
        .putObject("partners")
        .put("type", "destinations")
        .put("coolOff", "0s")
        .putObject("change")
        .putArray("allOf")
        .addObject()
        .put("group", "admins")
        .put("distinct", 2);
    lists
        .putObject("sanctions")
        .put("type", "screening")
        .put("maxAge", "720h")
        .putObject("change")
        .putArray("signedBy")
        .addObject()
        .put("algorithm", "ed25519")
        .put("key", SCREENER.hex());
    return json.toString();
  }

  @BeforeEach
  void generate() {
    key = parties.generate("two", Scheme.FROST_ED25519);
    for (int party : List.of(1, 2)) {
      if (rules(party).lists().held().isEmpty()) {
        follow(party, screening(1, "", "2000h"));
        follow(party, partners(1, ""));
      }
    }
  }

  @AfterEach
  void nothingStands() {
    for (int party : List.of(1, 2)) {
      assertEquals(State.OPERATIONAL, parties.enclave(party).status().state());
    }
  }

  @AfterAll
  static void stop() {
    parties.close();
  }

  private static RulesJudge rules(int party) {
    return assertInstanceOf(RulesJudge.class, desk(party).books().judge());
  }

  private static Desk desk(int party) {
    return ((Core) parties.enclave(party)).desk();
  }

  private static DocumentFile screening(int version, String previous, String life, String... more) {
    var json = StrictJson.object("{}".getBytes(StandardCharsets.UTF_8));
    json.put("apiVersion", "sharekeep.list/v1")
        .put("tenant", "acme")
        .put("name", "sanctions")
        .put("type", "screening")
        .put("version", version)
        .put("issued", parties.now().minusSeconds(60).truncatedTo(ChronoUnit.SECONDS).toString())
        .put(
            "expires",
            parties
                .now()
                .plus(Duration.ofHours(Long.parseLong(life.replace("h", ""))))
                .truncatedTo(ChronoUnit.SECONDS)
                .toString());
    if (!previous.isEmpty()) {
      json.put("previous", previous);
    }
    var entries = json.putArray("entries");
    for (var address : more) {
      entries.addObject().put("address", TypedPolicies.CHAIN + ":" + address);
    }
    return SCREENER.sign(TestDocuments.file(json.toString()));
  }

  private static DocumentFile partners(int version, String previous, String... addresses) {
    var json = StrictJson.object("{}".getBytes(StandardCharsets.UTF_8));
    json.put("apiVersion", "sharekeep.list/v1")
        .put("tenant", "acme")
        .put("name", "partners")
        .put("type", "destinations")
        .put("version", version)
        .put("issued", parties.now().minusSeconds(60).truncatedTo(ChronoUnit.SECONDS).toString());
    if (!previous.isEmpty()) {
      json.put("previous", previous);
    }
    var entries = json.putArray("entries");
    for (var address : addresses) {
      entries.addObject().put("address", TypedPolicies.CHAIN + ":" + address);
    }
    return TypedPolicies.person("ben")
        .sign(Parties.ADMIN.sign(TestDocuments.file(json.toString())));
  }

  private static Following.Accepted follow(int party, DocumentFile file) {
    var following = parties.enclave(party).follow(file);
    return assertInstanceOf(Following.Accepted.class, following, following::toString);
  }

  private static String objections(int party, DocumentFile file) {
    return String.join(
        "; ",
        assertInstanceOf(Following.Objected.class, parties.enclave(party).follow(file))
            .objections());
  }

  private Order.Sign pays(byte[] to) {
    byte[] payload =
        Payloads.solana(HexFormat.of().parseHex(key.publicKeyHex()), to, 1_000_000, random);
    return parties.order(key, payload);
  }

  private Order.Sign pays() {
    return pays(Payloads.bytes(random, 32));
  }

  private Outcome signs(Order.Sign order) {
    return Relay.run(parties.all(), parties.propose(List.of(1, 2), order), order);
  }

  private static byte[] word(Action action, String about, Signer signer) {
    return word("acme", action, about, signer, 600);
  }

  private static byte[] word(
      String tenant, Action action, String about, Signer signer, long seconds) {
    return AdministratorStatement.signed(
        tenant,
        action,
        about,
        parties.now().plusSeconds(seconds).truncatedTo(ChronoUnit.SECONDS),
        signer.algorithm(),
        signer.spki(),
        signer::sign);
  }

  private static Frozen.Done freeze(int party, String about) {
    return assertInstanceOf(
        Frozen.Done.class,
        parties.enclave(party).freeze(word(Action.FREEZE, about, Parties.ADMIN)));
  }

  private static Frozen unfreeze(int party, String id, Signer... signers) {
    return parties
        .enclave(party)
        .unfreeze(Arrays.stream(signers).map(signer -> word(Action.UNFREEZE, id, signer)).toList());
  }

  private static Code refused(Frozen frozen) {
    return assertInstanceOf(Frozen.Refused.class, frozen).refusal().code();
  }

  @Test
  void oneAdministratorStopsTheApplianceAndTwoLetItGoOn() {
    var done = freeze(1, "appliance");
    assertEquals(State.FROZEN, parties.enclave(1).status().state());
    assertEquals(
        Code.STATE,
        assertInstanceOf(Proposal.Refused.class, parties.enclave(1).propose(pays(), Set.of(1, 2)))
            .refusal()
            .code());
    parties.stop(1);
    parties.start(1);
    assertEquals(State.FROZEN, parties.enclave(1).status().state(), "also after a restart");
    assertEquals(Code.POLICY_DEFERRED, refused(unfreeze(1, done.id(), Parties.ADMIN)));
    assertEquals(
        Code.POLICY_DEFERRED,
        refused(unfreeze(1, done.id(), Parties.ADMIN, Parties.ADMIN)),
        "one person twice is one");
    assertEquals(
        Code.NOT_WAITING, refused(unfreeze(1, "00", Parties.ADMIN, TypedPolicies.person("ben"))));
    assertEquals(
        Code.MALFORMED,
        refused(
            parties
                .enclave(1)
                .unfreeze(
                    List.of(
                        word(Action.UNFREEZE, done.id(), Parties.ADMIN),
                        word(Action.UNFREEZE, "00", TypedPolicies.person("ben"))))));
    assertInstanceOf(
        Frozen.Done.class, unfreeze(1, done.id(), Parties.ADMIN, TypedPolicies.person("ben")));
    assertEquals(
        Code.NOT_WAITING,
        refused(unfreeze(1, done.id(), Parties.ADMIN, TypedPolicies.person("ben"))),
        "it stands no more");
    for (var kind : List.of("froze", "unfroze")) {
      assertEquals(
          1,
          Logs.entries(desk(1), kind).stream().filter(leaf -> leaf.contains(done.id())).count(),
          kind);
    }
    assertInstanceOf(Outcome.Signed.class, signs(pays()));
  }

  @Test
  void nobodyElseFreezesAndNoWordTwice() {
    for (var stranger : List.of(Parties.SERVICE, TypedPolicies.person("dan"), Signer.ed25519())) {
      assertEquals(
          Code.REQUEST_UNAUTHENTIC,
          refused(parties.enclave(1).freeze(word(Action.FREEZE, "appliance", stranger))));
    }
    assertEquals(
        Code.REQUEST_UNAUTHENTIC,
        refused(parties.enclave(1).freeze(word(Action.UNFREEZE, "appliance", Parties.ADMIN))));
    assertEquals(
        Code.UNKNOWN_KEY,
        refused(parties.enclave(1).freeze(word(Action.FREEZE, "ab".repeat(16), Parties.ADMIN))));
    var forged = StrictJson.object(word(Action.FREEZE, "appliance", Parties.ADMIN));
    forged.put("signature", "00".repeat(64));
    for (var wrong :
        List.of(
            word("other", Action.FREEZE, "appliance", Parties.ADMIN, 600),
            word("acme", Action.FREEZE, "appliance", Parties.ADMIN, -2),
            forged.toString().getBytes(StandardCharsets.UTF_8))) {
      assertEquals(Code.REQUEST_UNAUTHENTIC, refused(parties.enclave(1).freeze(wrong)));
    }
    byte[] once = word(Action.FREEZE, key.id().hex(), Parties.ADMIN);
    var done = assertInstanceOf(Frozen.Done.class, parties.enclave(1).freeze(once));
    unfreeze(1, done.id(), Parties.ADMIN, TypedPolicies.person("ben"));
    assertEquals(Code.APPROVAL_REPEATED, refused(parties.enclave(1).freeze(once)));
    assertInstanceOf(Outcome.Signed.class, signs(pays()));
  }

  @Test
  void aFrozenKeyOpensNothingAndOthersSign() {
    var order = pays();
    var ready = parties.propose(List.of(1, 2), order);
    var done = freeze(2, key.id().hex());
    var reply = Relay.open(parties.all(), ready, order).get(2);
    assertEquals(Code.FROZEN, assertInstanceOf(StepReply.Refused.class, reply).refusal().code());
    var frozen = key.id().hex();
    key = parties.generate("two", Scheme.FROST_ED25519);
    var next = pays();
    var goesOn = parties.propose(List.of(1, 2), next);
    var replies = Relay.round(parties.all(), goesOn, 2, Relay.open(parties.all(), goesOn, next));
    var again = freeze(2, frozen);
    assertEquals(List.of(), again.beyond(), "what is sent is of another key");
    replies = Relay.round(parties.all(), goesOn, 3, replies);
    assertInstanceOf(
        Outcome.Signed.class, assertInstanceOf(StepReply.Finished.class, replies.get(2)).outcome());
    for (var id : List.of(done.id(), again.id())) {
      unfreeze(2, id, Parties.ADMIN, TypedPolicies.person("ben"));
    }
  }

  @Test
  void noLastRoundMessageLeavesAfterAFreeze() {
    var order = pays();
    var ready = parties.propose(List.of(1, 2), order);
    var opened = Relay.open(parties.all(), ready, order);
    var done = freeze(1, key.id().hex());
    assertEquals(List.of(), done.beyond());
    var replies = Relay.round(parties.all(), ready, 2, opened);
    assertEquals(
        Code.FROZEN, assertInstanceOf(StepReply.Refused.class, replies.get(1)).refusal().code());
    var late = freeze(2, key.id().hex());
    assertEquals(List.of(order.requestId()), late.beyond(), "party 2 has sent its own");
    unfreeze(1, done.id(), Parties.ADMIN, TypedPolicies.person("ben"));
    unfreeze(2, late.id(), Parties.ADMIN, TypedPolicies.person("ben"));
  }

  @Test
  void aScreeningListDeniesAndAStaleOneDeniesEverything() {
    byte[] to = new byte[32];
    to[31] = 2;
    assertInstanceOf(Outcome.Signed.class, signs(pays(to)));
    for (int party : List.of(1, 2)) {
      var held = rules(party).lists().held().get("sanctions");
      int version = held == null ? 0 : held.listing().version();
      var hash = held == null ? "" : held.hash();
      assertTrue(objections(party, screening(version + 2, hash, "24h")).contains("follow"));
      assertTrue(
          objections(party, screening(version + 1, "00".repeat(32), "24h")).contains("follow"));
      var unsigned = screening(version + 1, hash, "24h", LISTED);
      assertTrue(
          objections(party, Signer.ed25519().sign(bare(unsigned))).contains("none of the keys"));
      follow(party, unsigned);
    }
    assertEquals("screened", denied(pays(to)));
    assertInstanceOf(Outcome.Signed.class, signs(pays()));
    parties.stop(1);
    parties.start(1);
    assertEquals("screened", denied(pays(to)), "also after a restart");
    parties.wait(Duration.ofHours(25));
    assertEquals("screened", denied(pays()), "a stale list denies whatever asks it");
    for (int party : List.of(1, 2)) {
      var held = Objects.requireNonNull(rules(party).lists().held().get("sanctions"));
      follow(party, screening(held.listing().version() + 1, held.hash(), "2000h"));
    }
    assertInstanceOf(Outcome.Signed.class, signs(pays(to)));
  }

  @Test
  void aLimitThatComesToCountWhatWaitsDeniesIt() {
    byte[] to = new byte[32];
    to[31] = 2;
    var order = TypedPolicies.pays(parties, key, TypedPolicies.LARGE, to, random);
    assertEquals(
        Code.POLICY_DEFERRED,
        assertInstanceOf(Proposal.Refused.class, parties.enclave(1).propose(order, Set.of(1, 2)))
            .refusal()
            .code());
    var held = Objects.requireNonNull(rules(1).lists().held().get("partners"));
    follow(1, partners(held.listing().version() + 1, held.hash(), LISTED));
    for (var person : List.of("ben", "cleo")) {
      assertEquals(
          Optional.empty(),
          parties
              .enclave(1)
              .assent(order.requestId(), TypedPolicies.said(parties, order, person, "approve")));
    }
    var approved = parties.enclave(1).waiting(order.requestId()).orElseThrow().order();
    var ready = parties.propose(1, approved);
    var opening = Optional.of(new StepRequest.Opening(ready.context(), approved));
    var reply = parties.enclave(1).step(ready.locator(), new StepRequest(1, opening, List.of()));
    assertEquals(
        new Outcome.Denied(order.requestId(), "to-partners"),
        assertInstanceOf(StepReply.Finished.class, reply).outcome());
  }

  private static DocumentFile bare(DocumentFile file) {
    return TestDocuments.file(new String(file.canonical(), StandardCharsets.UTF_8));
  }

  private String denied(Order.Sign order) {
    return assertInstanceOf(Outcome.Denied.class, signs(order)).rule();
  }

  private static DocumentFile next(int party, Consumer<ObjectNode> change, Signer... signers) {
    var before = assertInstanceOf(RuledPolicy.class, desk(party).books().policy());
    var json =
        desk(party)
            .store()
            .read(from ->
                new SignedDocuments("acme").find(from, HexFormat.of().parseHex(before.hash())))
            .map(row -> StrictJson.object(row.bytes()))
            .map(file -> ((ObjectNode) file.path("document")))
            .orElseThrow();
    ((ObjectNode) json.path("metadata"))
        .put("version", before.version() + 1)
        .put("previous", before.hash());
    change.accept(json);
    var file = TestDocuments.file(json.toString());
    for (var signer : signers) {
      file = signer.sign(file);
    }
    return file;
  }

  private static void lower(ObjectNode policy) {
    ((ObjectNode) policy.path("limits").get(0)).put("sum", "0.0000001");
  }

  private static void raise(ObjectNode policy) {
    ((ObjectNode) policy.path("limits").get(0)).put("sum", "1");
  }

  @Test
  void aTighterVersionOfTheQuorumIsInForceAtOnceAndALooserOneAfterItsTime() {
    var ben = TypedPolicies.person("ben");
    assertTrue(
        objections(1, next(1, FreezeAndFollowTest::lower, Parties.ADMIN)).contains("signatures"));
    assertTrue(
        objections(
                1, next(1, FreezeAndFollowTest::lower, Parties.ADMIN, TypedPolicies.person("dan")))
            .contains("signatures"));
    assertTrue(
        objections(
                1,
                next(
                    1,
                    json -> ((ObjectNode) json.path("metadata")).put("version", 9),
                    Parties.ADMIN,
                    ben))
            .contains("does not follow"));
    for (int party : List.of(1, 2)) {
      follow(party, next(party, FreezeAndFollowTest::lower, Parties.ADMIN, ben));
    }
    assertEquals("sol-day", denied(pays()));
    parties.stop(1);
    parties.start(1);
    assertEquals("sol-day", denied(pays()), "also after a restart");
    for (int party : List.of(1, 2)) {
      var accepted = follow(party, next(party, FreezeAndFollowTest::raise, Parties.ADMIN, ben));
      assertTrue(accepted.from().isAfter(parties.now().plus(Duration.ofHours(23))));
    }
    assertTrue(
        objections(1, next(1, FreezeAndFollowTest::raise, Parties.ADMIN, ben))
            .contains("waits for its time"));
    assertEquals("sol-day", denied(pays()), "its time has not come");
    parties.stop(2);
    parties.start(2);
    parties.wait(Duration.ofHours(24).plusSeconds(2));
    var order = pays();
    for (var reply :
        Relay.open(parties.all(), parties.propose(List.of(1, 2), order), order).values()) {
      assertEquals(
          Code.POLICY_UNAVAILABLE,
          assertInstanceOf(StepReply.Refused.class, reply).refusal().code(),
          "it was read under the version before");
    }
    assertInstanceOf(Outcome.Signed.class, signs(pays()));
  }

  private static Consumer<ObjectNode> sum(String most) {
    return policy -> ((ObjectNode) policy.path("limits").get(0)).put("sum", most);
  }

  private static Code refused(byte[] statement) {
    return assertInstanceOf(Cancellation.Refused.class, parties.enclave(1).cancelPolicy(statement))
        .refusal()
        .code();
  }

  private static int version() {
    return desk(1).books().policy().version();
  }

  @Test
  void oneAdministratorCancelsAVersionThatWaitsAndForGood() {
    var ben = TypedPolicies.person("ben");
    int before = version();
    var file = next(1, sum("2"), Parties.ADMIN, ben);
    byte[] word = word(Action.CANCEL_POLICY, file.hash(), ben);
    assertEquals(Code.NOT_WAITING, refused(word), "nothing waits yet");
    var accepted = follow(1, file);
    parties.stop(1);
    parties.start(1);
    assertEquals(
        Optional.of(new PendingPolicy(file.hash(), before + 1, accepted.from())),
        parties.enclave(1).pendingPolicy(),
        "also after a restart");
    assertEquals(
        Code.NOT_WAITING, refused(word(Action.CANCEL_POLICY, "ab".repeat(32), ben)), "another one");
    var done = freeze(1, "appliance");
    assertEquals(
        new Cancellation.Done(new PendingPolicy(file.hash(), before + 1, accepted.from())),
        parties.enclave(1).cancelPolicy(word),
        "it is also done while the appliance stands still");
    unfreeze(1, done.id(), Parties.ADMIN, ben);
    assertEquals(Optional.empty(), parties.enclave(1).pendingPolicy());
    var entries =
        Logs.entries(desk(1), "policy-cancelled").stream()
            .filter(leaf -> leaf.contains(file.hash()) && leaf.contains("\"by\":\"ben\""))
            .toList();
    assertEquals(1, entries.size());
    assertEquals(Code.NOT_WAITING, refused(word), "it waits no more");
    parties.stop(1);
    parties.start(1);
    assertTrue(objections(1, file).contains("cancelled this very document"));
    parties.wait(Duration.ofHours(24).plusSeconds(2));
    assertInstanceOf(Outcome.Signed.class, signs(pays()));
    assertEquals(before, version(), "its time has come and it has not");
  }

  @Test
  void nobodyElseCancelsAVersionAndNobodyOnceItIsInForce() {
    var ben = TypedPolicies.person("ben");
    int before = version();
    var file = next(1, sum("3"), Parties.ADMIN, ben);
    follow(1, file);
    for (var stranger : List.of(Parties.SERVICE, TypedPolicies.person("dan"), Signer.ed25519())) {
      assertEquals(
          Code.REQUEST_UNAUTHENTIC, refused(word(Action.CANCEL_POLICY, file.hash(), stranger)));
    }
    var forged = StrictJson.object(word(Action.CANCEL_POLICY, file.hash(), ben));
    forged.put("signature", "00".repeat(64));
    var renamed = StrictJson.object(word(Action.FREEZE, file.hash(), ben));
    ((ObjectNode) renamed.path("statement")).put("action", "cancel-policy");
    for (var wrong :
        List.of(
            word("other", Action.CANCEL_POLICY, file.hash(), ben, 600),
            word("acme", Action.CANCEL_POLICY, file.hash(), ben, -2),
            word(Action.FREEZE, file.hash(), ben),
            forged.toString().getBytes(StandardCharsets.UTF_8),
            renamed.toString().getBytes(StandardCharsets.UTF_8))) {
      assertEquals(Code.REQUEST_UNAUTHENTIC, refused(wrong));
    }
    assertEquals(Code.MALFORMED, refused("{}".getBytes(StandardCharsets.UTF_8)));
    assertEquals(
        Optional.of(file.hash()), parties.enclave(1).pendingPolicy().map(PendingPolicy::hash));
    parties.wait(Duration.ofHours(24).plusSeconds(2));
    assertEquals(Code.NOT_WAITING, refused(word(Action.CANCEL_POLICY, file.hash(), ben)));
    assertEquals(before + 1, version(), "its time had come");
  }
}
