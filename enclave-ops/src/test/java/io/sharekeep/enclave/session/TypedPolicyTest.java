package io.sharekeep.enclave.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharekeep.enclave.Check;
import io.sharekeep.enclave.DigestWords;
import io.sharekeep.enclave.KeyDescription;
import io.sharekeep.enclave.OfflineRequest;
import io.sharekeep.enclave.Order;
import io.sharekeep.enclave.Outcome;
import io.sharekeep.enclave.Proposal;
import io.sharekeep.enclave.Refusal;
import io.sharekeep.enclave.Refusal.Code;
import io.sharekeep.enclave.Scheme;
import io.sharekeep.enclave.StepReply;
import io.sharekeep.enclave.StepRequest;
import io.sharekeep.enclave.json.StrictJson;
import io.sharekeep.enclave.policy.DecisionReplay;
import io.sharekeep.enclave.policy.Lists;
import io.sharekeep.enclave.policy.RuledPolicy;
import io.sharekeep.enclave.session.Parties.Shape;
import io.sharekeep.leftovers.LeavesNothing;
import io.sharekeep.softhsm.SoftHsmTokens;
import io.sharekeep.softhsm.SoftTokens;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a policy of typed rules lets three parties sign, and what they write down about it. */
@SoftTokens
@LeavesNothing
class TypedPolicyTest {
  private static final Set<Integer> ALL = Set.of(1, 2, 3);

  private final SplittableRandom random = new SplittableRandom(20261123);
  private static Parties parties;
  private Optional<KeyDescription> key = Optional.empty();

  @BeforeAll
  static void start(@TempDir Path home, SoftHsmTokens tokens) {
    parties =
        Parties.start(
            home,
            tokens,
            3,
            Map.of("three", new Shape(2, List.of(List.of(1), List.of(2), List.of(3)))),
            Map.of(),
            TypedPolicies::of);
  }

  /** Limits are of a wallet, so every test that pays has its own. */
  private KeyDescription key() {
    key = key.or(() -> Optional.of(parties.generate("three", Scheme.FROST_ED25519)));
    return key.orElseThrow();
  }

  @AfterAll
  static void stop() {
    parties.close();
  }

  private Order.Sign pays(long lamports) {
    return pays(lamports, Payloads.bytes(random, 32));
  }

  private Order.Sign pays(long lamports, byte[] to) {
    return TypedPolicies.pays(parties, key(), lamports, to, random);
  }

  private Outcome signs(Order.Sign order) {
    return Relay.run(parties.all(), parties.propose(List.of(1, 2), order), order);
  }

  private Outcome.Denied denied(Order.Sign order) {
    return assertInstanceOf(Outcome.Denied.class, signs(order));
  }

  /** Which rule denies what would otherwise wait. */
  private static String full(Order.Sign order) {
    var known = assertInstanceOf(Proposal.Known.class, parties.enclave(1).propose(order, ALL));
    return assertInstanceOf(Outcome.Denied.class, known.outcome()).rule();
  }

  private static Desk desk(int party) {
    return ((Core) parties.enclave(party)).desk();
  }

  private List<byte[]> records(int party, Order order) {
    return desk(party).store().read(from -> desk(party).decisions().of(from, order.requestId()));
  }

  /** As the record of a request finds it that is denied, and so takes nothing. */
  private long spent(int party) {
    var probe = pays(TypedPolicies.LARGE + 1);
    denied(probe);
    var row = StrictJson.object(records(party, probe).getLast());
    for (var limit : row.path("limits")) {
      if (limit.path("id").asText().equals("sol-day")) {
        return limit.path("before").asLong();
      }
    }
    throw new AssertionError(row);
  }

  /** Not asked of anybody but that party, and it waits there. */
  private static <T extends Order> T waits(T order) {
    var refused =
        assertInstanceOf(Proposal.Refused.class, parties.enclave(1).propose(order, ALL)).refusal();
    assertEquals(Code.POLICY_DEFERRED, refused.code(), refused.detail());
    return order;
  }

  private static RuledPolicy policy(Desk desk) {
    return assertInstanceOf(RuledPolicy.class, desk.books().policy());
  }

  private static List<String> differences(Desk desk, byte[] record) {
    return DecisionReplay.differences(record, policy(desk), Lists.NONE);
  }

