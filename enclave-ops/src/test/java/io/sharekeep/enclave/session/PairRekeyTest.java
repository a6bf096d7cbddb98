package io.sharekeep.enclave.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.enclave.KeyDescription;
import io.sharekeep.enclave.Order;
import io.sharekeep.enclave.Outcome;
import io.sharekeep.enclave.PairRequest;
import io.sharekeep.enclave.Proposal;
import io.sharekeep.enclave.Refusal.Code;
import io.sharekeep.enclave.Scheme;
import io.sharekeep.enclave.Signer;
import io.sharekeep.enclave.StepReply;
import io.sharekeep.enclave.StepRequest;
import io.sharekeep.enclave.policy.TestDocuments;
import io.sharekeep.enclave.session.Parties.Shape;
import io.sharekeep.enclave.store.PairRows.PairStatus;
import io.sharekeep.enclave.store.PairRows.State;
import io.sharekeep.leftovers.LeavesNothing;
import io.sharekeep.softhsm.SoftHsmTokens;
import io.sharekeep.softhsm.SoftTokens;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.wire.Octets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The only way back for a pair that must not be used any more. */
@SoftTokens
@LeavesNothing
class PairRekeyTest {
  private static final SplittableRandom RANDOM = new SplittableRandom(20261126);
  private static final PartyId ONE = new PartyId(1);
  private static final PartyId TWO = new PartyId(2);
  private static final Signer BEN = Signer.ed25519();

  /** Ada's as well, as {@link Parties#ADMIN} is. */
  private static final Signer ADA_AGAIN = Signer.ed25519();

  private static Parties parties;
  private KeyDescription key;

  @BeforeAll
  static void start(@TempDir Path directory, SoftHsmTokens tokens) {
    parties =
        Parties.start(
            directory,
            tokens,
            3,
            Map.of("three", new Shape(2, List.of(List.of(1), List.of(2), List.of(3)))),
            Map.of(),
            PairRekeyTest::policy);
  }

  private static String policy(String party, List<String> committees) {
    return TestDocuments.policy(party, Parties.SERVICE, Parties.ADMIN, committees)
        .replace(
            "\"people\":{\"ada\":{\"keys\":[",
            "\"people\":{\"ben\":{\"keys\":["
                + key(BEN)
                + "],\"tls\":[\""
                + "bb".repeat(32)
                + "\"]},\"ada\":{\"keys\":["
                + key(ADA_AGAIN)
                + ",")
        .replace("\"administrator\":[\"ada\"]", "\"administrator\":[\"ada\",\"ben\"]");
  }

  private static String key(Signer signer) {
    return "{\"algorithm\":\"%s\",\"key\":\"%s\"}"
        .formatted(signer.algorithm().label(), signer.hex());
  }

  @AfterAll
  static void stop() {
    parties.close();
  }

  @BeforeEach
  void generate() {
    parties.leaveAlone(Duration.ofSeconds(21));
    key = parties.generate("three", Scheme.DKLS23_SECP256K1);
  }

  private PairRequest request(long generation) {
    return new PairRequest(
        parties.fresh("p"), key.committee(), key.id(), List.of(1, 2), generation, parties.soon());
  }

  private static Order.RekeyPair order(PairRequest request) {
    return new Order.RekeyPair(Parties.ADMIN.sign(request), BEN.sign(request));
  }

  private static Core core(int party) {
    return (Core) parties.enclave(party);
  }

  private static Proposal propose(int party, Order order) {
    return parties.enclave(party).propose(order, Set.of(1, 2, 3));
  }

  private static Outcome.PairRekeyed rekey(Order order) {
    return assertInstanceOf(
        Outcome.PairRekeyed.class,
        Relay.run(parties.all(), Parties.ready(propose(1, order)), order));
  }

  private static Code refused(Proposal proposal) {
    return assertInstanceOf(Proposal.Refused.class, proposal).refusal().code();
  }

  private static Code refused(StepReply reply) {
    return assertInstanceOf(StepReply.Refused.class, reply).refusal().code();
  }

  private PairStatus status(int party, int peer) {
    var desk = core(party).desk();
    var row =
        desk.store()
            .read(from -> desk.pairRows().find(from, key.id(), key.epoch(), peer))
            .orElseThrow()
            .status();
    assertEquals(Optional.of(row), desk.pairs().find(key.id(), new PartyId(peer)));
    return row;
  }

  private boolean usable(int party, int peer) {
    return status(party, peer).state() == State.ACTIVE;
  }

  /** As a check of party 1 on a message of party 2 would. */
  private void burn() {
    var desk = core(1).desk();
    desk.store().commit(tx -> desk.pairRows().burn(tx, key.id(), key.epoch(), 2));
    desk.pairs().put(desk.pairs().find(key.id(), TWO).orElseThrow().burnt());
  }

  private Order.Sign payment() {
    byte[] payload = Payloads.evm(RANDOM);
    return new Order.Sign(
        Parties.SERVICE.sign(parties.request(key, "evm.tx", Optional.empty(), payload)), payload);
  }

