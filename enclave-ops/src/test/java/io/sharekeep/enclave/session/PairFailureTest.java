package io.sharekeep.enclave.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.enclave.KeyDescription;
import io.sharekeep.enclave.OfflineBlame;
import io.sharekeep.enclave.Order;
import io.sharekeep.enclave.Outcome;
import io.sharekeep.enclave.Proposal;
import io.sharekeep.enclave.Refusal.Code;
import io.sharekeep.enclave.Scheme;
import io.sharekeep.enclave.StepReply;
import io.sharekeep.enclave.StepRequest;
import io.sharekeep.enclave.memory.PoolSizes;
import io.sharekeep.enclave.memory.SecretMode;
import io.sharekeep.enclave.memory.SlabPool;
import io.sharekeep.enclave.session.Parties.Shape;
import io.sharekeep.enclave.store.OtMarks;
import io.sharekeep.enclave.store.PairRows.State;
import io.sharekeep.enclave.vault.PairVault;
import io.sharekeep.leftovers.LeavesNothing;
import io.sharekeep.softhsm.SoftHsmTokens;
import io.sharekeep.softhsm.SoftTokens;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.ecdsa.PairSecrets;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a peer that deviates, an exception or a death in the code of oblivious transfer does to a
 * pair (protocols, section 4.7).
 */
@SoftTokens
@LeavesNothing
class PairFailureTest {
  private static final SplittableRandom RANDOM = new SplittableRandom(20261124);
  private static final int HONEST = 1;
  private static final int ROGUE = 2;

  /** Where the first row's k^0 and k^1 lie among a pair's secrets. */
  private static final long[] SENT = {32 + 256 * 32, 32 + 2 * 256 * 32};

  private static Parties parties;
  private KeyDescription key;

  @BeforeAll
  static void start(@TempDir Path directory, SoftHsmTokens tokens) {
    parties =
        Parties.start(
            directory,
            tokens,
            3,
            Map.of("three", new Shape(2, List.of(List.of(1), List.of(2), List.of(3)))));
  }

  @AfterAll
  static void stop() {
    parties.close();
  }

  /** Pairs do not mend, so every test has its own. */
  @BeforeEach
  void generate() {
    key = parties.generate("three", Scheme.DKLS23_SECP256K1);
  }

  private Order.Sign order() {
    byte[] payload = Payloads.evm(RANDOM);
    return new Order.Sign(
        Parties.SERVICE.sign(parties.request(key, "evm.tx", Optional.empty(), payload)), payload);
  }

  private static Core core(int party) {
    return (Core) parties.enclave(party);
  }

  private State state(int party, int peer) {
    var desk = core(party).desk();
    var row =
        desk.store()
            .read(from -> desk.pairRows().find(from, key.id(), key.epoch(), peer))
            .orElseThrow()
            .status();
    assertEquals(Optional.of(row), desk.pairs().find(key.id(), new PartyId(peer)));
    return row.state();
  }

  /**
   * Opens what a party shares with a peer and lets it be looked at or changed.
   *
   * @return sealed again
   */
  private byte[] open(int party, int peer, Consumer<MemorySegment> look) throws Exception {
    var desk = core(party).desk();
    var held = desk.keys().find(key.id()).orElseThrow();
    try (var pool = SlabPool.open(SecretMode.MLOCK, new PoolSizes(0, 0, 0, 0, 65_536));
        var lease = pool.share();
        var work = pool.work();
        var open = desk.vault().open(held.record(), lease, desk.group(held));
        var slab = work.borrow(PairSecrets.LENGTH)) {
      var row =
          desk.store()
              .read(from -> desk.pairRows().find(from, key.id(), key.epoch(), peer))
              .orElseThrow();
      var pair =
          new PairVault.Pair(
              key.id(), key.epoch(), new PartyId(peer), row.status().generation(), row.session());
      desk.pairVault().open(open.pairKey(), pair, row.sealed(), lease, slab.bytes());
      look.accept(slab.bytes());
      return desk.pairVault().seal(open.pairKey(), pair, lease, slab.bytes());
    }
  }

