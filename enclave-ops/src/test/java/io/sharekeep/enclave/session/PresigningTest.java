package io.sharekeep.enclave.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.enclave.EnclaveConfiguration;
import io.sharekeep.enclave.EnclaveConfiguration.Presignatures;
import io.sharekeep.enclave.KeyDescription;
import io.sharekeep.enclave.KeyId;
import io.sharekeep.enclave.Order;
import io.sharekeep.enclave.Outcome;
import io.sharekeep.enclave.PresignRequest;
import io.sharekeep.enclave.Proposal;
import io.sharekeep.enclave.Refusal.Code;
import io.sharekeep.enclave.Scheme;
import io.sharekeep.enclave.StepReply;
import io.sharekeep.enclave.StepRequest;
import io.sharekeep.enclave.session.Parties.Shape;
import io.sharekeep.enclave.store.PairRows.PairStatus;
import io.sharekeep.enclave.store.PairRows.State;
import io.sharekeep.leftovers.LeavesNothing;
import io.sharekeep.softhsm.SoftHsmTokens;
import io.sharekeep.softhsm.SoftTokens;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.primitive.SignatureVerifier;
import io.sharekeep.threshold.wire.Octets;
import io.sharekeep.threshold.wire.Protocol;
import io.sharekeep.threshold.wire.SessionContext;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Signatures that are made before their message, on real tokens: two of three parties keep some of
 * one key. Each serves one request, by the same signers, in the same process, or none.
 */
@SoftTokens
@LeavesNothing
class PresigningTest {
  private static final SplittableRandom RANDOM = new SplittableRandom(20261124);
  private static final SignatureVerifier VERIFIER = SignatureVerifier.open();
  private static final KeyId KEY = new KeyId("5e".repeat(16));
  private static final int STOCK = 2;
  private static final List<Integer> SIGNERS = List.of(1, 2);
  private static final Set<Integer> TWO = Set.of(1, 2);

  private static Parties parties;
  private static KeyDescription key;

  @BeforeAll
  static void start(@TempDir Path directory, SoftHsmTokens tokens) {
    UnaryOperator<EnclaveConfiguration> keeps =
        usual ->
            new EnclaveConfiguration(
                usual.stateDirectory(),
                usual.core(),
                usual.fallback(),
                usual.secretMemory(),
                usual.signingThreads(),
                usual.sessionLimit(),
                new Presignatures(Set.of(KEY), STOCK));
    parties =
        Parties.start(
            directory,
            tokens,
            3,
            Map.of("three", new Shape(2, List.of(List.of(1), List.of(2), List.of(3)))),
            Map.of(1, keeps, 2, keeps));
    key = parties.generate("three", Scheme.DKLS23_SECP256K1, KEY);
  }

  @AfterAll
  static void stop() {
    parties.close();
  }

  /** What the test before has left open is wiped, and what it left in stock grows old. */
  @BeforeEach
  void empty() {
    parties.leaveAlone(Duration.ofSeconds(11));
    parties.wait(Duration.ofMinutes(61));
    for (int party : SIGNERS) {
      parties.enclave(party).presigning(TWO);
      assertEquals(0, held(party));
    }
  }

  private static Order.Sign order() {
    byte[] payload = Payloads.evm(RANDOM);
    return new Order.Sign(
        Parties.SERVICE.sign(parties.request(key, "evm.tx", Optional.empty(), payload)), payload);
  }

  private static Order.Presign presign(List<Integer> signers) {
    return new Order.Presign(
        new PresignRequest(
            parties.fresh("p"),
            key.committee(),
            KEY,
            signers,
            signers.getFirst(),
            parties.now().plusSeconds(60).truncatedTo(ChronoUnit.MILLIS)));
  }

  private static void stock() {
    var order = presign(SIGNERS);
    assertInstanceOf(
        Outcome.Presigned.class,
        Relay.run(parties.all(), Parties.ready(parties.enclave(1).propose(order, TWO)), order));
  }

  private static Core core(int party) {
    return (Core) parties.enclave(party);
  }

  private static int held(int party) {
    return core(party).desk().stock().size();
  }

  private static SessionContext context(Proposal.Ready ready) {
    return SessionContext.decode(ready.context()).valid().orElseThrow();
  }

  private static StepReply open(int party, SessionContext context, Order order) {
    return parties
        .enclave(party)
        .step(
            context.hash().toArray(),
            new StepRequest(
                1, Optional.of(new StepRequest.Opening(context.encoded(), order)), List.of()));
  }

