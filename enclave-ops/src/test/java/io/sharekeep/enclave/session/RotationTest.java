package io.sharekeep.enclave.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.enclave.Check;
import io.sharekeep.enclave.KeyDescription;
import io.sharekeep.enclave.Outcome;
import io.sharekeep.enclave.Refusal;
import io.sharekeep.enclave.Scheme;
import io.sharekeep.enclave.Sealing;
import io.sharekeep.enclave.Sealing.Order;
import io.sharekeep.enclave.State;
import io.sharekeep.enclave.session.Parties.Shape;
import io.sharekeep.enclave.store.Keks;
import io.sharekeep.leftovers.LeavesNothing;
import io.sharekeep.pkcs11.Token;
import io.sharekeep.pkcs11.terms.KeySpec;
import io.sharekeep.softhsm.SoftHsmTokens;
import io.sharekeep.softhsm.SoftTokens;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A kek takes the place of another, and no record is ever without one that opens it. */
@SoftTokens
@LeavesNothing
class RotationTest {
  private static final int KEYS = 3;

  private Parties parties;
  private final List<KeyDescription> keys = new ArrayList<>();

  @TempDir private Path home;

  @BeforeEach
  void start(SoftHsmTokens tokens) {
    parties =
        Parties.start(
            home,
            tokens.provision("rotation"),
            2,
            Map.of("both", new Shape(2, List.of(List.of(1), List.of(2)))));
    for (int i = 0; i < KEYS; i++) {
      keys.add(parties.generate("both", Scheme.FROST_ED25519));
    }
  }

  @AfterEach
  void stop() {
    parties.close();
  }

  private Core core() {
    return (Core) parties.enclave(1);
  }

  private Token token() {
    return core().desk().core().token().orElseThrow();
  }

  private void assertAllSign() {
    for (var key : keys) {
      var order = parties.order(key);
      assertInstanceOf(
          Outcome.Signed.class, Relay.run(parties.all(), parties.propose(1, order), order));
    }
  }

  /** Each kek of party 1: generation, state, records. */
  private List<String> keks() {
    return core().sealing().keks().stream()
        .map(kek -> kek.generation() + " " + kek.state() + " " + kek.records())
        .toList();
  }

