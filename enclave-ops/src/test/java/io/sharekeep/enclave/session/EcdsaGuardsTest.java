package io.sharekeep.enclave.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.enclave.KeyDescription;
import io.sharekeep.enclave.Order;
import io.sharekeep.enclave.Outcome;
import io.sharekeep.enclave.Proposal;
import io.sharekeep.enclave.Refusal.Code;
import io.sharekeep.enclave.Scheme;
import io.sharekeep.enclave.StepReply;
import io.sharekeep.enclave.StepRequest;
import io.sharekeep.enclave.session.Parties.Shape;
import io.sharekeep.enclave.store.Consumptions.Consumption;
import io.sharekeep.enclave.store.Freezes.FreezeRow;
import io.sharekeep.enclave.store.OtMarks;
import io.sharekeep.enclave.store.PairRows.PairStatus;
import io.sharekeep.enclave.store.PairRows.State;
import io.sharekeep.leftovers.LeavesNothing;
import io.sharekeep.softhsm.SoftHsmTokens;
import io.sharekeep.softhsm.SoftTokens;
import io.sharekeep.threshold.Fault;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.Step;
import io.sharekeep.threshold.wire.Octets;
import io.sharekeep.threshold.wire.SignedEnvelope;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What stands around the protocol of threshold ECDSA at one party: each test fails when the guard
 * that it names is taken out. Party 2 deviates, or our own code fails.
 */
@SoftTokens
@LeavesNothing
class EcdsaGuardsTest {
  private static final SplittableRandom RANDOM = new SplittableRandom(20261125);
  private static final int HONEST = 1;
  private static final PartyId ROGUE = new PartyId(2);

  /** None of a party's own signing threads. */
  private static final int THREAD = 62;

  private static Parties parties;
  private KeyDescription key;

  @BeforeAll
  static void start(@TempDir Path directory, SoftHsmTokens tokens) {
    parties =
        Parties.start(
            directory, tokens, 2, Map.of("two", new Shape(2, List.of(List.of(1), List.of(2)))));
  }

  @AfterAll
  static void stop() {
    parties.close();
  }

  /** Pairs do not mend, so every test has its own. */
  @BeforeEach
  void generate() {
    parties.leaveAlone(Duration.ofSeconds(11)); // what the test before has left open is wiped
    key = parties.generate("two", Scheme.DKLS23_SECP256K1);
  }

  private Order.Sign order() {
    byte[] payload = Payloads.evm(RANDOM);
    return new Order.Sign(
        Parties.SERVICE.sign(parties.request(key, "evm.tx", Optional.empty(), payload)), payload);
  }

  private static Core core(int party) {
    return (Core) parties.enclave(party);
  }

  private static Proposal.Ready propose(Order order) {
    return parties.propose(List.of(HONEST, ROGUE.value()), order);
  }

  private static StepReply step(Proposal.Ready ready, int round, List<byte[]> inbox) {
    return parties
        .enclave(HONEST)
        .step(ready.locator(), new StepRequest(round, Optional.empty(), inbox));
  }

  private static StepReply open(Proposal.Ready ready, Order order) {
    var opening = Optional.of(new StepRequest.Opening(ready.context(), order));
    return parties.enclave(HONEST).step(ready.locator(), new StepRequest(1, opening, List.of()));
  }

  private static Map<Integer, StepReply> upTo(int round, Proposal.Ready ready, Order order) {
    var replies = Relay.open(parties.all(), ready, order);
    for (int next = 2; next <= round; next++) {
      replies = Relay.round(parties.all(), ready, next, replies);
    }
    return replies;
  }

  private PairStatus status() {
    var desk = core(HONEST).desk();
    return desk.store()
        .read(from -> desk.pairRows().find(from, key.id(), key.epoch(), ROGUE.value()))
        .orElseThrow()
        .status();
  }

  private static Outcome.Aborted aborted(StepReply reply) {
    return assertInstanceOf(
        Outcome.Aborted.class, assertInstanceOf(StepReply.Finished.class, reply).outcome());
  }

  private static Code refused(StepReply reply) {
    return assertInstanceOf(StepReply.Refused.class, reply).refusal().code();
  }