  private void assertSigns() {
    var order = payment();
    assertInstanceOf(
        Outcome.Signed.class,
        Relay.run(parties.all(), parties.propose(List.of(1, 2), order), order));
  }

  private static Map<Integer, StepReply> upTo(int round, Proposal.Ready ready, Order order) {
    var replies = Relay.open(parties.all(), ready, order);
    for (int next = 2; next <= round; next++) {
      replies = Relay.round(parties.all(), ready, next, replies);
    }
    return replies;
  }

  private static StepReply step(
      int party, Proposal.Ready ready, int round, Map<Integer, StepReply> before) {
    return parties
        .enclave(party)
        .step(
            ready.locator(), new StepRequest(round, Optional.empty(), Relay.inbox(party, before)));
  }

  @Test
  void aBurntPairThatIsMadeAnewSignsAgainAlsoPastARestart() {
    burn();
    var order = order(request(1));
    var outcome = rekey(order);
    assertEquals(List.of(1, 2), outcome.parties());
    assertEquals(1, outcome.generation());
    for (int party : List.of(1, 2)) {
      var status = status(party, 3 - party);
      assertEquals(State.ACTIVE, status.state());
      assertEquals(1, status.generation());
      assertEquals(0, status.deaths());
      assertEquals(
          Optional.of(outcome), parties.enclave(party).outcome(order.requestId()), "it is kept");
      for (var kind : List.of("pair-rekeying", "pair-rekeyed")) {
        assertTrue(
            Logs.entries(core(party).desk(), kind).stream()
                .anyMatch(leaf -> leaf.contains(key.id().hex())),
            kind);
      }
    }
    assertEquals(0, status(1, 3).generation(), "other pairs are what they were");
    assertSigns();
    parties.stop(1);
    parties.start(1);
    assertEquals(State.ACTIVE, status(1, 2).state());
    assertSigns();
    assertEquals(outcome, assertInstanceOf(Proposal.Known.class, propose(1, order)).outcome());
  }

  @Test
  void itTakesTwoOperatorsOverOneRequestAndTheNextGeneration() {
    var request = request(1);
    var ada = Parties.ADMIN.sign(request);
    var ben = BEN.sign(request);
    for (var one :
        List.of(
            new Order.RekeyPair(ada, ada),
            new Order.RekeyPair(ada, ADA_AGAIN.sign(request)),
            new Order.RekeyPair(ada, Signer.ed25519().sign(request)),
            new Order.RekeyPair(Signer.ed25519().sign(request), ben))) {
      assertEquals(Code.REQUEST_UNAUTHENTIC, refused(propose(1, one)));
    }
    assertEquals(
        Code.MISMATCH, refused(propose(1, new Order.RekeyPair(ada, BEN.sign(request(1))))));
    assertEquals(Code.MISMATCH, refused(propose(3, order(request))), "it is none of the two");
    assertEquals(Code.MISMATCH, refused(propose(1, order(request(0 + 100)))), "too far ahead");
    var initiator = new Order.RekeyPair(ada, Parties.SERVICE.sign(request));
    var ready = Parties.ready(propose(1, initiator));
    var denied = Relay.open(parties.all(), ready, initiator);
    assertInstanceOf(
        Outcome.Denied.class,
        assertInstanceOf(StepReply.Finished.class, denied.get(1)).outcome(),
        "who may ask for signatures is no administrator");
    assertTrue(usable(1, 2) && usable(2, 1), "nothing has begun");
    rekey(order(request(1)));
    assertEquals(Code.MISMATCH, refused(propose(1, order(request(1)))), "that generation is there");
    rekey(order(request(2)));
    assertSigns();
  }

  /** Killed after each round, at one party or both: never two that use different secrets. */
  @Test
  void whateverIsLostOnTheWayThePairIsUnusableOrTheSameAtBothAndCanBeMadeAgain() {
    long generation = 1;
    for (int round = 1; round <= 4; round++) {
      for (var killed : round == 3 ? List.of(Set.of(1), Set.of(1, 2)) : List.of(Set.of(2))) {
        var order = order(request(generation));
        var ready = Parties.ready(propose(1, order));
        var replies = upTo(Math.min(round, 3), ready, order);
        if (round == 4) { // one of them ends it, the other never hears of it
          int ends = killed.contains(1) ? 2 : 1;
          assertInstanceOf(StepReply.Finished.class, step(ends, ready, 4, replies));
        }
        assertFalse(usable(1, 2) && usable(2, 1), "round " + round);
        for (int party : killed) {
          parties.stop(party);
          parties.start(party);
        }
        assertFalse(usable(1, 2) && usable(2, 1), "round " + round + " after a restart");
        var payment = payment();
        var proposed = parties.propose(List.of(1, 2), payment);
        var opened = Relay.open(parties.all(), proposed, payment);
        assertTrue(
            opened.values().stream().anyMatch(StepReply.Refused.class::isInstance),
            "one that cannot use the pair keeps both from it");
        generation = Math.max(status(1, 2).generation(), status(2, 1).generation()) + 1;
        rekey(order(request(generation)));
        generation++;
        assertTrue(usable(1, 2) && usable(2, 1));
        parties.leaveAlone(Duration.ofSeconds(21));
      }
    }
    assertSigns();
  }

