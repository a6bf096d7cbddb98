package io.sharekeep.enclave.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.enclave.EnclaveConfiguration;
import io.sharekeep.enclave.KeyDescription;
import io.sharekeep.enclave.KeyId;
import io.sharekeep.enclave.KeyRequest;
import io.sharekeep.enclave.KeyStatements;
import io.sharekeep.enclave.Order;
import io.sharekeep.enclave.Outcome;
import io.sharekeep.enclave.Proposal;
import io.sharekeep.enclave.Refusal;
import io.sharekeep.enclave.Refusal.Code;
import io.sharekeep.enclave.Scheme;
import io.sharekeep.enclave.SignRequest;
import io.sharekeep.enclave.StepReply;
import io.sharekeep.enclave.StepRequest;
import io.sharekeep.enclave.session.Parties.Shape;
import io.sharekeep.enclave.store.KeyRecords.KeyRecordRow;
import io.sharekeep.leftovers.LeavesNothing;
import io.sharekeep.softhsm.SoftHsmTokens;
import io.sharekeep.softhsm.SoftTokens;
import io.sharekeep.threshold.wire.Octets;
import io.sharekeep.threshold.wire.SessionContext;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every no to an order or a proposed session, one wrong thing at a time. */
@SoftTokens
@LeavesNothing
class RefusalsTest {
  private static final Shape TWO_OF_THREE =
      new Shape(2, List.of(List.of(1), List.of(2), List.of(3)));

  private static Parties parties;
  private static KeyDescription key;

  @BeforeAll
  static void start(@TempDir Path directory, SoftHsmTokens tokens) {
    parties =
        Parties.start(
            directory,
            tokens,
            3,
            Map.of(
                "three",
                TWO_OF_THREE,
                "other",
                new Shape(3, TWO_OF_THREE.points()),
                Parties.UNLISTED,
                new Shape(2, List.of(List.of(4), List.of(5), List.of(6)))),
            Map.of(
                1,
                RefusalsTest::onTwoThreads,
                2,
                RefusalsTest::onTwoThreads,
                3,
                RefusalsTest::onTwoThreads));
    key = parties.generate("three", Scheme.FROST_ED25519);
  }

  private static EnclaveConfiguration onTwoThreads(EnclaveConfiguration usual) {
    return new EnclaveConfiguration(
        usual.stateDirectory(),
        usual.core(),
        usual.fallback(),
        usual.secretMemory(),
        2,
        usual.sessionLimit());
  }

  @AfterAll
  static void stop() {
    parties.close();
  }

  private static Refusal refused(Order order) {
    return assertInstanceOf(
            Proposal.Refused.class, parties.enclave(1).propose(order, Set.of(1, 2, 3)))
        .refusal();
  }

  private static Code sign(UnaryOperator<SignRequest> bend) {
    byte[] payload = Payloads.of(key, new SplittableRandom(11));
    return refused(
            new Order.Sign(
                Parties.SERVICE.sign(bend.apply(parties.request(key, payload))), payload))
        .code();
  }

  private static SignRequest with(
      SignRequest r, String committee, Optional<String> path, String purpose, Instant notAfter) {
    return new SignRequest(
        r.requestId(),
        committee,
        r.keyId(),
        path,
        purpose,
        r.payloadSha256(),
        r.expect(),
        notAfter);
  }

  private static Instant in(Duration time) {
    return parties.now().plus(time).truncatedTo(ChronoUnit.SECONDS);
  }

  @Test
  void aRequestIsValidFromNowForADayAtMost() {
    assertEquals(
        Code.EXPIRED,
        sign(r -> with(r, r.committee(), r.path(), r.purpose(), in(Duration.ofSeconds(-1)))));
    assertEquals(
        Code.EXPIRED,
        sign(r -> with(r, r.committee(), r.path(), r.purpose(), in(Duration.ofHours(25)))));
  }

  @Test
  void aCommitteeThatThePolicyDoesNotAcceptIsUnknownWhetherItsDocumentIsHereOrNot() {
    for (var committee : List.of("ab".repeat(32), parties.committee(Parties.UNLISTED))) {
      assertEquals(
          Code.UNKNOWN_COMMITTEE,
          sign(r -> with(r, committee, r.path(), r.purpose(), r.notAfter())));
    }
  }

  @Test
  void aKeyIsKnownInItsOwnCommitteeOnly() {
    assertEquals(
        Code.UNKNOWN_KEY,
        sign(r -> with(r, parties.committee("other"), r.path(), r.purpose(), r.notAfter())));
  }