  /** In a session of party 1 that is no session of any thread. */
  private OtGuard guard(Order order, Proposal.Ready ready, int thread) {
    var desk = core(HONEST).desk();
    var ending =
        new Ending(
            desk,
            parties.context(order, List.of(HONEST, ROGUE.value()), parties.soon()),
            desk.books().committee(key.committee()).orElseThrow(),
            order.requestId(),
            ready.locator());
    return new OtGuard(
        desk,
        desk.keys().find(key.id()).orElseThrow(),
        List.of(ROGUE),
        ending,
        thread,
        _ -> new byte[] {1, 2, 3});
  }

  /** E-GAMMA: the rogue commits to another nonce than it multiplies. */
  @Test
  void aNonceOtherThanItsPointBurnsThePairAndBansItsOwner() throws Exception {
    var order = order();
    var ready = propose(order);
    try (var rogue =
        BentSession.open(
            core(ROGUE.value()), ready, order, group -> BentGroup.lying(group, "Nonces"))) {
      var own = open(ready, order);
      var theirs = rogue.first();
      for (int round = 2; round <= 3; round++) {
        var next = step(ready, round, BentSession.inbox(new PartyId(HONEST), theirs));
        theirs = rogue.step(round, BentSession.inbox(ROGUE, own));
        own = next;
      }
      var outcome = aborted(step(ready, 4, BentSession.inbox(new PartyId(HONEST), theirs)));
      assertEquals("bad-consistency", outcome.fault());
      assertEquals(List.of(ROGUE.value()), outcome.culprits());
    }
    assertEquals(State.BURNT, status().state());
    var desk = core(HONEST).desk();
    var ban =
        desk.store().read(from -> desk.bans().all(from)).stream()
            .filter(row -> Arrays.equals(row.session(), ready.locator()))
            .findFirst()
            .orElseThrow();
    assertEquals("bad-consistency", ban.fault());
    assertTrue(ban.evidence().length > 50_000, "what the rogue sent is kept");
    for (var kind : List.of("pair-burnt", "banned", "aborted")) {
      assertTrue(
          Logs.entries(desk, kind).stream()
              .anyMatch(leaf ->
                  leaf.contains("bad-consistency")
                      && leaf.contains(HexFormat.of().formatHex(ready.locator()))),
          kind);
    }
  }

  /** An exception of our own in rounds 3 and 4: the peer may have caused it. */
  @Test
  void anExceptionInEitherRoundOfItBurnsThePairAndEndsTheSession() throws Exception {
    for (var within : List.of("Multiplication", "Finish")) {
      key = parties.generate("two", Scheme.DKLS23_SECP256K1);
      var order = order();
      var ready = propose(order);
      try (var failing =
          BentSession.open(core(HONEST), ready, order, group -> BentGroup.failing(group, within))) {
        var own = failing.first();
        var opening = Optional.of(new StepRequest.Opening(ready.context(), order));
        var theirs =
            parties
                .enclave(ROGUE.value())
                .step(ready.locator(), new StepRequest(1, opening, List.of()));
        int round = 2;
        while (own instanceof StepReply.Sent && round <= 5) {
          var next = failing.step(round, BentSession.inbox(new PartyId(HONEST), theirs));
          if (next instanceof StepReply.Sent) {
            theirs =
                parties
                    .enclave(ROGUE.value())
                    .step(
                        ready.locator(),
                        new StepRequest(round, Optional.empty(), BentSession.inbox(ROGUE, own)));
          }
          own = next;
          round++;
        }
        assertEquals(within.equals("Finish") ? 5 : 4, round, "where it failed");
        var outcome = aborted(own);
        assertEquals("bad-extension", outcome.fault());
        assertEquals(List.of(), outcome.culprits(), "nobody was caught");
        assertTrue(failing.isOver());
      }
      assertEquals(State.BURNT, status().state(), within);
    }
  }

  @Test
  void aStepIsMarkedWhileItRunsAndAnExceptionLeavesItsMark() {
    var order = order();
    var guard = guard(order, propose(order), THREAD);
    var mark = new OtMarks.Mark(key.id(), key.epoch(), List.of(ROGUE.value()));
    assertEquals(
        new OtGuard.Result.Went(),
        guard.inPairs(() -> {
          assertEquals(List.of(mark), marks(), "while it runs");
          return Optional.empty();
        }));
    assertEquals(List.of(), marks(), "it has ended");
    assertThrows(
        OtGuard.OtFailure.class,
        () ->
            guard.inPairs(() -> {
              throw new IllegalStateException("out of bounds");
            }));
    assertEquals(List.of(mark), marks(), "what could not be burnt would count as a death");
    core(HONEST).desk().marks().leave(THREAD);
  }