  @Test
  void aSigningSessionDoesNotGoOnWithSecretsThatItDidNotBeginWith() {
    for (int round = 2; round <= 4; round++) {
      var payment = payment();
      var ready = parties.propose(List.of(1, 2), payment);
      var before = upTo(round - 1, ready, payment);
      rekey(order(request(status(1, 2).generation() + 1)));
      assertEquals(Code.PAIR_NOT_USABLE, refused(step(1, ready, round, before)));
      assertEquals(Code.PAIR_NOT_USABLE, refused(step(2, ready, round, before)));
      assertTrue(usable(1, 2) && usable(2, 1), "nothing is burnt by it");
    }
    assertSigns();
  }

  @Test
  void onlyTheSessionThatBeganLastPutsItsSecretsInPlace() {
    var first = order(request(1));
    var older = Parties.ready(propose(1, first));
    var before = upTo(3, older, first);
    var second = order(request(1));
    var newer = Parties.ready(propose(1, second));
    var after = upTo(3, newer, second);
    for (int party : List.of(1, 2)) {
      assertEquals(Code.PAIR_NOT_USABLE, refused(step(party, older, 4, before)));
      assertFalse(usable(party, 3 - party));
    }
    for (int party : List.of(1, 2)) {
      assertInstanceOf(StepReply.Finished.class, step(party, newer, 4, after));
      assertTrue(usable(party, 3 - party));
    }
    assertSigns();
  }

  @Test
  void whatIsSpoiltOnTheWayIsAskedForAgainAndAWrongMessageEndsIt() {
    var order = order(request(1));
    var ready = Parties.ready(propose(1, order));
    var offered = upTo(2, ready, order);
    byte[] bent = Relay.inbox(1, Map.of(2, reply(offered, 2))).getFirst().clone();
    bent[bent.length / 2] ^= 1;
    var doubted =
        parties
            .enclave(1)
            .step(ready.locator(), new StepRequest(3, Optional.empty(), List.of(bent)));
    assertEquals(Code.INBOX_INCOMPLETE, refused(doubted));
    var signed =
        Resigned.of(
            core(2),
            1,
            offered,
            payload -> {
              byte[] bytes = payload.toArray();
              bytes[bytes.length / 2] ^= 1;
              return Octets.of(bytes);
            });
    var aborted =
        assertInstanceOf(
            Outcome.Aborted.class,
            assertInstanceOf(
                    StepReply.Finished.class,
                    parties
                        .enclave(1)
                        .step(ready.locator(), new StepRequest(3, Optional.empty(), signed)))
                .outcome());
    assertEquals("bad-encoding", aborted.fault());
    assertEquals(List.of(2), aborted.culprits());
    assertFalse(usable(1, 2));
    rekey(order(request(1)));
    assertSigns();
  }

  @Test
  void aNewPairLiftsTheLockoutOfSignersWithIt() {
    var desk = core(1).desk();
    for (int i = 0; i < Lockouts.LIMIT; i++) {
      var row =
          desk.store()
              .commit(tx -> desk.signerSets().failed(tx, key.id(), key.epoch(), List.of(1, 2)));
      desk.lockouts().put(row);
      var other =
          desk.store()
              .commit(tx -> desk.signerSets().failed(tx, key.id(), key.epoch(), List.of(1, 3)));
      desk.lockouts().put(other);
    }
    assertTrue(desk.lockouts().locked(key.id(), List.of(ONE, TWO)));
    rekey(order(request(1)));
    assertFalse(desk.lockouts().locked(key.id(), List.of(ONE, TWO)));
    assertTrue(desk.lockouts().locked(key.id(), List.of(ONE, new PartyId(3))));
    assertSigns();
    parties.stop(1);
    parties.start(1);
    var restarted = core(1).desk().lockouts();
    assertFalse(restarted.locked(key.id(), List.of(ONE, TWO)));
    assertTrue(restarted.locked(key.id(), List.of(ONE, new PartyId(3))));
  }

  @Test
  void theOldSecretsAreGoneAndTheNewOnesAreOthers() {
    var before = sealed();
    rekey(order(request(1)));
    assertFalse(before.equals(sealed()));
    assertEquals(1, parties.enclave(1).pairs(key.id()).getFirst().generation());
    assertEquals(
        List.of(2, 3),
        parties.enclave(1).pairs(key.id()).stream().map(pair -> pair.party()).toList());
  }

  private String sealed() {
    var desk = core(1).desk();
    return HexFormat.of()
        .formatHex(
            desk.store()
                .read(from -> desk.pairRows().find(from, key.id(), key.epoch(), 2))
                .orElseThrow()
                .sealed());
  }

  private static StepReply reply(Map<Integer, StepReply> replies, int party) {
    return Optional.ofNullable(replies.get(party)).orElseThrow();
  }
}
