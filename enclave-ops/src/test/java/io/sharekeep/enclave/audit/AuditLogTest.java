package io.sharekeep.enclave.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.attestation.log.EntryBundle;
import io.sharekeep.attestation.log.LogVerification;
import io.sharekeep.attestation.log.StateDigest;
import io.sharekeep.attestation.log.Tile;
import io.sharekeep.attestation.log.TileFolder;
import io.sharekeep.attestation.note.LogKey;
import io.sharekeep.attestation.note.MerkleHead;
import io.sharekeep.enclave.KeyId;
import io.sharekeep.enclave.store.LogRows;
import io.sharekeep.enclave.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AuditLogTest {
  private static final DecisionId DECISION = new DecisionId("0123456789abcdef0123456789abcdef");
  private static final DecisionId OTHER = new DecisionId("f123456789abcdef0123456789abcdef");
  private static final KeyId KEY = new KeyId("00112233445566778899aabbccddeeff");

  @TempDir Path folder;

  private final LogKeys keys = new LogKeys();
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-22T10:00:00Z"));
  private final InstantSource clock = now::get;

  @Test
  void anEntryIsProofOnlyOnceItIsOnDisk() throws Exception {
    try (var store = Store.open(folder)) {
      var log = log(store);
      var early = new AtomicReference<Recorded>();
      var recorded =
          store.commit(tx -> {
            var proof = log.append(tx, decided(Entry.Effect.APPROVED));
            early.set(proof);
            assertThrows(IllegalStateException.class, () -> proof.covers(DECISION));
            assertThrows(IllegalStateException.class, proof::index);
            assertEquals(0, log.size());
            return proof;
          });
      assertTrue(recorded.covers(DECISION));
      assertFalse(recorded.covers(OTHER));
      assertEquals(0, recorded.index());
      assertEquals(1, log.size());
      assertEquals(Optional.of(DECISION), early.get().decision());
    }
  }

  @Test
  void onlyAYesCoversItsDecision() throws Exception {
    try (var store = Store.open(folder)) {
      var log = log(store);
      assertFalse(log.append(decided(Entry.Effect.DENIED)).covers(DECISION));
      assertFalse(log.append(decided(Entry.Effect.DEFERRED)).covers(DECISION));
      assertFalse(log.append(new Entry.Stopped("b")).covers(DECISION));
    }
  }

  @Test
  void anEntryWhoseTransactionIsUndoneWasNeverThere() throws Exception {
    try (var store = Store.open(folder)) {
      var log = log(store);
      log.append(new Entry.Stopped("first"));
      var lost = new AtomicReference<Recorded>();
      assertThrows(
          ArithmeticException.class,
          () ->
              store.commit(tx -> {
                log.append(tx, new Entry.Stopped("undone"));
                lost.set(log.append(tx, decided(Entry.Effect.APPROVED)));
                throw new ArithmeticException();
              }));
      assertThrows(IllegalStateException.class, () -> lost.get().covers(DECISION));
      assertEquals(1, log.append(new Entry.Stopped("second")).index());
      assertEquals(2, log.size());
      log.freshCheckpoint();
    }
    try (var store = Store.open(folder)) {
      assertEquals(2, log(store).size());
    }
  }

  @Test
  void aLeafIsCanonicalJson() throws Exception {
    try (var store = Store.open(folder)) {
      var log = log(store);
      var first = new Entry.DocumentAccepted("policy", "main", 3, "ab");
      var second =
          new Entry.SessionOpened(DECISION, "5e", "frost-sign", "r-1", KEY, 1, List.of(1, 3));
      store.commit(tx -> {
        log.append(tx, first);
        return log.append(tx, second);
      });
      var leaves = new ArrayList<String>();
      store.read(from -> {
        log.leaves(from, 0, leaf -> leaves.add(new String(leaf, UTF_8)));
        return 0;
      });
      assertEquals(
          List.of(
              "{\"at\":\"2026-11-22T10:00:00Z\",\"commit\":1,\"entry\":{\"document\":\"policy\","
                  + "\"hash\":\"ab\",\"id\":\"main\",\"version\":3},\"index\":0,"
                  + "\"kind\":\"document-accepted\",\"schema\":\"sharekeep.log/v1\",\"state\":\""
                  + StateDigest.next(StateDigest.FIRST, Leaf.kind(first), Leaf.entryBytes(first))
                  + "\",\"tenant\":\"t\"}",
              "{\"at\":\"2026-11-22T10:00:00Z\",\"commit\":1,\"entry\":{\"decision\":"
                  + "\"0123456789abcdef0123456789abcdef\",\"epoch\":1,"
                  + "\"key\":\"00112233445566778899aabbccddeeff\",\"protocol\":\"frost-sign\","
                  + "\"quorum\":[1,3],\"requestId\":\"r-1\",\"session\":\"5e\"},\"index\":1,"
                  + "\"kind\":\"session-opened\",\"schema\":\"sharekeep.log/v1\",\"state\":\""
                  + log.state()
                  + "\",\"tenant\":\"t\"}"),
          leaves);
    }
  }

  @Test
  void everyKindOfEntryIsWrittenAndReadBack() throws Exception {
    var entries =
        List.of(
            new Entry.Started("b", "0.1.0", "memfd_secret", "native"),
            decided(Entry.Effect.APPROVED),
            new Entry.SessionOpened(DECISION, "5e", "frost-sign", "r", KEY, 1, List.of(1, 2)),
            new Entry.Signed("5e", "r", KEY, 1, List.of("aa", "bb"), 1234),
            new Entry.Aborted("5e", "r", "BAD_SHARE", List.of(2), 77),
            new Entry.Lost("5e", "r", "restart", 0),
            new Entry.Banned("5e", 2, "aa", "EQUIVOCATION"),
            new Entry.KeyPending(KEY, 1, "5e", "cc", "02aa"),
            new Entry.KeyActive(KEY, 1, "5e"),
            new Entry.KeyUsable(KEY, 1, "5e"),
            new Entry.KeyDiscarded(KEY, 2, "5f"),
            new Entry.KekMade("ee", "core", 2),
            new Entry.KeyResealed(KEY, 1, "ee", 2, List.of("ff"), 250),
            new Entry.KekDestroyed("ff", "core", 1),
            new Entry.DocumentAccepted("committee", "c", 1, "dd"),
            new Entry.RefusedBurst("somebody", "malformed", 12),
            new Entry.Stopped("b"));
    var states = new ArrayList<String>();
    try (var store = Store.open(folder)) {
      var log = log(store);
      for (var entry : entries) {
        log.append(entry);
        states.add(log.state());
      }
    }
    assertEquals(10, states.stream().distinct().count(), "nine entries move the state digest");
    try (var store = Store.open(folder)) {
      var log = log(store);
      assertEquals(entries.size(), log.size());
      assertEquals(states.getLast(), log.state());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"line\nbreak", "\u0000", "\u007f", "\ud800"})
  void textThatCouldForgeALineIsRefused(String text) throws Exception {
    try (var store = Store.open(folder)) {
      var log = log(store);
      assertThrows(IllegalArgumentException.class, () -> log.append(new Entry.Stopped(text)));
      assertEquals(0, log.size());
      log.append(new Entry.Stopped("\u00fc \u20ac \" \\"));
    }
    try (var store = Store.open(folder)) {
      assertEquals(1, log(store).size());
    }
  }

  @Test
  void theHsmIsAskedForACheckpointOnlyWhenOneIsDue() throws Exception {
    try (var store = Store.open(folder)) {
      var log = log(store);
      var empty = log.checkpoint();
      assertEquals(0, empty.checkpoint().size());
      log.append(new Entry.Stopped("1"));
      assertArrayEquals(empty.note(), log.checkpoint().note(), "not a second old");
      now.updateAndGet(t -> t.plusMillis(1000));
      assertEquals(1, log.checkpoint().checkpoint().size());
      now.updateAndGet(t -> t.plusMillis(5000));
      assertEquals(1, log.checkpoint().checkpoint().size());
      assertEquals(2, keys.asked(), "the log has not grown");
      log.append(new Entry.Stopped("2"));
      assertEquals(2, log.freshCheckpoint().checkpoint().size());
      log.freshCheckpoint();
      assertEquals(3, keys.asked());
      store.commit(tx -> {
        for (int i = 0; i < 255; i++) {
          log.append(tx, new Entry.Stopped("more"));
        }
        return log.append(tx, new Entry.Stopped("last"));
      });
      assertEquals(258, log.checkpoint().checkpoint().size(), "256 entries make one due at once");
      assertEquals(4, keys.asked());
      assertTrue(keys.key().verify(log.checkpoint().note()).isPresent());
    }
    try (var store = Store.open(folder)) {
      assertEquals(258, log(store).checkpoint().checkpoint().size());
      assertEquals(4, keys.asked(), "the stored one is still the newest");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "update log_entry set leaf = replace(leaf, '\"state\":\"0', '\"state\":\"1') where position"
            + " = 2",
        "update log_entry set leaf = replace(leaf, 'entry 2', 'entry 9') where position = 2",
        "update log_entry set leaf = replace(leaf, 'entry 5', 'entry 9') where position = 5",
        "update log_entry set tenant = 'u' where position = 1",
        "update log_entry set kind = 'started' where position = 1",
        "update log_entry set at = at + 1 where position = 1",
        "update log_entry set commit_number = commit_number + 1 where position = 5",
        "update log_entry set position = 77 where position = 5",
        "delete from log_entry where position = 0",
        "delete from log_entry where position = 3",
        "delete from log_entry where position = 5",
        "delete from log_entry where position >= 1",
        "delete from log_entry",
        "update log_entry set leaf = (select leaf from log_entry where position = 1)"
            + " where position = 2",
        "insert into log_entry select 6, tenant, kind, at, commit_number, leaf from log_entry"
            + " where position = 5",
        "delete from meta where name = 'log.head'",
        "update meta set value = x'00' where name = 'log.head'",
        "update log_checkpoint set note = replace(note, '4', '5')",
        "update log_checkpoint set note = x''"
      })
  void whateverIsAlteredTheLogIsBroken(String sql) throws Exception {
    fill();
    sql(sql);
    try (var store = Store.open(folder)) {
      assertInstanceOf(AuditLog.Opened.Broken.class, open(store, keys.key()));
    }
  }

  @Test
  void aTailThatIsCutWithItsHeadIsShownByTheCheckpoint() throws Exception {
    String head;
    try (var store = Store.open(folder)) {
      var log = log(store);
      log.append(new Entry.Stopped("entry 0"));
      head = query("select hex(value) from meta where name = 'log.head'");
      log.append(new Entry.Stopped("entry 1"));
      log.freshCheckpoint();
    }
    sql("delete from log_entry where position = 1");
    sql("update meta set value = x'" + head + "' where name = 'log.head'");
    try (var store = Store.open(folder)) {
      var broken = assertInstanceOf(AuditLog.Opened.Broken.class, open(store, keys.key()));
      assertTrue(broken.why().contains("entries are missing"), broken.why());
    }
  }

  @Test
  void aHistoryThatIsRewrittenWithItsHeadIsShownByTheCheckpoint() throws Exception {
    fill();
    sql("update log_entry set leaf = replace(leaf, 'entry 2', 'entry 9') where position = 2");
    String head;
    try (var store = Store.open(folder)) {
      var tree = new AtomicReference<>(MerkleHead.EMPTY);
      store.read(from -> {
        new LogRows("t").each(from, 0, row -> tree.updateAndGet(grown -> grown.append(row.leaf())));
        return 0;
      });
      head =
          HexFormat.of().formatHex(AuditLog.head(new AuditLog.Head(tree.get(), StateDigest.FIRST)));
    }
    sql("update meta set value = x'" + head + "' where name = 'log.head'");
    try (var store = Store.open(folder)) {
      var broken = assertInstanceOf(AuditLog.Opened.Broken.class, open(store, keys.key()));
      assertTrue(broken.why().contains("do not hash to the checkpoint"), broken.why());
    }
  }

  @Test
  void aLogOfAnotherKeyIsNotOurs() throws Exception {
    fill();
    try (var store = Store.open(folder)) {
      assertInstanceOf(AuditLog.Opened.Broken.class, open(store, new LogKeys().key()));
    }
  }

  @Test
  void anUntouchedLogGoesOnWhereItWas() throws Exception {
    fill();
    try (var store = Store.open(folder)) {
      var log = log(store);
      assertEquals(6, log.size());
      assertEquals(6, log.append(new Entry.Stopped("next")).index());
      assertNotEquals(0, keys.asked());
    }
  }

  @Test
  void itsFilesAreACopyThatVerifiesAndGrowsWithIt() throws Exception {
    try (var store = Store.open(folder)) {
      var log = log(store);
      grow(log, store, 300);
      assertInstanceOf(LogVerification.Whole.class, verified(log, folder.resolve("first")));
      grow(log, store, 300);
      assertInstanceOf(LogVerification.Whole.class, verified(log, folder.resolve("second")));
      Files.write(folder.resolve("log/tile/0/000"), new byte[8192]);
      assertEquals(
          new LogVerification.Refused("entry 0", "does not hash to what tile/0/000 says"),
          verified(log, folder.resolve("third")));
    }
    try (var store = Store.open(folder)) {
      var log = log(store);
      assertInstanceOf(
          LogVerification.Whole.class,
          verified(log, folder.resolve("fourth")),
          "tiles are made anew from the rows");
      assertEquals(Optional.empty(), log.file("tile/0/002.p/89"), "that far it has not come");
      assertEquals(Optional.empty(), log.file("checkpoint"));
      assertEquals(Optional.empty(), log.file("tile/0/../000"));
    }
  }

  private static void grow(AuditLog log, Store store, int entries) {
    store.commit(tx -> {
      for (int i = 1; i < entries; i++) {
        log.append(tx, new Entry.Banned("5e", i % 7, "aa", "EQUIVOCATION"));
      }
      return log.append(tx, new Entry.Stopped("b"));
    });
  }

  /** What came of checking a copy, made of every file that the log serves at its newest head. */
  private static LogVerification.Result verified(AuditLog log, Path copy) throws IOException {
    var head = log.freshCheckpoint().checkpoint();
    for (var tile : Tile.of(head.size())) {
      write(copy.resolve(tile.path()), log.file(tile.path()).orElseThrow());
      if (tile.level() == 0) {
        write(copy.resolve(tile.entriesPath()), log.file(tile.entriesPath()).orElseThrow());
      }
    }
    return LogVerification.run(new TileFolder(copy, head.size()), head);
  }

  private static void write(Path file, byte[] bytes) throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }

  @Test
  void anEntryThatNoBundleHoldsIsNotAppended() throws Exception {
    try (var store = Store.open(folder)) {
      var log = log(store);
      assertThrows(
          IllegalArgumentException.class,
          () -> log.append(new Entry.Stopped("b".repeat(EntryBundle.LONGEST))));
      assertEquals(0, log.size());
      assertEquals(0, log.append(new Entry.Stopped("b")).index());
    }
  }

  /** Six entries, the first four under a checkpoint. */
  private void fill() throws Exception {
    try (var store = Store.open(folder)) {
      var log = log(store);
      for (int i = 0; i < 6; i++) {
        log.append(new Entry.Stopped("entry " + i));
        if (i == 3) {
          log.freshCheckpoint();
        }
      }
    }
  }

  private AuditLog log(Store store) {
    return assertInstanceOf(AuditLog.Opened.Verified.class, open(store, keys.key())).log();
  }

  private AuditLog.Opened open(Store store, LogKey key) {
    return AuditLog.open(store, folder.resolve("log"), "t", key, keys, clock);
  }

  private static Entry.Decided decided(Entry.Effect effect) {
    return new Entry.Decided(
        DECISION,
        "r-1",
        "00",
        "sign",
        "ann",
        KEY,
        effect,
        "allow-payments",
        "ff",
        Optional.empty());
  }

  private void sql(String text) throws SQLException {
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("state.db"));
        var statement = connection.createStatement()) {
      statement.execute(text);
    }
  }

  private String query(String text) throws SQLException {
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("state.db"));
        var statement = connection.createStatement();
        var rows = statement.executeQuery(text)) {
      return rows.getString(1);
    }
  }
}