  /** As the next process would find them. */
  private static List<OtMarks.Mark> marks() {
    try (var marks = OtMarks.open(parties.configuration(HONEST).stateDirectory())) {
      return marks.left();
    }
  }

  @Test
  void whatAPeerSendsInTwoSessionsIsJudgedOneAfterTheOther() throws Exception {
    var order = order();
    var ready = propose(order);
    var first = guard(order, ready, THREAD);
    var second = guard(order, ready, THREAD - 1);
    var inside = new CountDownLatch(1);
    var judge = new CountDownLatch(1);
    var looked = new AtomicBoolean();
    var results = new CompletableFuture<OtGuard.Result>();
    var one =
        Thread.ofPlatform()
            .start(() ->
                first.inPairs(() -> {
                  inside.countDown();
                  await(judge);
                  return Optional.of(new Step.Aborted<>(Fault.BAD_EXTENSION, List.of(ROGUE)));
                }));
    await(inside);
    var two =
        Thread.ofPlatform()
            .start(() ->
                results.complete(
                    second.inPairs(() -> {
                      looked.set(true);
                      return Optional.empty();
                    })));
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
    while (two.getState() != Thread.State.WAITING && two.isAlive() && System.nanoTime() < until) {
      Thread.onSpinWait();
    }
    assertFalse(looked.get(), "the first has no verdict yet");
    judge.countDown();
    one.join();
    two.join();
    assertEquals(new OtGuard.Result.Burnt(ROGUE), results.join());
    assertFalse(looked.get(), "the first verdict is durable, and this one is never given");
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(10, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aPairThatIsBurntOrUnknownAnswersNoRoundAndOpensNone() {
    var pairs = core(HONEST).desk().pairs();
    var whole = pairs.find(key.id(), ROGUE).orElseThrow();
    for (int round = 2; round <= 5; round++) {
      var order = order();
      var ready = propose(order);
      var before = upTo(round - 1, ready, order);
      pairs.put(whole.burnt());
      assertEquals(
          Code.PAIR_NOT_USABLE,
          refused(step(ready, round, Relay.inbox(HONEST, before))),
          "round " + round);
      pairs.put(whole);
      assertInstanceOf(
          Outcome.Aborted.class,
          parties.enclave(HONEST).outcome(order.requestId()).orElseThrow(),
          "it is over");
    }
    assertEquals(Optional.of(new PartyId(9)), pairs.unusable(key.id(), List.of(new PartyId(9))));
    var order = order();
    var ready = propose(order);
    pairs.put(whole.burnt());
    assertEquals(Code.PAIR_NOT_USABLE, refused(open(ready, order)));
    assertInstanceOf(
        Proposal.Refused.class, parties.enclave(HONEST).propose(order(), Set.of(1, 2)));
    pairs.put(whole);
  }

  /** E-SIG: the part is a scalar, and another one. */
  @Test
  void aWrongPartGivesNoSignatureNamesNobodyAndIsNotTriedAgain() {
    var order = order();
    var ready = propose(order);
    var before = upTo(4, ready, order);
    var outcome = aborted(step(ready, 5, bent(before)));
    assertEquals("bad-signature", outcome.fault());
    assertEquals(List.of(), outcome.culprits());
    assertEquals(State.ACTIVE, status().state(), "nobody's fault burns nothing");
    assertEquals(
        Optional.of(outcome), parties.enclave(HONEST).outcome(order.requestId()), "it is kept");
    var again = step(ready, 5, Relay.inbox(HONEST, before));
    assertEquals(outcome, assertInstanceOf(StepReply.Finished.class, again).outcome());
    assertInstanceOf(Proposal.Known.class, parties.enclave(HONEST).propose(order, Set.of(1, 2)));
  }

  /** Nobody can be caught, so the set is counted, past a restart, and after three signs no more. */
  @Test
  void threeSignaturesThatFailLockTheirSigners() {
    var running = order();
    var other = propose(running);
    var before = upTo(2, other, running);
    for (int failure = 1; failure <= Lockouts.LIMIT; failure++) {
      assertEquals(
          failure - 1,
          core(HONEST).desk().lockouts().failures(key.id(), List.of(new PartyId(1), ROGUE)));
      if (failure == Lockouts.LIMIT) {
        parties.stop(HONEST);
        parties.start(HONEST);
        running = order();
        other = propose(running);
        before = upTo(2, other, running);
      }
      fail();
    }
    assertEquals(
        Code.SIGNERS_LOCKED,
        refused(step(other, 3, Relay.inbox(HONEST, before))),
        "a session that was open");
    assertEquals(Code.SIGNERS_LOCKED, refused(open()));
    var proposed =
        assertInstanceOf(
            Proposal.Refused.class, parties.enclave(HONEST).propose(order(), Set.of(1, 2)));
    assertEquals(Code.SIGNERS_LOCKED, proposed.refusal().code());
    var failed = Logs.entries(core(HONEST).desk(), "signers-failed");
    assertEquals(3, failed.stream().filter(leaf -> leaf.contains(key.id().hex())).count());
    parties.stop(HONEST);
    parties.start(HONEST);
    assertEquals(Code.SIGNERS_LOCKED, refused(open()), "past a restart");
  }

  private StepReply open() {
    var order = order();
    return open(propose(order), order);
  }

  /** A signature to which the rogue gives a wrong part. */
  private void fail() {
    var order = order();
    var ready = propose(order);
    var before = upTo(4, ready, order);
    assertEquals("bad-signature", aborted(step(ready, 5, bent(before))).fault());
  }

  /** The rogue's parts, each a scalar and another one. */
  private static List<byte[]> bent(Map<Integer, StepReply> before) {
    return Resigned.of(
        core(ROGUE.value()),
        HONEST,
        before,
        payload -> {
          byte[] bytes = payload.toArray();
          bytes[bytes.length - 1] ^= 1;
          return Octets.of(bytes);
        });
  }

  /** What names a session's nonces is spent before a part leaves. */
  @Test
  void aSessionThatHasSignedSignsNoMore() {
    var order = order();
    var ready = propose(order);
    var before = upTo(3, ready, order);
    var desk = core(HONEST).desk();
    byte[] session =
        SignedEnvelope.decode(Relay.inbox(HONEST, before).getFirst())
            .valid()
            .orElseThrow()
            .envelope()
            .session()
            .toArray();
    boolean spentBefore = desk.store().read(from -> desk.consumptions().isConsumed(from, session));
    assertFalse(spentBefore);
    desk.store()
        .commit(tx ->
            desk.consumptions()
                .consume(
                    tx,
                    new Consumption(
                        session,
                        key.id(),
                        key.epoch(),
                        desk.boot().toArray(),
                        new byte[32],
                        0,
                        new byte[32],
                        desk.clock().instant())));
    var outcome = aborted(step(ready, 4, Relay.inbox(HONEST, before)));
    assertEquals("commitment-missing", outcome.fault());
    var other = order();
    var fresh = propose(other);
    var replies = upTo(3, fresh, other);
    long spent = desk.store().read(from -> desk.consumptions().count(from));
    assertInstanceOf(StepReply.Sent.class, step(fresh, 4, Relay.inbox(HONEST, replies)));
    long after = desk.store().read(from -> desk.consumptions().count(from));
    assertEquals(spent + 1, after);
  }

  /** The session is gone from the records of this boot: nothing of it may leave. */
  @Test
  void aSessionThatIsNotOpenInTheRecordsSendsNoPart() {
    var order = order();
    var ready = propose(order);
    var before = upTo(3, ready, order);
    var desk = core(HONEST).desk();
    desk.store().commit(tx -> desk.sessions().end(tx, ready.locator(), "lost"));
    assertInstanceOf(
        StepReply.Finished.class, step(ready, 4, Relay.inbox(HONEST, before)), "an abort");
    assertEquals(
        Optional.empty(),
        desk.store().read(from -> desk.outboxes().find(from, ready.locator(), 4)));
  }

  @Test
  void noPartLeavesAfterAFreeze() {
    var order = order();
    var ready = propose(order);
    var before = upTo(3, ready, order);
    var desk = core(HONEST).desk();
    var id = "ab".repeat(32);
    desk.store()
        .commit(tx ->
            desk.freezes()
                .add(
                    tx,
                    new FreezeRow(
                        id, key.id().hex(), "ada", new byte[0], desk.clock().instant(), false)));
    assertEquals(Code.FROZEN, refused(step(ready, 4, Relay.inbox(HONEST, before))));
    desk.store().commit(tx -> desk.freezes().lift(tx, id, desk.clock().instant()));
    assertInstanceOf(
        StepReply.Finished.class,
        step(ready, 4, Relay.inbox(HONEST, before)),
        "it has ended, and nothing is kept to be repeated");
  }
}
