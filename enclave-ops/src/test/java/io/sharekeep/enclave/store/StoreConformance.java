package io.sharekeep.enclave.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.enclave.KeyId;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every store must do. */
abstract class StoreConformance {
  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00.123Z");
  private static final KeyId KEY = new KeyId("00112233445566778899aabbccddeeff");
  private static final byte[] BOOT = bytes("boot");
  private static final byte[] OTHER_BOOT = bytes("other boot");

  @TempDir Path folder;

  abstract Store open(Path folder) throws StoreUnusable;

  @Test
  void whatWasCommittedIsThereAfterReopening() throws Exception {
    byte[] incarnation;
    long commits;
    try (var store = open(folder)) {
      store.commit(tx -> new Serials("t").next(tx, "n"));
      store.commit(tx -> new Serials("t").add(tx, "n", 5));
      incarnation = store.incarnation();
      commits = store.commits();
      assertEquals(2, commits);
    }
    try (var store = open(folder)) {
      assertEquals(6, count(store.read(from -> new Serials("t").current(from, "n"))));
      assertEquals(0, count(store.read(from -> new Serials("other").current(from, "n"))));
      assertArrayEquals(incarnation, store.incarnation());
      assertEquals(16, incarnation.length);
      assertEquals(commits, store.commits());
    }
  }

  @Test
  void workThatThrowsIsUndoneAloneAndItsHooksRunBackwards() throws Exception {
    try (var store = open(folder)) {
      var events = new ArrayList<String>();
      var thrown =
          assertThrows(
              ArithmeticException.class,
              () ->
                  store.commit(tx -> {
                    tx.onUndo(() -> events.add("first"));
                    tx.onUndo(() -> events.add("second"));
                    tx.onDurable(() -> events.add("durable"));
                    new Serials("t").next(tx, "n");
                    throw new ArithmeticException("no");
                  }));
      assertEquals("no", thrown.getMessage());
      assertEquals(List.of("second", "first"), events);
      assertEquals(0, count(store.read(from -> new Serials("t").current(from, "n"))));
      assertEquals(1, count(store.commit(tx -> new Serials("t").next(tx, "n"))));
    }
  }

  @Test
  void inAGroupEachCallStandsOrFallsAlone() throws Exception {
    try (var store = open(folder);
        var pool = Executors.newFixedThreadPool(8)) {
      var gate = new CountDownLatch(1);
      var blocked =
          pool.submit(() ->
              store.commit(tx -> {
                await(gate);
                return 0;
              }));
      var calls = new ArrayList<Callable<Long>>();
      for (int i = 0; i < 40; i++) {
        int n = i;
        calls.add(() ->
            store.commit(tx -> {
              long value = new Serials("t").next(tx, "n");
              if (n % 3 == 0) {
                throw new ArithmeticException("call " + n);
              }
              return value;
            }));
      }
      gate.countDown();
      int refused = 0;
      for (var answer : pool.invokeAll(calls)) {
        try {
          answer.get();
        } catch (ExecutionException e) {
          assertInstanceOf(ArithmeticException.class, e.getCause());
          refused++;
        }
      }
      assertEquals(0, blocked.get());
      assertEquals(14, refused);
      assertEquals(26, count(store.read(from -> new Serials("t").current(from, "n"))));
    }
  }

  @Test
  void manyWritersGetManyDifferentNumbers() throws Exception {
    try (var store = open(folder);
        var pool = Executors.newFixedThreadPool(16)) {
      var calls = new ArrayList<Callable<Long>>();
      for (int i = 0; i < 400; i++) {
        calls.add(() -> store.commit(tx -> new Serials("t").next(tx, "n")));
      }
      var numbers = new ArrayList<Long>();
      for (var answer : pool.invokeAll(calls)) {
        numbers.add(answer.get());
      }
      assertEquals(400, numbers.stream().distinct().count());
      assertEquals(400, count(store.read(from -> new Serials("t").current(from, "n"))));
      assertEquals(400, store.times().commits());
    }
  }

