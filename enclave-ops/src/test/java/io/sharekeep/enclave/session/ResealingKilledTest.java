package io.sharekeep.enclave.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.enclave.Check;
import io.sharekeep.enclave.ChildJvm;
import io.sharekeep.enclave.KeyDescription;
import io.sharekeep.enclave.Outcome;
import io.sharekeep.enclave.Scheme;
import io.sharekeep.enclave.session.Parties.Shape;
import io.sharekeep.enclave.store.Keks;
import io.sharekeep.enclave.store.KeyRecords;
import io.sharekeep.enclave.store.Store;
import io.sharekeep.softhsm.SoftHsmTokens;
import io.sharekeep.softhsm.SoftTokens;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** kill −9 while records are sealed anew, after any of them: nothing is lost, and it goes on. */
@SoftTokens
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ResealingKilledTest {
  private static final int KEYS = 3;

  @TempDir private Path home;

  @Test
  void aKillAfterAnyRecordCostsNothingAndTheNextStartGoesOn(SoftHsmTokens given) throws Exception {
    var tokens = given.provision("killed");
    try (var parties =
        Parties.start(
            home, tokens, 2, Map.of("both", new Shape(2, List.of(List.of(1), List.of(2)))))) {
      var keys = new ArrayList<KeyDescription>();
      for (int i = 0; i < KEYS; i++) {
        keys.add(parties.generate("both", Scheme.FROST_ED25519));
      }
      int generation = 1;
      for (int sealed : new int[] {-1, 0, 2}) {
        parties.stop(1);
        killAfter(parties, tokens, sealed);

        var left = keks(parties.configuration(1).stateDirectory());
        if (sealed >= 0) { // Before that nobody knows whether the new kek was recorded.
          generation++;
          assertTrue(left.getLast() >= sealed, sealed + " were told of, there are " + left);
        } else if (left.size() > generation) {
          generation++;
        }
        assertEquals(
            KEYS, left.stream().mapToLong(Long::longValue).sum(), "no record without a seal");

        parties.start(1);
        var core = (Core) parties.enclave(1);
        assertTrue(core.readiness().stream().allMatch(Check::passed), core.readiness().toString());
        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (core.sealing().incomplete() > 0) {
          assertTrue(System.nanoTime() < end, core.sealing().toString());
          Thread.sleep(20);
        }
        var now = core.sealing().keks().getLast();
        assertEquals("current " + KEYS, now.state() + " " + now.records());
        assertEquals(generation, core.sealing().keks().size());
        for (var key : keys) {
          var order = parties.order(key);
          assertInstanceOf(
              Outcome.Signed.class, Relay.run(parties.all(), parties.propose(2, order), order));
        }
      }
    }
  }

  /** How many records each kek opens, by generation, read from the store that was left behind. */
  private static List<Long> keks(Path state) throws Exception {
    try (var store = Store.open(state)) {
      var sealed = store.read(KeyRecords::sealed);
      return store.read(Keks::all).stream().map(row -> sealed.getOrDefault(row.id(), 0L)).toList();
    }
  }

  /**
   * The moment it has told of so many records; what it does in the time that the signal takes is
   * cut anywhere.
   *
   * @param sealed −1 for while the kek is made
   */
  private static void killAfter(Parties parties, SoftHsmTokens tokens, int sealed)
      throws Exception {
    var process =
        new ChildJvm()
            .start(
                ResealingChild.class,
                parties.configuration(1).stateDirectory().toString(),
                tokens.library().toString(),
                tokens.coreLabel(),
                tokens.corePinFile().toString());
    try (var lines = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      assertEquals("started", lines.readLine());
      if (sealed >= 0) {
        assertEquals("made", lines.readLine());
      }
      for (int i = 0; i < sealed; i++) {
        assertEquals("sealed", lines.readLine());
      }
      process.destroyForcibly();
      assertEquals(137, process.waitFor(), "it was killed");
    } finally {
      process.destroyForcibly().waitFor();
    }
  }
}