  private static Code refused(StepReply reply) {
    return assertInstanceOf(StepReply.Refused.class, reply).refusal().code();
  }

  /** Of another request, or by others, with the same presignatures. */
  private static SessionContext using(
      SessionContext of, Order.Sign order, List<Integer> signers, List<Octets> presignatures) {
    var written = parties.context(order, signers, parties.now().plusSeconds(60));
    return new SessionContext(
        Protocol.ECDSA_ONLINE,
        written.suite(),
        written.keyId(),
        written.epoch(),
        written.threshold(),
        written.committee(),
        written.signers(),
        written.batch(),
        written.path(),
        written.requestDigest(),
        written.policyDigest(),
        written.deadline(),
        of.nonce(),
        written.committeeDocument(),
        0,
        0,
        presignatures);
  }

  @Test
  void whatIsMissingIsMadeAndSignsInThreeRounds() {
    for (int i = 0; i < STOCK; i++) {
      var order = parties.enclave(1).presigning(TWO).orElseThrow();
      assertInstanceOf(
          Outcome.Presigned.class,
          Relay.run(parties.all(), Parties.ready(parties.enclave(1).propose(order, TWO)), order));
    }
    assertEquals(Optional.empty(), parties.enclave(1).presigning(TWO), "nothing is missing");
    assertEquals(STOCK, held(2));

    var order = order();
    var ready = parties.propose(SIGNERS, order);
    assertEquals(OnlineSession.ROUNDS, ready.rounds());
    assertEquals(Protocol.ECDSA_ONLINE, context(ready).protocol());
    var made =
        assertInstanceOf(Outcome.Signed.class, Relay.run(parties.all(), ready, order))
            .signatures()
            .getFirst();

    assertTrue(VERIFIER.ecdsa(made.publicKey(), made.message(), made.signature()));
    assertTrue(BouncyEcdsa.verifies(made.publicKey(), made.message(), made.signature()));
    assertEquals(STOCK - 1, held(2));
    assertTrue(parties.enclave(1).presigning(TWO).isPresent(), "one is missing again");
  }

  @Test
  void withoutAnyASignatureIsMadeAtOnce() {
    var ready = parties.propose(SIGNERS, order());
    assertEquals(Protocol.ECDSA_SIGN, context(ready).protocol());
    assertEquals(List.of(), context(ready).presignatures());
  }

  @Test
  void aPresignatureServesOneRequestAndNoOther() {
    stock();
    var order = order();
    var first = context(parties.propose(SIGNERS, order));
    assertInstanceOf(StepReply.Sent.class, open(1, first, order));

    var other = order();
    assertEquals(
        Code.MISMATCH,
        refused(open(1, using(first, other, SIGNERS, first.presignatures()), other)));
    var desk = core(1).desk();
    assertEquals(
        1L,
        Logs.entries(desk, "presignature-bound").stream()
            .filter(entry -> entry.toString().contains(first.presignatures().getFirst().toString()))
            .count());
  }

  @Test
  void twoRequestsAreNeverProposedTheSame() {
    stock();
    stock();
    var first = context(parties.propose(SIGNERS, order())).presignatures();
    var second = context(parties.propose(SIGNERS, order())).presignatures();
    assertEquals(2, Set.of(first.getFirst(), second.getFirst()).size());
    assertEquals(Protocol.ECDSA_SIGN, context(parties.propose(SIGNERS, order())).protocol());
  }

  /** The same question gets the same bytes, and after a crash nothing. */
  @Test
  void whatWasBoundIsGoneWithTheProcess() throws Exception {
    stock();
    stock();
    var order = order();
    var ready = parties.propose(SIGNERS, order);
    var context = context(ready);
    var opened = open(1, context, order);
    assertInstanceOf(StepReply.Sent.class, opened);
    assertEquals(opened, open(1, context, order));

    parties.crash(1);

    assertEquals(0, held(1));
    assertInstanceOf(
        Outcome.Lost.class, parties.enclave(1).outcome(order.requestId()).orElseThrow());
    var next = order();
    assertEquals(Code.MISMATCH, refused(open(1, using(context, next, SIGNERS, names(2)), next)));
    assertEquals(Protocol.ECDSA_SIGN, context(parties.propose(SIGNERS, order())).protocol());
  }

  /** What a party holds, by any coordinator's proposal. */
  private static List<Octets> names(int party) {
    return core(party).desk().stock().propose(KEY, List.of(new PartyId(1), new PartyId(2)), 1, 1);
  }