  @Test
  void aCallerIsAnsweredAfterItsDurableHooks() throws Exception {
    try (var store = open(folder)) {
      var seen = new AtomicReference<>("nothing");
      store.commit(tx -> {
        tx.onDurable(() -> seen.set("durable"));
        assertEquals("nothing", seen.get());
        return new Serials("t").next(tx, "n");
      });
      assertEquals("durable", seen.get());
    }
  }

  @Test
  void aTransactionIsDeadOnceItsWorkIsDone() throws Exception {
    try (var store = open(folder)) {
      var kept = new AtomicReference<Transaction>();
      store.commit(tx -> {
        kept.set(tx);
        return 0;
      });
      assertThrows(IllegalStateException.class, () -> new Serials("t").next(kept.get(), "n"));
      assertThrows(IllegalStateException.class, () -> kept.get().commitNumber());
      assertThrows(
          IllegalStateException.class,
          () -> store.commit(outer -> store.commit(inner -> inner.commitNumber())));
    }
  }

  @Test
  void readersCannotWriteAndAClosedStoreServesNobody() throws Exception {
    var store = open(folder);
    store.close();
    store.close();
    assertThrows(IllegalStateException.class, () -> store.commit(tx -> 0));
    assertThrows(IllegalStateException.class, () -> store.read(from -> 0));
  }

  @Test
  void aConsumedIdIsNeverConsumedAgain() throws Exception {
    var rows = new Consumptions("t");
    var first = consumption("nonce 1", "session 1", 0);
    try (var store = open(folder)) {
      assertTrue(is(store.commit(tx -> rows.consume(tx, first))));
      assertFalse(is(store.commit(tx -> rows.consume(tx, first))));
      assertFalse(is(store.commit(tx -> rows.consume(tx, consumption("nonce 1", "session 2", 0)))));
      assertFalse(is(store.commit(tx -> rows.consume(tx, consumption("nonce 2", "session 1", 0)))));
      assertTrue(is(store.commit(tx -> rows.consume(tx, consumption("nonce 2", "session 1", 1)))));
    }
    try (var store = open(folder)) {
      assertFalse(is(store.commit(tx -> rows.consume(tx, first))));
      assertFalse(is(store.commit(tx -> new Consumptions("u").consume(tx, first))));
      assertTrue(is(store.read(from -> rows.isConsumed(from, bytes("nonce 1")))));
      assertFalse(is(store.read(from -> rows.isConsumed(from, bytes("nonce 3")))));
      assertEquals(2, count(store.read(rows::count)));
    }
  }

  @Test
  void aRequestOpensOnceAndEndsOnce() throws Exception {
    var rows = new Requests("t");
    var row =
        new Requests.RequestRow(
            "r1",
            bytes("digest"),
            "sign",
            "ann",
            bytes("session"),
            Optional.empty(),
            NOW.plusSeconds(60),
            NOW);
    try (var store = open(folder)) {
      assertTrue(is(store.commit(tx -> rows.open(tx, row))));
      assertFalse(is(store.commit(tx -> rows.open(tx, row))));
      assertTrue(store.read(from -> rows.find(from, "r1")).orElseThrow().outcome().isEmpty());
      assertTrue(is(store.commit(tx -> rows.finish(tx, "r1", bytes("signed")))));
      assertFalse(is(store.commit(tx -> rows.finish(tx, "r1", bytes("aborted")))));
      assertFalse(is(store.commit(tx -> rows.finish(tx, "r2", bytes("signed")))));
      var found = store.read(from -> rows.find(from, "r1")).orElseThrow();
      assertArrayEquals(bytes("signed"), found.outcome().orElseThrow());
      assertArrayEquals(bytes("digest"), found.digest());
      assertEquals(NOW, found.at());
      assertEquals(Optional.empty(), store.read(from -> new Requests("u").find(from, "r1")));
    }
  }

