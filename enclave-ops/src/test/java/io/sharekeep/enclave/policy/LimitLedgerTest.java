package io.sharekeep.enclave.policy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.enclave.ChildJvm;
import io.sharekeep.enclave.audit.DecisionId;
import io.sharekeep.enclave.rules.Charge;
import io.sharekeep.enclave.rules.Limit;
import io.sharekeep.enclave.rules.Limit.Dimension;
import io.sharekeep.enclave.rules.Limit.Measure;
import io.sharekeep.enclave.rules.Match;
import io.sharekeep.enclave.store.Store;
import io.sharekeep.enclave.store.StoreUnusable;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LimitLedgerTest {
  private static final Instant START = Instant.parse("2027-01-11T11:00:00Z");
  private static final Duration DAY = Duration.ofHours(24);

  @TempDir Path folder;

  private static Match match(String wallet) {
    return new Match(
        Set.of(),
        wallet.isEmpty() ? Set.of() : Set.of(wallet),
        Set.of(),
        Set.of(),
        Set.of(),
        Set.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Set.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Set.of());
  }

  private static Limit limit(Measure measure, long most) {
    return new Limit(
        "l",
        match(""),
        measure,
        BigInteger.valueOf(most),
        measure == Measure.PENDING ? Duration.ZERO : DAY,
        Set.of(Dimension.WALLET));
  }

  private static DecisionId decision(int number) {
    return new DecisionId("%032x".formatted(number));
  }

  /** A store and the ledger over it, as one process has them. */
  private record Party(Store store, LimitLedger ledger, Limit limit) implements AutoCloseable {
    static Party open(Path folder, Limit limit, Instant now) throws StoreUnusable {
      var store = Store.open(folder);
      return new Party(
          store, store.read(from -> LimitLedger.load(from, "acme", List.of(limit), now)), limit);
    }

    /** Whether it fitted and is reserved. */
    boolean spend(int number, BigInteger amount, Instant at, String... to) {
      return store.commit(tx -> {
        var windows = ledger.at(tx, at);
        boolean distinct = limit.measure() == Measure.DISTINCT_DESTINATIONS;
        var charge =
            new Charge(
                limit,
                "w",
                distinct ? BigInteger.valueOf(windows.unseen(limit, "w", Set.of(to))) : amount,
                Set.of(to),
                windows.spent(limit, "w"),
                limit.most());
        return charge.fits() && ledger.reserve(tx, decision(number), List.of(charge), at);
      });
    }

    boolean spend(int number, long amount, Instant at) {
      return spend(number, BigInteger.valueOf(amount), at);
    }

    BigInteger spent(Instant at) {
      return store.commit(tx -> ledger.at(tx, at).spent(limit, "w"));
    }

    /** Whether it fitted, and is used at once. */
    boolean use(int number, BigInteger amount, Instant at, String... to) {
      return spend(number, amount, at, to) && commit(number, at);
    }

    boolean use(int number, long amount, Instant at) {
      return use(number, BigInteger.valueOf(amount), at);
    }

    boolean commit(int number, Instant at) {
      return store.commit(tx -> ledger.commit(tx, decision(number), at));
    }

    boolean commit(int number) {
      return commit(number, START);
    }

    boolean release(int number) {
      return store.commit(tx -> ledger.release(tx, decision(number)));
    }

    @Override
    public void close() {
      store.close();
    }
  }

  @Test
  void exactlyAHundredOfFourHundredAtOnceFit() throws Exception {
    try (var party = Party.open(folder, limit(Measure.COUNT, 100), START);
        var pool = Executors.newFixedThreadPool(16)) {
      var tries = new ArrayList<Future<Boolean>>();
      for (int i = 0; i < 400; i++) {
        int number = i;
        tries.add(pool.submit(() -> party.spend(number, 1, START)));
      }
      int fitted = 0;
      for (var one : tries) {
        fitted += one.get() ? 1 : 0;
      }
      assertEquals(100, fitted);
      assertEquals(BigInteger.valueOf(100), party.spent(START));
    }
  }

  @Test
  void aChargeCountsToTheEndOfItsWindowAndNoLonger() throws Exception {
    try (var party = Party.open(folder, limit(Measure.SUM, 100), START)) {
      assertTrue(party.use(1, 60, START));
      assertFalse(party.use(2, 41, START.plusSeconds(1)));
      assertTrue(party.use(3, 40, START.plusSeconds(1)));
      assertFalse(party.use(4, 1, START.plus(DAY).minusMillis(1)));
      assertTrue(party.use(5, 60, START.plus(DAY)));
      assertFalse(party.use(6, 1, START.plus(DAY)));
    }
  }

  @Test
  void whatIsReservedCountsHoweverLongThatTakesAndForAWindowOnceItIsUsed() throws Exception {
    var used = START.plus(DAY).plusSeconds(7);
    try (var party = Party.open(folder, limit(Measure.SUM, 100), START)) {
      assertTrue(party.spend(1, 60, START));
      assertFalse(
          party.spend(2, 41, used.minusSeconds(1)), "approvals took longer than the window");
      assertTrue(party.commit(1, used));
      assertFalse(party.spend(2, 41, used.plus(DAY).minusMillis(1)));
    }
    try (var party = Party.open(folder, limit(Measure.SUM, 100), used)) {
      assertFalse(party.spend(2, 41, used.plus(DAY).minusMillis(1)), "after a restart as well");
      assertTrue(party.spend(2, 41, used.plus(DAY)));
    }
  }

  @Test
  void aClockThatStandsBackWhereAChargeIsUsedDoesNotShortenItsWindow() throws Exception {
    try (var party = Party.open(folder, limit(Measure.SUM, 100), START)) {
      assertTrue(party.spend(1, 60, START));
      assertTrue(party.commit(1, START.minus(DAY)));
      assertFalse(party.spend(2, 41, START.plus(DAY).minusMillis(1)));
    }
    try (var party = Party.open(folder, limit(Measure.SUM, 100), START)) {
      assertFalse(party.spend(2, 41, START.plus(DAY).minusMillis(1)));
    }
  }

  @Test
  void amountsBeyondSixtyFourBitsAddUp() throws Exception {
    var ether = BigInteger.TEN.pow(18);
    var limit =
        new Limit(
            "l", match(""), Measure.SUM, ether.multiply(BigInteger.valueOf(100)), DAY, Set.of());
    try (var party = Party.open(folder, limit, START)) {
      for (int i = 0; i < 12; i++) {
        assertEquals(i < 10, party.spend(i, ether.multiply(BigInteger.TEN), START), "" + i);
      }
      assertTrue(party.release(3));
      assertEquals(ether.multiply(BigInteger.valueOf(90)), party.spent(START));
      assertTrue(party.spend(20, ether.multiply(BigInteger.TEN), START));
      assertFalse(party.spend(21, BigInteger.ONE, START));
    }
    try (var party = Party.open(folder, limit, START)) {
      assertEquals(limit.most(), party.spent(START));
    }
  }

  @Test
  void onlyWhatIsReservedIsEverReleased() throws Exception {
    try (var party = Party.open(folder, limit(Measure.SUM, 100), START)) {
      party.spend(1, 10, START);
      party.spend(2, 20, START);
      assertTrue(party.commit(1));
      assertFalse(party.release(1));
      assertTrue(party.release(2));
      assertFalse(party.release(2));
      assertFalse(party.commit(2));
      assertFalse(party.release(9));
      assertEquals(BigInteger.TEN, party.spent(START));
    }
  }

  @Test
  void aRestartForgetsNothingButWhatWasReleased() throws Exception {
    try (var party = Party.open(folder, limit(Measure.SUM, 100), START)) {
      party.spend(1, 10, START);
      party.commit(1);
      party.spend(2, 20, START);
      party.release(2);
      party.spend(3, 30, START);
    }
    try (var party = Party.open(folder, limit(Measure.SUM, 100), START)) {
      assertEquals(BigInteger.valueOf(40), party.spent(START));
      assertTrue(party.release(3));
      assertEquals(BigInteger.TEN, party.spent(START));
    }
  }

  @Test
  void aDecisionIsChargedOnce() throws Exception {
    try (var party = Party.open(folder, limit(Measure.SUM, 100), START)) {
      assertTrue(party.spend(1, 10, START));
      assertFalse(party.spend(1, 10, START));
      assertEquals(BigInteger.TEN, party.spent(START));
    }
    try (var party = Party.open(folder, limit(Measure.SUM, 100), START)) {
      assertFalse(party.spend(1, 10, START));
    }
  }

  @Test
  void whatATransactionUndoesWasNeverCharged() throws Exception {
    try (var party = Party.open(folder, limit(Measure.SUM, 100), START)) {
      assertThrows(
          ArithmeticException.class,
          () ->
              party
                  .store()
                  .commit(tx -> {
                    var charge =
                        new Charge(
                            party.limit(),
                            "w",
                            BigInteger.TEN,
                            Set.of(),
                            BigInteger.ZERO,
                            BigInteger.TEN);
                    assertTrue(party.ledger().reserve(tx, decision(1), List.of(charge), START));
                    throw new ArithmeticException("something later fails");
                  }));
      assertEquals(BigInteger.ZERO, party.spent(START));
      assertFalse(party.commit(1));
      party.spend(2, 10, START);
      assertThrows(
          ArithmeticException.class,
          () ->
              party
                  .store()
                  .commit(tx -> {
                    assertTrue(party.ledger().release(tx, decision(2)));
                    throw new ArithmeticException("something later fails");
                  }));
      assertEquals(BigInteger.TEN, party.spent(START));
      assertTrue(party.release(2));
      assertEquals(BigInteger.ZERO, party.spent(START));
    }
  }

  @Test
  void whatDoesNotFitIsNotReservedByMistake() throws Exception {
    try (var party = Party.open(folder, limit(Measure.SUM, 100), START)) {
      assertThrows(
          IllegalArgumentException.class,
          () ->
              party
                  .store()
                  .commit(tx ->
                      party
                          .ledger()
                          .reserve(
                              tx,
                              decision(1),
                              List.of(
                                  new Charge(
                                      party.limit(),
                                      "w",
                                      BigInteger.TEN,
                                      Set.of(),
                                      BigInteger.ONE,
                                      BigInteger.TEN)),
                              START)));
    }
  }

  @Test
  void destinationsAreCountedOnceEachUntilTheLastPaymentLeaves() throws Exception {
    var limit = limit(Measure.DISTINCT_DESTINATIONS, 2);
    try (var party = Party.open(folder, limit, START)) {
      assertTrue(party.use(1, BigInteger.ZERO, START, "a"));
      assertTrue(party.use(2, BigInteger.ZERO, START.plusSeconds(10), "a", "b"));
      assertFalse(party.use(3, BigInteger.ZERO, START.plusSeconds(11), "c"));
      assertTrue(party.spend(4, BigInteger.ZERO, START.plusSeconds(11), "b"));
      assertTrue(party.release(4));
    }
    try (var party = Party.open(folder, limit, START)) {
      assertFalse(party.use(5, BigInteger.ZERO, START.plus(DAY), "c"));
      assertTrue(party.use(6, BigInteger.ZERO, START.plus(DAY).plusSeconds(10), "c"));
    }
  }

  @Test
  void pendingRequestsEndWhenTheyAreSignedOrOver() throws Exception {
    try (var party = Party.open(folder, limit(Measure.PENDING, 2), START)) {
      assertTrue(party.spend(1, 1, START));
      assertTrue(party.spend(2, 1, START));
      assertFalse(party.spend(3, 1, START.plus(Duration.ofDays(30))));
      assertTrue(party.commit(1));
      assertTrue(party.spend(4, 1, START.plus(Duration.ofDays(30))));
      assertTrue(party.release(2));
      assertTrue(party.spend(5, 1, START.plus(Duration.ofDays(30))));
      assertFalse(party.spend(6, 1, START.plus(Duration.ofDays(30))));
    }
    try (var party = Party.open(folder, limit(Measure.PENDING, 2), START)) {
      assertFalse(party.spend(7, 1, START.plus(Duration.ofDays(30))));
    }
  }

  @Test
  void aLimitThatCountsSomethingElseNowIsFullUntilItsWindowEnds() throws Exception {
    try (var party = Party.open(folder, limit(Measure.COUNT, 100), START)) {
      party.use(1, 1, START);
      party.spend(2, 1, START);
      party.spend(3, 1, START);
    }
    var changed =
        new Limit("l", match("ab".repeat(16)), Measure.COUNT, BigInteger.TEN, DAY, Set.of());
    try (var party = Party.open(folder, changed, START)) {
      assertFalse(party.spend(4, 1, START.plus(DAY).minusMillis(1)));
      assertFalse(party.spend(4, 1, START.plus(DAY)), "two are reserved still");
      assertTrue(party.release(2));
      assertFalse(party.spend(4, 1, START.plus(DAY)), "one is");
      assertTrue(party.commit(3, START.plus(DAY)));
      assertFalse(party.spend(4, 1, START.plus(DAY).plus(DAY).minusMillis(1)));
      assertTrue(party.spend(4, 1, START.plus(DAY).plus(DAY)));
    }
    var raised =
        new Limit("l", match(""), Measure.COUNT, BigInteger.TWO, DAY, Set.of(Dimension.WALLET));
    assertEquals(raised.shape(), limit(Measure.COUNT, 100).shape());
  }

  @Test
  void aClockThatStepsBackOpensNoWindow() throws Exception {
    try (var party = Party.open(folder, limit(Measure.SUM, 100), START)) {
      party.use(1, 60, START);
      assertFalse(party.spend(2, 41, START.minusSeconds(3)));
      assertTrue(party.use(3, 40, START.minusSeconds(3)));
      assertThrows(ClockBehind.class, () -> party.spend(4, 0, START.minusSeconds(6)));
    }
    try (var party = Party.open(folder, limit(Measure.SUM, 100), START.minusSeconds(10))) {
      assertThrows(ClockBehind.class, () -> party.spent(START.minusSeconds(6)));
      // The charge of the slow clock counts from the time that was seen last, not from its own.
      assertFalse(party.spend(5, 1, START.plus(DAY).minusMillis(1)));
    }
  }

  /** What a run of reservations, uses, failures, ends and restarts may never do: exceed. */
  @Test
  void noSequenceOfRequestsEndsAndRestartsExceedsTheLimit() throws Exception {
    for (int seed = 1; seed <= 3; seed++) {
      var random = new Random(seed);
      var now = START;
      int number = 0;
      var alive = new ArrayList<Integer>();
      var used = new HashMap<Integer, Instant>();
      var amounts = new HashMap<Integer, Integer>();
      for (int run = 0; run < 6; run++) {
        try (var party = Party.open(folder.resolve("s" + seed), limit(Measure.SUM, 1000), now);
            var pool = Executors.newFixedThreadPool(4)) {
          for (int step = 0; step < 12; step++) {
            now = now.plus(Duration.ofMinutes(random.nextInt(240)));
            var at = now;
            var tries = new HashMap<Integer, Future<Boolean>>();
            for (int i = 0; i < 4; i++) {
              int mine = number++;
              int amount = random.nextInt(300);
              amounts.put(mine, amount);
              tries.put(mine, pool.submit(() -> party.spend(mine, amount, at)));
            }
            for (var one : tries.entrySet()) {
              if (one.getValue().get()) {
                alive.add(one.getKey());
              }
            }
            if (!alive.isEmpty() && random.nextBoolean()) {
              int chosen = alive.remove(/* index */ random.nextInt(alive.size()));
              if (random.nextInt(4) > 0) {
                assertTrue(party.commit(chosen, at));
                used.put(chosen, at);
              } else {
                assertTrue(party.release(chosen));
              }
            }
            var counted = new ArrayList<>(alive);
            used.forEach((one, since) -> {
              if (since.isAfter(at.minus(DAY))) {
                counted.add(one);
              }
            });
            int expected = counted.stream().mapToInt(one -> amounts.getOrDefault(one, 0)).sum();
            assertEquals(BigInteger.valueOf(expected), party.spent(at));
            assertTrue(expected <= 1000);
          }
        }
      }
    }
  }

  @Test
  void aProcessThatIsKilledNeverCountsTooLittle() throws Exception {
    int told = 0;
    for (int run = 0; run < 3; run++) {
      var child = new ChildJvm().start(Spender.class, folder.toString(), "" + run);
      try (var lines = new BufferedReader(new InputStreamReader(child.getInputStream(), UTF_8))) {
        for (int i = 0; i < 20 + 7 * run; i++) {
          if (lines.readLine() == null) {
            break;
          }
          told++;
        }
        child.toHandle().destroyForcibly(); // which leaves its output to read
        child.waitFor();
        while (lines.readLine() != null) {
          told++;
        }
      }
      try (var party = Party.open(folder, limit(Measure.COUNT, 1000), START)) {
        int counted = party.spent(START).intValueExact();
        assertTrue(counted >= told && counted <= 1000, told + " told, " + counted + " counted");
      }
    }
    assertTrue(told > 60, told + " told");
  }

  /** Reserves and commits until it is killed, and tells each of them once it may be signed. */
  static final class Spender {
    public static void main(String[] arguments) throws Exception {
      int from = 1_000_000 * Integer.parseInt(arguments[1]);
      try (var party = Party.open(Path.of(arguments[0]), limit(Measure.COUNT, 1000), START);
          var pool = Executors.newFixedThreadPool(3)) {
        var number = new AtomicInteger(from);
        var threads = new ArrayList<Future<Integer>>();
        for (int thread = 0; thread < 3; thread++) {
          threads.add(
              pool.submit(() -> {
                for (int i = 0; i < 1000; i++) {
                  int mine = number.incrementAndGet();
                  if (party.spend(mine, 1, START) && party.commit(mine)) {
                    synchronized (System.out) {
                      System.out.println(mine);
                      System.out.flush();
                    }
                  }
                }
                return 0;
              }));
        }
        for (var one : threads) {
          one.get();
        }
      }
    }
  }
}