  @Test
  void aDerivationPathIsNotIgnored() {
    assertEquals(
        Code.PAYLOAD_REFUSED, // The payload spends from the key itself, not from its child.
        sign(r -> with(r, r.committee(), Optional.of("m/0"), r.purpose(), r.notAfter())));
    assertEquals(
        Code.MISMATCH,
        sign(r -> with(r, r.committee(), Optional.of("m/0h"), r.purpose(), r.notAfter())));
  }

  @Test
  void aKeySignsForItsOwnPurposesOnly() {
    for (var purpose : List.of("btc.tx", "gold.tx")) {
      assertEquals(
          Code.MISMATCH, sign(r -> with(r, r.committee(), r.path(), purpose, r.notAfter())));
    }
  }

  private static KeyRequest keyRequest(KeyId id, Scheme scheme, Set<String> purposes) {
    return new KeyRequest(
        parties.fresh("k"), key.committee(), id, "label", scheme, purposes, parties.soon());
  }

  @Test
  void aKeyThatCannotServeOrIsThereAlreadyIsNotMade() {
    var fresh = new KeyId("0b".repeat(16));
    var sol = Set.of("sol.tx");
    assertEquals(
        Code.KEY_EXISTS,
        refused(Parties.sign(keyRequest(key.id(), Scheme.FROST_ED25519, sol))).code());
    assertEquals(
        "a key needs a purpose, such as btc.tx, evm.tx or sol.tx",
        refused(Parties.sign(keyRequest(fresh, Scheme.FROST_ED25519, Set.of()))).detail());
    assertEquals(
        Code.MISMATCH,
        refused(Parties.sign(keyRequest(fresh, Scheme.FROST_SECP256K1_TR, sol))).code());
    assertEquals(
        Code.MISMATCH,
        refused(Parties.sign(keyRequest(fresh, Scheme.DKLS23_SECP256K1, sol))).code());
    assertEquals(
        Code.MISMATCH,
        refused(Parties.sign(keyRequest(fresh, Scheme.FROST_SECP256K1_TR, Set.of("evm.tx"))))
            .code());
    assertEquals(
        Code.MISMATCH,
        refused(Parties.sign(keyRequest(fresh, Scheme.FROST_ED25519, Set.of("gold.tx")))).code());
  }

  @Test
  void theQuorumIsThisPartyAndOthersThatAreReachable() {
    for (int other : List.of(2, 3)) {
      var proposal = parties.enclave(1).propose(parties.order(key), Set.of(other));
      assertEquals(List.of(1, other), Parties.ready(proposal).parties());
    }
    var all = Parties.ready(parties.enclave(1).propose(parties.order(key), Set.of(1, 2, 3)));
    assertEquals(2, all.parties().size());
    assertTrue(all.parties().contains(1));
  }

  @Test
  void aKeyIsMadeByAllOrNotAtAll() {
    var order =
        Parties.sign(
            keyRequest(new KeyId("0c".repeat(16)), Scheme.FROST_ED25519, Set.of("sol.tx")));
    var refused =
        assertInstanceOf(Proposal.Refused.class, parties.enclave(1).propose(order, Set.of(1, 2)));
    assertEquals(
        "key generation needs every party; not reachable or not ready: p3",
        refused.refusal().detail());
    assertEquals(
        List.of(1, 2, 3), Parties.ready(parties.enclave(1).propose(order, Set.of(2, 3))).parties());
  }

  private static StepReply open(SessionContext context, Order order) {
    return parties
        .enclave(1)
        .step(
            context.hash().toArray(),
            new StepRequest(
                1, Optional.of(new StepRequest.Opening(context.encoded(), order)), List.of()));
  }

  private static Code code(StepReply reply) {
    return assertInstanceOf(StepReply.Refused.class, reply).refusal().code();
  }

  @Test
  void aProposedSessionMustEndSoonAndHaveThisPartyAndAQuorum() {
    var order = parties.order(key);
    var soon = parties.now().plusSeconds(30);
    assertEquals(Code.EXPIRED, code(open(parties.context(order, List.of(1, 2), past()), order)));
    assertEquals(
        Code.EXPIRED,
        code(open(parties.context(order, List.of(1, 2), soon.plusSeconds(100)), order)));
    assertEquals(Code.MISMATCH, code(open(parties.context(order, List.of(2, 3), soon), order)));
    assertEquals(Code.TOO_FEW_PARTIES, code(open(parties.context(order, List.of(1), soon), order)));
    // None of these spent the request.
    assertInstanceOf(
        StepReply.Sent.class, open(parties.context(order, List.of(1, 2), soon), order));
  }