  @Test
  void aSessionMovesByCompareAndSwapAlone() throws Exception {
    var rows = new Sessions("t");
    try (var store = open(folder)) {
      assertTrue(is(store.commit(tx -> rows.open(tx, session("s1", "r1")))));
      assertFalse(is(store.commit(tx -> rows.open(tx, session("s1", "r2")))), "the id is taken");
      assertFalse(
          is(store.commit(tx -> rows.open(tx, session("s2", "r1")))), "the request is taken");
      byte[] id = bytes("s1");
      assertFalse(is(store.commit(tx -> rows.advance(tx, id, OTHER_BOOT, "round 1", "round 2"))));
      assertFalse(is(store.commit(tx -> rows.advance(tx, id, BOOT, "round 2", "round 3"))));
      assertTrue(is(store.commit(tx -> rows.advance(tx, id, BOOT, "round 1", "round 2"))));
      assertFalse(is(store.commit(tx -> rows.advance(tx, id, BOOT, "round 1", "round 2"))));
      assertTrue(is(store.commit(tx -> rows.bind(tx, id, BOOT, bytes("sid")))));
      assertFalse(is(store.commit(tx -> rows.bind(tx, id, BOOT, bytes("another sid")))));
      var found = store.read(from -> rows.find(from, bytes("sid"))).orElseThrow();
      assertArrayEquals(id, found.id());
      assertEquals("round 2", found.state());
      assertTrue(found.open());
      assertEquals(List.of(), store.read(from -> rows.orphans(from, BOOT)));
      assertEquals(1, store.read(from -> rows.orphans(from, OTHER_BOOT)).size());
      assertTrue(is(store.commit(tx -> rows.end(tx, id, "lost"))));
      assertFalse(is(store.commit(tx -> rows.end(tx, id, "done"))));
      assertFalse(is(store.commit(tx -> rows.advance(tx, id, BOOT, "lost", "round 2"))));
      assertEquals(List.of(), store.read(from -> rows.orphans(from, OTHER_BOOT)));
    }
  }

  @Test
  void aRoundIsAnsweredWithTheBytesOfItsFirstAnswer() throws Exception {
    var rows = new Outboxes("t");
    try (var store = open(folder)) {
      var answered = new Outboxes.Answered(bytes("in"), bytes("out"));
      var other = new Outboxes.Answered(bytes("in 2"), bytes("out 2"));
      assertTrue(is(store.commit(tx -> rows.put(tx, bytes("s"), 1, answered))));
      assertFalse(is(store.commit(tx -> rows.put(tx, bytes("s"), 1, other))));
      var found = store.read(from -> rows.find(from, bytes("s"), 1)).orElseThrow();
      assertArrayEquals(bytes("out"), found.reply());
      assertArrayEquals(bytes("in"), found.inboxDigest());
      assertTrue(store.read(from -> rows.find(from, bytes("s"), 2)).isEmpty());
    }
  }

  @Test
  void aKeyRecordIsPromotedFromTheStageItIsIn() throws Exception {
    var rows = new KeyRecords("t");
    var row =
        new KeyRecords.KeyRecordRow(
            KEY,
            1,
            "PENDING",
            bytes("session"),
            bytes("meta"),
            List.of(new KeyRecords.SealRow("aa", 1, bytes("sealed"))),
            NOW);
    try (var store = open(folder)) {
      assertTrue(is(store.commit(tx -> rows.add(tx, row))));
      assertFalse(is(store.commit(tx -> rows.add(tx, row))));
      assertFalse(is(store.commit(tx -> rows.promote(tx, KEY, 1, "ACTIVE", "USABLE"))));
      assertTrue(is(store.commit(tx -> rows.promote(tx, KEY, 1, "PENDING", "ACTIVE"))));
      assertFalse(is(store.commit(tx -> rows.discard(tx, KEY, 1, "PENDING"))));
      assertEquals("ACTIVE", store.read(from -> rows.find(from, KEY, 1)).orElseThrow().stage());
      var of = store.read(from -> rows.ofSession(from, bytes("session"))).orElseThrow();
      assertArrayEquals(bytes("sealed"), of.seals().getFirst().sealed());
      assertEquals(1, store.read(from -> rows.epochs(from, KEY)).size());
      assertEquals(0, store.read(from -> new KeyRecords("u").all(from)).size());
    }
  }