  @Test
  void aSmallPaymentIsSignedAndEachPartyCanMakeItsDecisionAgain() {
    var order = pays(1_000_000);
    assertInstanceOf(Outcome.Signed.class, signs(order));
    for (int party : List.of(1, 2)) {
      var record = records(party, order).getFirst();
      assertEquals(List.of(), differences(desk(party), record));
      var json = StrictJson.object(record);
      assertEquals("small", json.path("ruling").path("rule").asText());
      assertEquals("p" + party, json.path("party").asText());
      var logged = new ArrayList<String>();
      desk(party)
          .store()
          .read(from -> {
            desk(party)
                .log()
                .leaves(from, 0, leaf -> logged.add(new String(leaf, StandardCharsets.UTF_8)));
            return logged;
          });
      assertEquals(
          1,
          logged.stream().filter(leaf -> leaf.contains(Ending.sha256(record))).count(),
          "the log names the record by its hash, once");
      assertEquals(
          1,
          Logs.entries(desk(party), "session-opened").stream()
              .filter(leaf -> leaf.contains(order.requestId()))
              .count());
    }
    assertEquals(List.of(), records(3, order), "who had no part decided nothing");
  }

  @Test
  void aRecordThatWasAlteredDoesNotComeToItself() {
    var order = pays(1_000_000);
    signs(order);
    var record = records(1, order).getFirst();
    var other = records(2, order).getFirst();
    assertTrue(altered(record, json -> json.put("initiator", "ben")).contains("initiator"));
    assertTrue(
        altered(record, json -> ((ObjectNode) json.path("ruling")).put("rule", "large"))
            .contains("ruling"));
    assertTrue(altered(record, json -> json.put("intentHash", "00")).contains("intentHash"));
    assertTrue(
        altered(record, json -> json.put("payload", json.path("payload").asText() + "00"))
            .contains("payload"));
    assertTrue(
        altered(record, json -> ((ObjectNode) json.path("limits").get(0)).put("charge", "1"))
            .contains("limits"));
    assertTrue(
        altered(record, json -> ((ObjectNode) json.path("limits").get(0)).put("bucket", "x"))
            .contains("no window"));
    assertTrue(
        altered(
                record,
                json -> ((ObjectNode) json.path("request")).put("signature", "00".repeat(64)))
            .contains("signature"));
    var next = pays(1_000_001);
    signs(next);
    var swapped = StrictJson.object(records(1, next).getFirst());
    assertTrue(
        altered(
                record,
                json -> {
                  json.set("payload", swapped.get("payload"));
                  json.set("intentHash", swapped.get("intentHash"));
                })
            .contains("whose hash was signed"));
    assertTrue(
        String.join("; ", differences(desk(1), other)).contains("policySha256"),
        "another party's policy");
  }