  /** The rogue changes what it shares with the honest party. */
  private void spoil(Consumer<MemorySegment> change) throws Exception {
    byte[] sealed = open(ROGUE, HONEST, change);
    parties.stop(ROGUE);
    var database = parties.configuration(ROGUE).stateDirectory().resolve("state.db");
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        var update =
            connection.prepareStatement(
                "update pair set sealed = ? where key_id = ? and peer = 1")) {
      update.setBytes(1, sealed);
      update.setString(2, key.id().hex());
      assertEquals(1, update.executeUpdate());
    }
    parties.start(ROGUE);
  }

  private static void flip(MemorySegment secrets, long at) {
    secrets.set(ValueLayout.JAVA_BYTE, at, (byte) (secrets.get(ValueLayout.JAVA_BYTE, at) ^ 1));
  }

  /** What the honest party chose in the first base OT. */
  private int choice() throws Exception {
    var bit = new int[1];
    open(HONEST, ROGUE, secrets -> bit[0] = secrets.get(ValueLayout.JAVA_BYTE, 0) & 1);
    return bit[0];
  }

  private static Map<Integer, StepReply> upToRoundTwo(Proposal.Ready ready, Order order) {
    return Relay.round(parties.all(), ready, 2, Relay.open(parties.all(), ready, order));
  }

  private static StepReply step(Proposal.Ready ready, int round, Map<Integer, StepReply> before) {
    return parties
        .enclave(HONEST)
        .step(
            ready.locator(), new StepRequest(round, Optional.empty(), Relay.inbox(HONEST, before)));
  }

  private static Code refused(StepReply reply) {
    return assertInstanceOf(StepReply.Refused.class, reply).refusal().code();
  }

  /**
   * The rogue spoils one key of one base OT. Its check values are right for what it then does, so
   * only a bit of the honest party's choice decides whether that shows.
   */
  @Test
  void aSelectiveFailureTellsOneBitAndThePairIsBurntAcrossARestart() throws Exception {
    int bit = choice();
    spoil(secrets -> flip(secrets, SENT[1 - bit]));
    var passes = order();
    assertInstanceOf(
        Outcome.Signed.class,
        Relay.run(parties.all(), parties.propose(List.of(1, 2), passes), passes),
        "the spoilt key is the one that was not chosen");
    spoil(secrets -> {
      flip(secrets, SENT[1 - bit]);
      flip(secrets, SENT[bit]);
    });

    var concurrent = order();
    var other = parties.propose(List.of(1, 2), concurrent);
    var otherReplies = upToRoundTwo(other, concurrent);
    var fails = order();
    var ready = parties.propose(List.of(1, 2), fails);
    var outcome =
        assertInstanceOf(StepReply.Finished.class, step(ready, 3, upToRoundTwo(ready, fails)))
            .outcome();

    var aborted = assertInstanceOf(Outcome.Aborted.class, outcome);
    assertEquals("bad-extension", aborted.fault());
    assertEquals(List.of(ROGUE), aborted.culprits());
    assertEquals(State.BURNT, state(HONEST, ROGUE));
    assertEquals(State.ACTIVE, state(HONEST, 3));
    assertEquals(
        Code.PAIR_NOT_USABLE, refused(step(other, 3, otherReplies)), "it answers no other either");
    var ban = core(HONEST).desk();
    var bans = ban.store().read(from -> ban.bans().all(from));
    assertTrue(
        bans.stream().anyMatch(row -> row.party() == ROGUE && row.fault().equals("bad-extension")));

    parties.stop(HONEST);
    parties.start(HONEST);

    assertEquals(State.BURNT, state(HONEST, ROGUE));
    var report = parties.enclave(HONEST).blame(fails.requestId()).orElseThrow();
    var judged =
        assertInstanceOf(
                OfflineBlame.Judgement.Judged.class,
                OfflineBlame.judge(report, parties.document("three")))
            .blame();
    assertEquals("word", judged.accused().getFirst().finding(), "a proof would tell the choice");
    assertFalse(judged.provesAll());
    var again = order();
    var proposed = parties.propose(List.of(1, 2), again);
    assertEquals(
        Code.PAIR_NOT_USABLE,
        refused(
            parties
                .enclave(HONEST)
                .step(
                    proposed.locator(),
                    new StepRequest(
                        1,
                        Optional.of(new StepRequest.Opening(proposed.context(), again)),
                        List.of()))));
    var without = order();
    var chosen =
        assertInstanceOf(
            Proposal.Ready.class, parties.enclave(HONEST).propose(without, Set.of(1, 2, 3)));
    assertEquals(List.of(1, 3), chosen.parties(), "the quorum is chosen without it");
    assertInstanceOf(Outcome.Signed.class, Relay.run(parties.all(), chosen, without));
  }

  /** E-SUM: zero shares that do not cancel, which is nobody's fault that could be shown. */
  @Test
  void seedsOfZeroSharesThatDifferGiveNoSignatureAndBurnNothing() throws Exception {
    spoil(secrets -> flip(secrets, PairSecrets.LENGTH - 1));
    var order = order();
    var outcome =
        assertInstanceOf(
            Outcome.Aborted.class,
            Relay.run(parties.all(), parties.propose(List.of(1, 2), order), order));
    assertEquals("bad-key-sum", outcome.fault());
    assertEquals(List.of(), outcome.culprits());
    assertTrue(parties.enclave(HONEST).blame(order.requestId()).isEmpty(), "of nobody");
    assertEquals(State.ACTIVE, state(HONEST, ROGUE));
    for (int i = 0; i < 8; i++) { // whatever the request's digest would have chosen
      assertEquals(
          List.of(1, 3), parties.propose(HONEST, order()).parties(), "other signers go first");
    }
  }

  /** What was open when the host went down is not known, so all of it counts. */
  @Test
  void afterACrashOfTheHostEveryOpenSessionCountsForAllItsPairs() throws Exception {
    var order = order();
    Relay.open(parties.all(), parties.propose(List.of(1, 2), order), order);
    parties.stop(HONEST);
    var folder = parties.configuration(HONEST).stateDirectory();
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("state.db"));
        var update = connection.prepareStatement("update session set open = 1 where request = ?")) {
      update.setString(1, order.requestId());
      assertEquals(1, update.executeUpdate());
    }
    parties.start(HONEST);
    assertEquals(List.of(0, 0), deaths(), "the host is up since: nothing was in those pairs");

    parties.stop(HONEST);
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("state.db"));
        var update = connection.prepareStatement("update session set open = 1 where request = ?")) {
      update.setString(1, order.requestId());
      assertEquals(1, update.executeUpdate());
    }
    var marks = folder.resolve("in-ot");
    byte[] bytes = Files.readAllBytes(marks);
    bytes[0] ^= 1;
    Files.write(marks, bytes);
    parties.start(HONEST);
    assertEquals(List.of(1, 1), deaths());
  }

  private List<Integer> deaths() {
    return Stream.of(ROGUE, 3)
        .map(peer ->
            core(HONEST).desk().pairs().find(key.id(), new PartyId(peer)).orElseThrow().deaths())
        .toList();
  }

  @Test
  void anExceptionInTheCodeOfObliviousTransferBurnsEveryPairOfItsSession() {
    var order = order();
    var ready = parties.propose(List.of(1, 2), order);
    var core = core(HONEST);
    var desk = core.desk();
    var context = parties.context(order, List.of(1, 2), parties.soon());
    var ending =
        new Ending(
            desk,
            context,
            desk.books().committee(key.committee()).orElseThrow(),
            order.requestId(),
            ready.locator());
    var guard =
        new OtGuard(
            desk,
            desk.keys().find(key.id()).orElseThrow(),
            List.of(new PartyId(ROGUE)),
            ending,
            63,
            _ -> new byte[0]);
    assertThrows(
        OtGuard.OtFailure.class,
        () ->
            guard.inPairs(() -> {
              throw new IllegalStateException("out of bounds");
            }));
    assertEquals(State.BURNT, state(HONEST, ROGUE));
    assertEquals(
        new OtGuard.Result.Burnt(new PartyId(ROGUE)),
        guard.inPairs(() -> {
          throw new AssertionError("a burnt pair is not looked at");
        }));
    assertFalse(
        desk.store().read(from -> desk.bans().all(from)).stream()
            .anyMatch(row -> java.util.Arrays.equals(row.session(), ready.locator())),
        "nobody was caught");
    die(HONEST, 8);
    assertEquals(State.BURNT, state(HONEST, ROGUE), "no death makes it less than burnt");
  }

  @Test
  void aDeathInItBurnsNothingAndTheEighthAsksForNewKeys() {
    die(HONEST, 1);
    assertEquals(State.ACTIVE, state(HONEST, ROGUE));
    assertEquals(
        1, core(HONEST).desk().pairs().find(key.id(), new PartyId(ROGUE)).orElseThrow().deaths());
    var order = order();
    assertInstanceOf(
        Outcome.Signed.class,
        Relay.run(parties.all(), parties.propose(List.of(1, 2), order), order));
    die(HONEST, 6);
    assertEquals(State.ACTIVE, state(HONEST, ROGUE));
    parties.stop(HONEST);
    parties.start(HONEST);
    assertEquals(State.ACTIVE, state(HONEST, ROGUE), "what was counted is not counted again");
    die(HONEST, 1);
    assertEquals(State.REKEY_NEEDED, state(HONEST, ROGUE));
    assertEquals(State.ACTIVE, state(HONEST, 3));
  }

  /** As a process leaves it that is killed in so many threads at once. */
  private void die(int party, int threads) {
    var folder = parties.configuration(party).stateDirectory();
    parties.stop(party);
    try (var marks = OtMarks.open(folder)) {
      for (int thread = 0; thread < threads; thread++) {
        marks.enter(thread, new OtMarks.Mark(key.id(), key.epoch(), List.of(ROGUE)));
      }
    }
    parties.start(party);
  }
}