  @Test
  void aRecordHasASealForEachKekAndNeverLosesItsLast() throws Exception {
    var rows = new KeyRecords("t");
    var first = new KeyRecords.SealRow("aa", 1, bytes("one"));
    var second = new KeyRecords.SealRow("bb", 2, bytes("two"));
    var row =
        new KeyRecords.KeyRecordRow(
            KEY, 1, "PENDING", bytes("s"), bytes("meta"), List.of(first), NOW);
    try (var store = open(folder)) {
      assertFalse(is(store.commit(tx -> rows.seal(tx, KEY, 1, first))), "there is no record");
      assertTrue(is(store.commit(tx -> rows.add(tx, row))));
      assertFalse(is(store.commit(tx -> rows.unseal(tx, KEY, 1, "aa"))), "it is the last");
      assertFalse(is(store.commit(tx -> rows.seal(tx, KEY, 1, first))), "it is there");
      assertFalse(is(store.commit(tx -> new KeyRecords("u").seal(tx, KEY, 1, second))));
      assertTrue(is(store.commit(tx -> rows.seal(tx, KEY, 1, second))));
      for (var read :
          List.of(
              store.read(rows::all).getFirst(),
              store.read(from -> rows.find(from, KEY, 1)).orElseThrow(),
              store.read(from -> rows.epochs(from, KEY)).getFirst())) {
        assertEquals(
            List.of("aa 1 one", "bb 2 two"),
            read.seals().stream()
                .map(seal ->
                    seal.kek() + " " + seal.version() + " " + new String(seal.sealed(), UTF_8))
                .toList());
      }
      assertEquals(Map.of("aa", 1L, "bb", 1L), store.read(KeyRecords::sealed));
      assertTrue(is(store.commit(tx -> rows.unseal(tx, KEY, 1, "aa"))));
      assertFalse(is(store.commit(tx -> rows.unseal(tx, KEY, 1, "bb"))), "it is the last now");
      assertEquals(Map.of("bb", 1L), store.read(KeyRecords::sealed));
      assertTrue(is(store.commit(tx -> rows.discard(tx, KEY, 1, "PENDING"))));
      assertEquals(Map.of(), store.read(KeyRecords::sealed), "its seals go with a record");
    }
  }

  @Test
  void aKekMovesOnFromTheStateThatItIsIn() throws Exception {
    try (var store = open(folder)) {
      var row = new Keks.KekRow("aa", "core", 1, Keks.State.CURRENT, bytes("canary"), NOW);
      store.commit(tx -> {
        Keks.add(tx, row);
        return row;
      });
      assertFalse(
          is(store.commit(tx -> Keks.move(tx, "aa", Keks.State.RETIRED, Keks.State.DESTROYED))));
      assertTrue(
          is(store.commit(tx -> Keks.move(tx, "aa", Keks.State.CURRENT, Keks.State.RETIRED))));
      var read = store.read(Keks::all).getFirst();
      assertEquals(Keks.State.RETIRED, read.state());
      assertEquals("core", read.token());
      assertArrayEquals(bytes("canary"), read.canary());
    }
  }