  private void awaitComplete() throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (core().sealing().incomplete() > 0) {
      assertTrue(System.nanoTime() < end, core().sealing().toString());
      Thread.sleep(20);
    }
  }

  @Test
  void everyRecordIsSealedUnderTheNewKekAndTheOldOneGoesWhenSomebodySaysSo() throws Exception {
    assertEquals(List.of("1 current 3"), keks());
    assertEquals(Optional.empty(), core().seal(Order.NEW_CORE_KEK));
    awaitComplete();
    assertEquals(List.of("1 retired 0", "2 current 3"), keks());
    assertTrue(token().find(KeySpec.kek(1).name()).isPresent(), "it stays until somebody says so");
    assertAllSign();
    assertEquals(1, Logs.entries(core().desk(), "kek-made").size());
    var resealed = Logs.entries(core().desk(), "key-resealed");
    assertEquals(KEYS, resealed.size());
    assertFalse(resealed.getFirst().contains("\"shareOpenMicros\":0"), resealed.getFirst());

    assertEquals(Optional.empty(), core().seal(Order.DESTROY_RETIRED));
    assertEquals(List.of("1 destroyed 0", "2 current 3"), keks());
    assertTrue(token().find(KeySpec.kek(1).name()).isEmpty());
    assertTrue(token().find(KeySpec.kek(2).name()).isPresent());
    assertEquals(1, Logs.entries(core().desk(), "kek-destroyed").size());
    parties.stop(1);
    parties.start(1);
    assertEquals(State.OPERATIONAL, core().status().state(), core().status().toString());
    assertTrue(core().readiness().stream().allMatch(Check::passed), core().readiness().toString());
    assertAllSign();
  }

  @Test
  void itGoesOnFromAnyRecordAfterARestartAndMeanwhileAllSign() throws Exception {
    for (int done = 0; done < KEYS; done++) {
      core().resealing().close(); // Nothing goes on by itself in this process.
      assertEquals(Optional.empty(), core().seal(Order.NEW_CORE_KEK));
      for (int i = 0; i < done; i++) {
        assertTrue(core().resealing().pass(1));
      }
      assertEquals(
          List.of((done + 1) + " retired " + (KEYS - done), (done + 2) + " current " + done),
          keks().subList(done, done + 2));
      assertEquals(KEYS - done, core().sealing().incomplete());
      assertAllSign();
      assertEquals(
          Refusal.Code.STATE,
          core().seal(Order.NEW_CORE_KEK).orElseThrow().code(),
          "one rotation at a time");
      core().seal(Order.DESTROY_RETIRED);
      assertTrue(
          token().find(KeySpec.kek(done + 1).name()).isPresent(), "records need it: it stays");

      parties.stop(1);
      parties.start(1);
      awaitComplete();
      assertEquals((done + 2) + " current " + KEYS, keks().getLast());
      assertAllSign();
    }
  }

  @Test
  void aKeyThatACrashLeftOnTheTokenIsNeitherUsedNorDestroyed() throws Exception {
    var orphan = token().generate(KeySpec.kek(2));
    assertEquals(Optional.empty(), core().seal(Order.NEW_CORE_KEK));
    awaitComplete();
    assertEquals(List.of("1 retired 0", "3 current 3"), keks());
    assertEquals(Optional.empty(), core().seal(Order.DESTROY_RETIRED));
    assertEquals(Optional.of(orphan), token().find(KeySpec.kek(2).name()));
  }

  @Test
  void aDestructionThatACrashCutShortIsDoneTheNextTime() throws Exception {
    assertEquals(Optional.empty(), core().seal(Order.NEW_CORE_KEK));
    awaitComplete();
    var old = core().sealing().keks().getFirst();
    boolean moved =
        core()
            .desk()
            .store()
            .commit(tx -> Keks.move(tx, old.id(), Keks.State.RETIRED, Keks.State.DESTROYED));
    assertTrue(moved);
    assertTrue(token().find(KeySpec.kek(1).name()).isPresent());
    assertEquals(Optional.empty(), core().seal(Order.DESTROY_RETIRED));
    assertTrue(token().find(KeySpec.kek(1).name()).isEmpty());
  }

  @Test
  void aRecordThatWasAlteredKeepsWhatItHasAndHoldsUpNoOther() throws Exception {
    core().resealing().close();
    assertEquals(Optional.empty(), core().seal(Order.NEW_CORE_KEK));
    var desk = core().desk();
    var victim = keys.stream().map(KeyDescription::id).sorted().findFirst().orElseThrow();
    var record = desk.keys().find(victim).orElseThrow().record();
    var seal = record.seals().getFirst();
    var bent = seal.sealed().clone();
    bent[bent.length - 1] ^= 1;
    desk.keys()
        .change(
            victim,
            held ->
                held.resealed(
                    List.of(
                        new io.sharekeep.enclave.store.KeyRecords.SealRow(
                            seal.kek(), seal.version(), bent)),
                    java.util.Set.of(seal.kek())));
    while (core().resealing().pass(1)) {}
    assertEquals(1, core().sealing().incomplete());
    assertTrue(core().sealing().trouble().orElseThrow().contains(victim.hex()));
    assertEquals(List.of("1 retired 1", "2 current 2"), keks());
  }

  @Test
  void thereIsNoKekToRotateOnATokenThatIsNotThere() {
    assertEquals(Refusal.Code.STATE, core().seal(Order.NEW_FALLBACK_KEK).orElseThrow().code());
    assertEquals(
        List.of("core"), core().sealing().keks().stream().map(Sealing.Kek::token).toList());
  }
}