  private static Instant past() {
    return parties.now().minusSeconds(1);
  }

  @Test
  void onlyTheFirstRoundBringsAnOrderAndItMust() {
    var order = parties.order(key);
    var ready = parties.propose(List.of(1, 2), order);
    var opening = Optional.of(new StepRequest.Opening(ready.context(), order));
    var enclave = parties.enclave(1);
    assertEquals(
        Code.MALFORMED,
        code(enclave.step(ready.locator(), new StepRequest(1, Optional.empty(), List.of()))));
    var opened = Relay.open(parties.all(), ready, order);
    assertEquals(
        Code.MALFORMED,
        code(enclave.step(ready.locator(), new StepRequest(2, opening, Relay.inbox(1, opened)))));
    // The same context under another request of the same initiator is not the same session.
    var other = parties.order(key);
    assertEquals(
        Code.REQUEST_CONFLICT,
        code(
            enclave.step(
                ready.locator(),
                new StepRequest(
                    1, Optional.of(new StepRequest.Opening(ready.context(), other)), List.of()))));
  }

  @Test
  void aSessionThatNobodyContinuesIsWipedAndLostAfterTenSeconds() throws Exception {
    var order = parties.order(key);
    var ready = parties.propose(List.of(1, 2), order);
    Relay.open(parties.all(), ready, order);
    parties.leaveAlone(Duration.ofSeconds(9));
    Thread.sleep(600);
    assertEquals(Optional.empty(), parties.enclave(1).outcome(order.requestId()));
    parties.leaveAlone(Duration.ofSeconds(2));
    assertLost(1, order);
    assertLost(2, order);
    assertInstanceOf(
        StepReply.Finished.class,
        parties.enclave(1).step(ready.locator(), new StepRequest(2, Optional.empty(), List.of())));
  }

  private static Order newKey() {
    return Parties.sign(
        keyRequest(
            new KeyId(parties.fresh("").substring(1).repeat(2)),
            Scheme.FROST_ED25519,
            Set.of("sol.tx")));
  }

  @Test
  void aKeyGenerationThatItsRelayLeftIsLostOnceNoRelayWaitsForItsRound() throws Exception {
    var order = newKey();
    assertTrue(
        Relay.open(parties.all(), parties.propose(1, order), order).values().stream()
            .allMatch(StepReply.Sent.class::isInstance));
    parties.leaveAlone(Duration.ofSeconds(16));
    Thread.sleep(600);
    assertEquals(Optional.empty(), parties.enclave(1).outcome(order.requestId()));
    parties.leaveAlone(Duration.ofSeconds(5));
    for (int party = 1; party <= 3; party++) {
      assertLost(party, order);
    }
  }

  @Test
  void aKeyGenerationThatItsRelayLeftDoesNotKeepItsInitiatorFromTheNext() throws Exception {
    var left = newKey();
    var first = parties.propose(1, left);
    Relay.open(parties.all(), first, left);
    var order = newKey();
    var next = proposedFor(order, thread(first));

    assertInstanceOf(Outcome.KeyGenerated.class, Relay.run(parties.all(), next, order));

    // All of its places taken by ceremonies that nobody continues, there is no other.
    var others = new ArrayList<Order>();
    var last = left;
    Set<Code> codes = Set.of();
    while (codes.isEmpty()) {
      others.add(last);
      last = newKey();
      codes = refusals(last);
    }
    assertEquals(Set.of(Code.OVERLOADED), codes);
    assertTrue(others.size() <= 2 * 8, "a quarter of 32 slabs on each of two threads");
    parties.leaveAlone(Duration.ofSeconds(21));
    for (var other : others) {
      assertLost(other);
    }
    assertInstanceOf(
        Outcome.KeyGenerated.class, Relay.run(parties.all(), parties.propose(1, last), last));
  }

  /** Why nobody opens a session for it; nothing where all do. */
  private static Set<Code> refusals(Order order) {
    var replies = Relay.open(parties.all(), parties.propose(1, order), order);
    return replies.values().stream()
        .filter(StepReply.Refused.class::isInstance)
        .map(RefusalsTest::code)
        .collect(Collectors.toSet());
  }

  /** Of two, the one that the session's id names. */
  private static int thread(Proposal.Ready ready) {
    return Math.floorMod(Octets.of(ready.locator()).hashCode(), 2);
  }