  @Test
  void aStatementADocumentAndABanAreHeldOnce() throws Exception {
    var statements = new StatementRows("t");
    var documents = new SignedDocuments("t");
    var bans = new Bans("t");
    var statement =
        new StatementRows.StatementRow(bytes("s"), "certificate", 2, KEY, bytes("cert"), NOW);
    var document =
        new SignedDocuments.DocumentRow(
            bytes("hash"), SignedDocuments.Kind.POLICY, "main", 1, bytes("{}"), NOW);
    var sameVersion =
        new SignedDocuments.DocumentRow(
            bytes("hash 2"), SignedDocuments.Kind.POLICY, "main", 1, bytes("{}"), NOW);
    var ban = new Bans.BanRow("aa", 2, "EQUIVOCATION", bytes("s"), bytes("proof"), NOW);
    try (var store = open(folder)) {
      assertTrue(is(store.commit(tx -> statements.add(tx, statement))));
      assertFalse(is(store.commit(tx -> statements.add(tx, statement))));
      assertEquals(1, store.read(from -> statements.of(from, bytes("s"))).size());
      assertTrue(is(store.commit(tx -> documents.accept(tx, document))));
      assertFalse(is(store.commit(tx -> documents.accept(tx, document))));
      assertFalse(is(store.commit(tx -> documents.accept(tx, sameVersion))));
      assertEquals(1, store.read(from -> documents.all(from, SignedDocuments.Kind.POLICY)).size());
      assertTrue(store.read(from -> documents.find(from, bytes("hash"))).isPresent());
      assertTrue(is(store.commit(tx -> bans.add(tx, ban))));
      assertFalse(is(store.commit(tx -> bans.add(tx, ban))));
      assertEquals("EQUIVOCATION", store.read(bans::all).getFirst().fault());
    }
  }

  @Test
  void aPeersCheckpointNeverMovesBack() throws Exception {
    var rows = new PeerCheckpoints("t");
    try (var store = open(folder)) {
      assertInstanceOf(
          PeerCheckpoints.Verdict.Accepted.class,
          store.commit(tx -> rows.remember(tx, peer(5, 1))));
      assertInstanceOf(
          PeerCheckpoints.Verdict.Accepted.class,
          store.commit(tx -> rows.remember(tx, peer(5, 1))));
      assertInstanceOf(
          PeerCheckpoints.Verdict.Forked.class, store.commit(tx -> rows.remember(tx, peer(5, 2))));
      var behind =
          assertInstanceOf(
              PeerCheckpoints.Verdict.Behind.class,
              store.commit(tx -> rows.remember(tx, peer(4, 1))));
      assertEquals(5, behind.remembered().size());
      assertInstanceOf(
          PeerCheckpoints.Verdict.Accepted.class,
          store.commit(tx -> rows.remember(tx, peer(6, 2))));
      assertEquals(6, store.read(from -> rows.find(from, "peer")).orElseThrow().size());
    }
  }

  @Test
  void aBrokenConstraintIsABugOfTheCallerAndUndoesItsWorkAlone() throws Exception {
    try (var store = open(folder)) {
      var boots = new Boots("t");
      store.commit(tx -> {
        boots.started(tx, BOOT, NOW);
        return 0;
      });
      assertThrows(
          IllegalStateException.class,
          () ->
              store.commit(tx -> {
                boots.started(tx, BOOT, NOW);
                return 0;
              }));
      assertEquals(1, count(store.read(boots::count)));
      store.commit(tx -> {
        boots.stopped(tx, BOOT, NOW);
        Meta.put(tx, "name", bytes("value"));
        return 0;
      });
      assertArrayEquals(bytes("value"), store.read(from -> Meta.find(from, "name")).orElseThrow());
    }
  }

  private static PeerCheckpoints.PeerCheckpoint peer(long size, int root) {
    return new PeerCheckpoints.PeerCheckpoint(
        "peer", size, new byte[] {(byte) root}, bytes("note"), NOW);
  }

  static Consumptions.Consumption consumption(String id, String session, int lane) {
    return new Consumptions.Consumption(
        bytes(id), KEY, 1, BOOT, bytes(session), lane, bytes("binding"), NOW);
  }

  private static Sessions.SessionRow session(String id, String request) {
    return new Sessions.SessionRow(
        bytes(id),
        Optional.empty(),
        request,
        "frost-sign",
        KEY,
        1,
        bytes("binding"),
        "round 1",
        true,
        BOOT,
        NOW.plusSeconds(300));
  }

  /** Names the type of an answer, which the assertions overload. */
  static boolean is(Boolean answer) {
    return answer;
  }

  /** As {@link #is}. */
  static long count(Long answer) {
    return answer;
  }

  static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static void await(CountDownLatch gate) {
    try {
      gate.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