  private String altered(byte[] record, java.util.function.Consumer<ObjectNode> change) {
    var json = StrictJson.object(record);
    change.accept(json);
    return String.join(
        "; ", differences(desk(1), json.toString().getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void theDailyLimitRefusesTheNextAndSaysSo() {
    for (int i = 0; i < 4; i++) {
      assertInstanceOf(Outcome.Signed.class, signs(pays(TypedPolicies.SMALL)));
    }
    var last = pays(TypedPolicies.SMALL);
    assertEquals("sol-day", denied(last).rule(), "the fee counts too");
    assertEquals(List.of(), differences(desk(1), records(1, last).getFirst()));
    parties.stop(1);
    parties.start(1);
    assertEquals("sol-day", denied(pays(TypedPolicies.SMALL)).rule(), "after a restart as well");
    parties.wait(Duration.ofHours(25));
    assertInstanceOf(Outcome.Signed.class, signs(pays(TypedPolicies.SMALL)));
  }

  @Test
  void aDenyDecidesWhateverAllows() {
    byte[] forbidden = new byte[32];
    forbidden[31] = 1;
    assertEquals("forbidden", denied(pays(1_000_000, forbidden)).rule());
    assertEquals("default-deny", denied(pays(TypedPolicies.LARGE + 1)).rule());
  }

  @Test
  void aSessionThatEndsBeforeItsLastRoundGivesBackWhatItReserved() {
    var order = pays(TypedPolicies.SMALL);
    Relay.open(parties.all(), parties.propose(List.of(1, 2), order), order);
    assertEquals(TypedPolicies.SMALL + 5000, spent(1), "it counts as long as it is open");
    parties.leaveAlone(Duration.ofSeconds(60));
    denied(pays(TypedPolicies.LARGE + 1)); // Whoever comes next has the thread look after others.
    assertEquals(0, spent(1));
  }

  @Test
  void aCrashGivesBackWhatNoLastRoundWasReachedForAndKeepsTheRest() throws IOException {
    var opened = pays(TypedPolicies.SMALL);
    Relay.open(parties.all(), parties.propose(List.of(1, 2), opened), opened);
    parties.crash(1);
    assertEquals(0, spent(1), "round 1 gives nothing away");
    var sent = pays(TypedPolicies.SMALL);
    var ready = parties.propose(List.of(1, 2), sent);
    var round1 = Relay.open(parties.all(), ready, sent);
    var round2 = Relay.round(parties.all(), ready, 2, round1);
    assertInstanceOf(StepReply.Sent.class, round2.get(1));
    parties.crash(1);
    assertEquals(
        TypedPolicies.SMALL + 5000, spent(1), "a last-round message may become a signature");
  }

  @Test
  void aLargePaymentWaitsDurablyAndTakesItsRoomUntilItsTimeIsOver() {
    var order = waits(pays(TypedPolicies.LARGE));
    assertEquals(1, records(1, order).size());
    waits(order);
    assertEquals(1, records(1, order).size(), "asking again is no new decision");
    assertEquals(List.of(), differences(desk(1), records(1, order).getFirst()));
    parties.stop(1);
    parties.start(1);
    waits(order);
    assertEquals("sol-day", full(pays(TypedPolicies.SMALL * 2 + 1)));
    parties.wait(Duration.ofHours(2));
    assertInstanceOf(Outcome.Signed.class, signs(pays(TypedPolicies.SMALL)));
    assertEquals(
        Optional.of(new Outcome.Denied(order.requestId(), "approvals-expired")),
        parties.enclave(1).outcome(order.requestId()));
    assertEquals(TypedPolicies.SMALL + 5000, spent(1), "what had waited in vain counts no more");
  }

  @Test
  void anInitiatorFillsOnlySoManyPlacesWithWhatWaits() {
    for (int i = 0; i < 3; i++) {
      waits(pays(TypedPolicies.SMALL + 1));
    }
    assertEquals("open", full(pays(TypedPolicies.SMALL + 1)));
  }

  private static byte[] said(Order order, String person, String choice) {
    return TypedPolicies.said(parties, order, person, choice);
  }

  private static void says(Order order, String person, String choice) {
    assertEquals(
        Optional.empty(),
        parties.enclave(1).assent(order.requestId(), said(order, person, choice)));
  }

  private static List<byte[]> approvals(Order order) {
    return parties.enclave(1).waiting(order.requestId()).orElseThrow().order().approvals();
  }

  private static Order.Sign withApprovals(Order.Sign order) {
    return new Order.Sign(order.request(), order.payload(), approvals(order));
  }

  @Test
  void twoApproversLetItBeSignedAndEachPartyVerifiesThemItself() {
    var order = waits(pays(TypedPolicies.LARGE));
    says(order, "ben", "approve");
    waits(withApprovals(order));
    parties.stop(1);
    parties.start(1);
    says(order, "cleo", "approve");
    var approved = withApprovals(order);
    assertEquals(2, approved.approvals().size());
    assertInstanceOf(Outcome.Signed.class, signs(approved));
    assertEquals(Optional.empty(), parties.enclave(1).waiting(order.requestId()));
    for (int party : List.of(1, 2)) {
      for (var record : records(party, order)) {
        assertEquals(List.of(), differences(desk(party), record));
      }
    }
    assertEquals(3, records(1, order).size(), "deferred, deferred with one approval, approved");
    assertEquals(TypedPolicies.LARGE + 5000, spent(1), "it took its room once");
  }

  @Test
  void whatIsHeldHereCountsWhoeverAsksAndIsInTheLog() {
    var order = waits(pays(TypedPolicies.LARGE));
    says(order, "ben", "approve");
    says(order, "cleo", "approve");
    assertInstanceOf(Proposal.Ready.class, parties.enclave(1).propose(order, ALL));
    var logged =
        Logs.entries(desk(1), "approval-taken").stream()
            .filter(leaf -> leaf.contains(order.requestId()))
            .toList();
    assertEquals(2, logged.size());
    assertTrue(logged.getFirst().contains("\"ben\""), logged.getFirst());
    says(order, "dan", "reject");
    assertEquals(
        1,
        Logs.entries(desk(1), "request-closed").stream()
            .filter(leaf -> leaf.contains(order.requestId()))
            .count());
  }

  @Test
  void anApprovalThatComesTooLateEndsTheRequestItIsAbout() {
    var order = waits(pays(TypedPolicies.LARGE));
    var statement = said(order, "ben", "approve");
    parties.wait(Duration.ofHours(2));
    assertEquals(
        Code.NOT_WAITING,
        parties.enclave(1).assent(order.requestId(), statement).orElseThrow().code());
    assertEquals(
        Optional.of(new Outcome.Denied(order.requestId(), "approvals-expired")),
        parties.enclave(1).outcome(order.requestId()));
  }

  @Test
  void anApprovalDoesNotMakeARequestWaitForLonger() {
    var order = waits(pays(TypedPolicies.LARGE));
    var rule = said(order, "cleo", "approve");
    parties.wait(Duration.ofMinutes(90));
    says(order, "ben", "approve");
    waits(withApprovals(order));
    parties.wait(Duration.ofMinutes(31));
    assertEquals(
        Code.NOT_WAITING, parties.enclave(1).assent(order.requestId(), rule).orElseThrow().code());
  }

  @Test
  void aClockThatIsSetBackTooFarIsNotReadyAndDecidesNothing() {
    assertInstanceOf(Outcome.Signed.class, signs(pays(1_000_000)));
    assertEquals(List.of(), notReady());
    parties.jump(Duration.ofSeconds(-30));
    try {
      assertEquals(List.of("clock"), notReady());
      var refused =
          assertInstanceOf(
              Proposal.Refused.class, parties.enclave(1).propose(pays(TypedPolicies.LARGE), ALL));
      assertEquals(Code.POLICY_UNAVAILABLE, refused.refusal().code());
    } finally {
      parties.jump(Duration.ofSeconds(30));
    }
    assertEquals(List.of(), notReady());
  }

  @Test
  void aClockThatJumpsForwardEmptiesNoWindowAndEndsNothingThatWaits() {
    assertInstanceOf(Outcome.Signed.class, signs(pays(TypedPolicies.SMALL)));
    var waiting = waits(pays(TypedPolicies.LARGE));
    var small = pays(TypedPolicies.SMALL);
    var large = pays(TypedPolicies.SMALL + 1);
    parties.jump(Duration.ofSeconds(4));
    assertEquals(List.of(), notReady(), "so much is corrected after a start");
    parties.jump(Duration.ofHours(25));
    try {
      assertEquals(List.of("clock"), notReady());
      for (var reply :
          Relay.open(parties.all(), parties.propose(List.of(1, 2), small), small).values()) {
        assertEquals(
            Code.POLICY_UNAVAILABLE,
            assertInstanceOf(StepReply.Refused.class, reply).refusal().code());
      }
      var refused =
          assertInstanceOf(Proposal.Refused.class, parties.enclave(1).propose(large, ALL));
      assertEquals(Code.POLICY_UNAVAILABLE, refused.refusal().code());
    } finally {
      parties.jump(Duration.ofHours(-25).minusSeconds(4));
    }
    assertEquals(List.of(), notReady());
    assertEquals("sol-day", full(large), "what was spent is spent");
    assertTrue(parties.enclave(1).waiting(waiting.requestId()).isPresent());
  }

  private static List<String> notReady() {
    return parties.enclave(1).readiness().stream()
        .filter(check -> !check.passed())
        .map(Check::name)
        .toList();
  }

  @Test
  void aStartEndsWhatHasWaitedForTooLong() {
    var order = waits(pays(TypedPolicies.LARGE));
    parties.stop(1);
    parties.wait(Duration.ofHours(2));
    parties.start(1);
    assertEquals(
        Optional.of(new Outcome.Denied(order.requestId(), "approvals-expired")),
        parties.enclave(1).outcome(order.requestId()));
  }

  @Test
  void aPartyThatIsShownTooFewApprovalsWaitsItself() {
    var order = waits(pays(TypedPolicies.LARGE));
    says(order, "ben", "approve");
    says(order, "cleo", "approve");
    var approved = withApprovals(order);
    var ready = parties.propose(List.of(1, 2), approved);
    var one = new Order.Sign(order.request(), order.payload(), approved.approvals().subList(0, 1));
    for (var cheat : List.of(new Order.Sign(order.request(), order.payload()), one)) {
      var reply =
          parties
              .enclave(2)
              .step(
                  ready.locator(),
                  new StepRequest(
                      1, Optional.of(new StepRequest.Opening(ready.context(), cheat)), List.of()));
      assertEquals(
          Code.POLICY_DEFERRED, assertInstanceOf(StepReply.Refused.class, reply).refusal().code());
    }
  }

  @Test
  void anApprovalDoesNotCountForTheNextRequest() {
    var first = waits(pays(TypedPolicies.LARGE - 1));
    var statement = said(first, "ben", "approve");
    var second = waits(pays(TypedPolicies.SMALL + 1));
    assertEquals(
        Code.APPROVAL_OTHER_REQUEST,
        parties.enclave(1).assent(second.requestId(), statement).orElseThrow().code());
    var stolen = new Order.Sign(second.request(), second.payload(), List.of(statement));
    waits(stolen);
    assertEquals(1, records(1, second).size(), "what does not hold changes nothing");
  }

  @Test
  void nobodyApprovesTwiceAndWhatIsTakenBackStaysSo() {
    var order = waits(pays(TypedPolicies.LARGE));
    var statement = said(order, "ben", "approve");
    assertEquals(
        Code.APPROVAL_REPEATED,
        parties
            .enclave(1)
            .assent(order.requestId(), said(order, "ben", "withdraw"))
            .orElseThrow()
            .code());
    assertEquals(Optional.empty(), parties.enclave(1).assent(order.requestId(), statement));
    assertEquals(
        Code.APPROVAL_REPEATED,
        parties.enclave(1).assent(order.requestId(), statement).orElseThrow().code());
    says(order, "ben", "withdraw");
    assertEquals(
        Code.APPROVAL_REPEATED,
        parties
            .enclave(1)
            .assent(order.requestId(), said(order, "ben", "approve"))
            .orElseThrow()
            .code());
    says(order, "cleo", "approve");
    waits(new Order.Sign(order.request(), order.payload(), List.of(statement)));
  }

  @Test
  void oneRejectionEndsItAndGivesItsRoomBack() {
    var order = waits(pays(TypedPolicies.LARGE));
    says(order, "ben", "approve");
    says(order, "cleo", "reject");
    assertEquals(
        Optional.of(new Outcome.Denied(order.requestId(), "rejected")),
        parties.enclave(1).outcome(order.requestId()));
    assertEquals(
        Code.NOT_WAITING,
        parties.enclave(1).assent(order.requestId(), new byte[0]).orElseThrow().code());
    assertEquals(0, spent(1));
  }

  @Test
  void aPayloadThatIsSwappedAfterTheExportIsNotSigned() {
    var file = exported(waits(pays(TypedPolicies.LARGE)));
    var other = exported(waits(pays(TypedPolicies.SMALL + 1)));
    file.set("payload", other.get("payload"));
    assertInstanceOf(OfflineRequest.Parsed.Malformed.class, read(file));
    file.set("intentHash", other.get("intentHash"));
    assertInstanceOf(
        OfflineRequest.Parsed.Malformed.class, read(file), "whoever swaps one swaps both");
    file.set("request", other.get("request"));
    assertInstanceOf(
        OfflineRequest.Parsed.Malformed.class, read(file), "its words are of the other one");
    file.set("words", other.get("words"));
    assertInstanceOf(OfflineRequest.Parsed.Valid.class, read(file));
    assertEquals(
        DigestWords.of(other.get("intentHash").textValue()),
        assertInstanceOf(OfflineRequest.Parsed.Valid.class, read(file)).request().words());
    file.put("intentHash", "00".repeat(32));
    assertInstanceOf(OfflineRequest.Parsed.Malformed.class, read(file));
    file.set("intentHash", other.get("intentHash"));
    var forged = (ObjectNode) file.get("request");
    forged.put("signature", "00".repeat(64));
    assertInstanceOf(OfflineRequest.Parsed.Malformed.class, read(file));
  }

  private static ObjectNode exported(Order order) {
    return StrictJson.object(parties.enclave(1).waiting(order.requestId()).orElseThrow().json());
  }

  private static OfflineRequest.Parsed read(ObjectNode file) {
    return OfflineRequest.parse(file.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** Nobody but that party's enclave is asked. */
  private static Code stepped(int party, Proposal.Ready ready, Order order) {
    var opening = Optional.of(new StepRequest.Opening(ready.context(), order));
    var reply =
        parties.enclave(party).step(ready.locator(), new StepRequest(1, opening, List.of()));
    return assertInstanceOf(StepReply.Refused.class, reply).refusal().code();
  }

  private static Code objection(Order order, byte[] statement) {
    return parties.enclave(1).assent(order.requestId(), statement).orElseThrow().code();
  }

  @Test
  void aKeyThatOneMayNotMakeAloneWaitsForASecondAndEachPartyVerifiesThemItself() {
    var order = waits(TypedPolicies.wanted(parties, "three"));
    waits(order);
    assertEquals(1, records(1, order).size(), "asking again is no new decision");
    parties.stop(1);
    parties.start(1);
    assertEquals(Code.APPROVAL_BY_INITIATOR, objection(order, said(order, "ben", "approve")));
    assertEquals(
        Code.APPROVAL_NOT_APPROVER,
        objection(order, said(order, "dan", "approve")),
        "who approves payments has no say in keys");
    says(order, "cleo", "approve");
    assertEquals(Code.APPROVAL_REPEATED, objection(order, said(order, "cleo", "approve")));
    var approved = new Order.GenerateKey(order.request(), approvals(order));
    var ready = parties.propose(1, approved);
    assertEquals(Code.POLICY_DEFERRED, stepped(2, ready, order), "it was not shown the approval");
    var made =
        assertInstanceOf(Outcome.KeyGenerated.class, Relay.run(parties.all(), ready, approved));
    assertEquals(order.request().body().keyId(), made.key().id());
    assertEquals(Optional.empty(), parties.enclave(1).waiting(order.requestId()));
    for (int party : ALL) {
      var records = records(party, order);
      assertEquals(party == 3 ? 1 : 2, records.size());
      for (var record : records) {
        assertEquals(List.of(), differences(desk(party), record));
      }
    }
    var record = records(1, order).getLast();
    assertTrue(
        altered(record, json -> json.putArray("approvals")).contains("ruling"),
        "ben alone was not enough");
    assertTrue(altered(record, json -> json.put("initiator", "ada")).contains("initiator"));
    assertTrue(
        altered(
                record,
                json -> ((ObjectNode) json.path("request")).put("signature", "00".repeat(64)))
            .contains("signature"));
  }

  @Test
  void whoIsNoAdministratorGetsNoKeyWhoeverApproves() {
    for (var stranger : List.of(Parties.SERVICE, TypedPolicies.person("dan"))) {
      var asked = TypedPolicies.wanted(parties, "three").request().body();
      var order = new Order.GenerateKey(stranger.sign(asked));
      var ready = parties.propose(1, order);
      assertEquals(
          "default-deny",
          assertInstanceOf(Outcome.Denied.class, Relay.run(parties.all(), ready, order)).rule());
    }
  }

  @Test
  void anApprovalOfOneKeyCountsForNoOtherAndForNoPayment() {
    var first = waits(TypedPolicies.wanted(parties, "three"));
    var second = waits(TypedPolicies.wanted(parties, "three"));
    var payment = waits(pays(TypedPolicies.LARGE));
    var statement = said(first, "cleo", "approve");
    for (var other : List.of(second, payment)) {
      assertEquals(Code.APPROVAL_OTHER_REQUEST, objection(other, statement));
    }
    assertEquals(Code.APPROVAL_OTHER_REQUEST, objection(first, said(payment, "cleo", "approve")));
    waits(new Order.GenerateKey(second.request(), List.of(statement)));
    assertEquals(1, records(1, second).size(), "what does not hold changes nothing");
    says(first, "cleo", "approve");
    says(first, "cleo", "withdraw");
    waits(new Order.GenerateKey(first.request(), List.of(statement)));
    says(second, "cleo", "reject");
    assertEquals(
        Optional.of(new Outcome.Denied(second.requestId(), "rejected")),
        parties.enclave(1).outcome(second.requestId()));
    parties.wait(Duration.ofMinutes(6));
    denied(pays(TypedPolicies.LARGE + 1)); // Whoever comes next ends what has waited for too long.
    assertEquals(
        Optional.of(new Outcome.Denied(first.requestId(), "approvals-expired")),
        parties.enclave(1).outcome(first.requestId()));
  }

  private static Optional<Code> heard(int party, Order order, byte[] statement) {
    return parties.enclave(party).hear(order, statement).map(Refusal::code);
  }

  @Test
  void whatIsTakenBackOrRejectedHoldsWhereItWasHeardWhoeverBringsTheApprovals() {
    var order = waits(pays(TypedPolicies.LARGE));
    says(order, "ben", "approve");
    says(order, "cleo", "approve");
    var approved = withApprovals(order);
    var withdrawal = said(order, "ben", "withdraw");
    var rejection = said(order, "dan", "reject");
    var other = waits(pays(TypedPolicies.SMALL + 1));
    assertEquals(Optional.of(Code.APPROVAL_OTHER_REQUEST), heard(2, other, withdrawal));
    assertEquals(
        Optional.of(Code.APPROVAL_MALFORMED), heard(2, order, said(order, "dan", "approve")));
    assertEquals(Optional.empty(), heard(2, order, withdrawal));
    assertEquals(Optional.empty(), heard(2, order, withdrawal), "whoever says it again");
    assertEquals(Optional.empty(), parties.enclave(2).outcome(order.requestId()));
    parties.stop(2);
    parties.start(2);
    assertEquals(
        Code.POLICY_DEFERRED, stepped(2, parties.propose(List.of(1, 2), approved), approved));
    for (int party : List.of(2, 3)) {
      assertEquals(Optional.empty(), heard(party, order, rejection));
      assertEquals(
          Optional.of(new Outcome.Denied(order.requestId(), "rejected")),
          parties.enclave(party).outcome(order.requestId()),
          "where it waits, and where it never came");
      assertEquals(Optional.empty(), heard(party, order, rejection));
      for (var kind : List.of("request-closed", "approval-taken")) {
        assertEquals(
            1,
            Logs.entries(desk(party), kind).stream()
                .filter(leaf -> leaf.contains(order.requestId()) && leaf.contains("\"dan\""))
                .count());
      }
    }
    assertInstanceOf(Proposal.Known.class, parties.enclave(3).propose(approved, ALL));
    assertEquals(0, spent(2), "what waited there gives its room back");
  }

  @Test
  void whatIsSaidOfAKeyOnFilesIsWhatItsRequestSays() {
    var file = exported(waits(TypedPolicies.wanted(parties, "three")));
    var other = exported(waits(TypedPolicies.wanted(parties, "three")));
    var read = assertInstanceOf(OfflineRequest.Parsed.Valid.class, read(file)).request();
    assertEquals(file.get("requestSha256").textValue(), read.hash());
    assertTrue(read.summary().getFirst().contains("\"three frost-ed25519\""), read::toString);
    file.set("request", other.get("request"));
    for (var one : List.of("words", "requestSha256")) {
      var half = file.deepCopy();
      half.set(one, other.get(one));
      assertInstanceOf(OfflineRequest.Parsed.Malformed.class, read(half), one + " alone");
    }
    file.set("words", other.get("words"));
    file.set("requestSha256", other.get("requestSha256"));
    assertInstanceOf(OfflineRequest.Parsed.Valid.class, read(file));
    ((ObjectNode) file.get("request")).put("signature", "00".repeat(64));
    assertInstanceOf(OfflineRequest.Parsed.Malformed.class, read(file));
  }
}