  @Test
  void aPartIsSentOnceWhateverIsAskedNext() {
    stock();
    var order = order();
    var ready = parties.propose(SIGNERS, order);
    var name = context(ready).presignatures().getFirst();
    var opened = Relay.open(parties.all(), ready, order);
    var parts = Relay.round(parties.all(), ready, 2, opened);
    var sent = assertInstanceOf(StepReply.Sent.class, parts.get(1));
    var desk = core(1).desk();
    assertEquals(
        true, desk.store().read(from -> desk.consumptions().isConsumed(from, name.toArray())));

    var inbox = Relay.inbox(1, opened);
    assertEquals(
        sent,
        parties.enclave(1).step(ready.locator(), new StepRequest(2, Optional.empty(), inbox)));
    assertEquals(
        Code.INBOX_CONFLICT,
        refused(
            parties
                .enclave(1)
                .step(ready.locator(), new StepRequest(2, Optional.empty(), inbox.subList(0, 1)))));
  }

  @Test
  void otherSignersAndAnotherNameCannotUseIt() {
    stock();
    var order = order();
    var context = context(parties.propose(SIGNERS, order));
    var others = order();
    assertEquals(
        Code.MISMATCH,
        refused(open(1, using(context, others, List.of(1, 3), context.presignatures()), others)));
    var unknown = order();
    assertEquals(
        Code.MISMATCH,
        refused(
            open(1, using(context, unknown, SIGNERS, List.of(Octets.of(new byte[32]))), unknown)));
    // Nothing was spent by asking.
    assertInstanceOf(StepReply.Sent.class, open(1, context, order));
  }

  @Test
  void whoseOperatorKeepsNoneTakesNoPart() {
    var order = presign(List.of(1, 3));
    var ready = Parties.ready(parties.enclave(1).propose(order, Set.of(1, 3)));
    assertEquals(Code.MISMATCH, refused(open(3, context(ready), order)));
  }

  @Test
  void anOrderThatIsOldOrOfNobodyIsRefused() {
    for (var wrong :
        List.of(
            new PresignRequest(
                "p-1", key.committee(), KEY, SIGNERS, 1, parties.now().minusSeconds(1)),
            new PresignRequest(
                "p-2", key.committee(), KEY, SIGNERS, 1, parties.now().plusSeconds(400)),
            new PresignRequest(
                "p-3", key.committee(), KEY, List.of(2, 3), 2, parties.now().plusSeconds(60)),
            new PresignRequest(
                "p-4", key.committee(), KEY, List.of(1, 9), 1, parties.now().plusSeconds(60)),
            new PresignRequest(
                "p-5",
                key.committee(),
                new KeyId("00".repeat(16)),
                SIGNERS,
                1,
                parties.now().plusSeconds(60)))) {
      assertInstanceOf(
          Proposal.Refused.class,
          parties.enclave(1).propose(new Order.Presign(wrong), Set.of(1, 2, 3)),
          wrong::requestId);
    }
  }

  @Test
  void thereIsAnEndToWhatACoordinatorMayHaveMade() {
    int made = 0;
    Optional<Code> refused = Optional.empty();
    while (refused.isEmpty() && made <= Stock.MOST) {
      var order = presign(SIGNERS);
      var ready = Parties.ready(parties.enclave(1).propose(order, TWO));
      if (open(1, context(ready), order) instanceof StepReply.Refused(var refusal)) {
        refused = Optional.of(refusal.code());
      } else {
        assertInstanceOf(
            Outcome.Presigned.class, Relay.run(parties.all(), ready, order), order::requestId);
        made++;
      }
    }
    assertEquals(Optional.of(Code.OVERLOADED), refused);
    assertEquals(Stock.MOST / 2, made);
    assertEquals(made, held(1));
  }

  @Test
  void aBurntPairOrTheirAgeEndsThem() {
    stock();
    var desk = core(1).desk();
    var pair = desk.pairs().find(KEY, new PartyId(2)).orElseThrow();
    desk.pairs()
        .put(
            new PairStatus(
                pair.keyId(),
                pair.epoch(),
                pair.peer(),
                pair.generation(),
                State.BURNT,
                pair.deaths()));
    assertEquals(Optional.empty(), parties.enclave(1).presigning(TWO));
    assertEquals(0, held(1), "wiped");
    assertEquals(0, desk.stock().slabs(), "nothing is held for what is not there");
    desk.pairs().put(pair);
    assertTrue(held(2) > 0);
    parties.wait(Duration.ofMinutes(61));
    assertTrue(parties.enclave(2).presigning(TWO).isPresent());
    assertEquals(0, held(2), "wiped");
  }
}