  private static Proposal.Ready proposedFor(Order order, int thread) {
    for (int i = 0; i < 100; i++) {
      var ready = parties.propose(1, order);
      if (thread(ready) == thread) {
        return ready;
      }
    }
    throw new AssertionError("a hundred sessions on one thread of two");
  }

  @Test
  void aSessionPastItsDeadlineIsLost() throws Exception {
    var signing = parties.order(key);
    Relay.open(parties.all(), parties.propose(List.of(1, 2), signing), signing);
    var generating =
        Parties.sign(
            keyRequest(new KeyId("0d".repeat(16)), Scheme.FROST_ED25519, Set.of("sol.tx")));
    Relay.open(parties.all(), parties.propose(1, generating), generating);
    parties.wait(Duration.ofMinutes(3));
    assertLost(signing);
    assertLost(generating);
  }

  private static void assertLost(Order order) throws InterruptedException {
    assertLost(1, order);
  }

  private static void assertLost(int party, Order order) throws InterruptedException {
    for (int i = 0; i < 100; i++) {
      var outcome = parties.enclave(party).outcome(order.requestId());
      if (outcome.isPresent()) {
        assertEquals(
            new Outcome.Lost(order.requestId(), "its deadline or idle limit passed"),
            outcome.get());
        return;
      }
      Thread.sleep(50);
    }
    throw new AssertionError("the session lives on");
  }

  @Test
  void aKeyThatCameIntoBeingMeanwhileIsNotMadeAgain() {
    var id = new KeyId("0e".repeat(16));
    var order = Parties.sign(keyRequest(id, Scheme.FROST_ED25519, Set.of("sol.tx")));
    var ready = parties.propose(1, order);
    var replies = Relay.open(parties.all(), ready, order);
    for (int round = 2; round <= 3; round++) {
      replies = Relay.round(parties.all(), ready, round, replies);
    }
    var desk = ((Core) parties.enclave(1)).desk();
    var row = desk.keys().find(key.id()).orElseThrow().record().row();
    var meanwhile =
        new KeyRecordRow(
            id, row.epoch(), row.stage(), new byte[32], row.metadata(), row.seals(), row.created());
    assertTrue(desk.store().<Boolean>commit(tx -> desk.keyRecords().add(tx, meanwhile)));
    replies = Relay.round(parties.all(), ready, 4, replies);
    var finished = assertInstanceOf(StepReply.Finished.class, replies.get(1));
    assertInstanceOf(Outcome.Aborted.class, finished.outcome());
    assertEquals(Optional.empty(), parties.enclave(1).key(id));
  }

  @Test
  void aKeyGenerationWaitsForEveryPartysSharesAndWord() {
    var order =
        Parties.sign(
            keyRequest(new KeyId("0f".repeat(16)), Scheme.FROST_ED25519, Set.of("sol.tx")));
    var ready = parties.propose(1, order);
    var replies = Relay.open(parties.all(), ready, order);
    replies = Relay.round(parties.all(), ready, 2, replies);
    var ofTwo = Map.of(2, Optional.ofNullable(replies.get(2)).orElseThrow());
    var incomplete =
        assertInstanceOf(
            StepReply.Refused.class,
            parties
                .enclave(1)
                .step(
                    ready.locator(), new StepRequest(3, Optional.empty(), Relay.inbox(1, ofTwo))));
    assertEquals("round 2 of party 3 is missing", detail(incomplete));
    for (int round = 3; round <= 5; round++) {
      replies = Relay.round(parties.all(), ready, round, replies);
    }
    assertEquals(
        1, assertInstanceOf(StepReply.Sent.class, replies.get(1)).outbox().size(), "its own word");
    var waiting =
        assertInstanceOf(
            StepReply.Refused.class,
            parties
                .enclave(1)
                .step(ready.locator(), new StepRequest(6, Optional.empty(), List.of())));
    assertEquals(Code.INBOX_INCOMPLETE, waiting.refusal().code());
    assertTrue(detail(waiting).endsWith("missing party 2, party 3"), detail(waiting));
    replies = Relay.round(parties.all(), ready, 6, replies);
    assertInstanceOf(StepReply.Finished.class, replies.get(1));
  }

  private static String detail(StepReply.Refused refused) {
    return refused.refusal().detail();
  }

  @Test
  void nothingIsToldOfAKeyOrASessionThatIsNotHere() {
    for (var asked :
        List.of(
            new KeyStatements(new KeyId("aa".repeat(16)), new byte[32], List.of()),
            new KeyStatements(key.id(), new byte[32], List.of()))) {
      assertEquals(List.of(), parties.enclave(1).exchange(asked).statements());
    }
  }
}
