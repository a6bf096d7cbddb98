package io.sharekeep.enclave.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.enclave.ChildJvm;
import io.sharekeep.enclave.KeyId;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class SqliteStoreTest extends StoreConformance {
  @Override
  Store open(Path folder) throws StoreUnusable {
    return Store.open(folder);
  }

  private StoreUnusable refused() {
    return assertThrows(StoreUnusable.class, () -> Store.open(folder));
  }

  @Test
  void aSecondApplianceOnTheFolderIsToldWhoHasIt() throws Exception {
    try (var store = open(folder)) {
      var why = refused();
      assertEquals(StoreUnusable.Why.IN_USE, why.why());
      assertTrue(
          why.toString().contains("process " + ProcessHandle.current().pid()), why.toString());
      var other = new ChildJvm().run(Opener.class, folder.toString());
      assertEquals(7, other.exitCode(), other.output());
      assertTrue(other.output().contains("another appliance uses"), other.output());
      assertEquals(0, store.commits());
    }
    open(folder).close();
  }

  /** Exit 7 when the store is refused. */
  static final class Opener {
    public static void main(String[] arguments) {
      try {
        Store.open(Path.of(arguments[0])).close();
      } catch (StoreUnusable e) {
        System.out.println(e.getMessage());
        System.exit(7);
      }
    }
  }

  @Test
  void aFolderThatIsOpenToOthersOrNoFolderIsRefused() throws Exception {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-x---"));
    var why = refused();
    assertEquals(StoreUnusable.Why.NOT_ACCESSIBLE, why.why());
    assertTrue(why.toString().contains("chmod 700"));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    var file = Files.createFile(folder.resolve("file"));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    assertEquals(
        StoreUnusable.Why.NOT_ACCESSIBLE,
        assertThrows(StoreUnusable.class, () -> Store.open(file)).why());
  }

  @Test
  void aFolderIsMadeForItsOwnerOnly() throws Exception {
    var fresh = folder.resolve("a/b");
    open(fresh).close();
    assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(fresh)));
  }

  @Test
  void aMigrationThatReadsDifferentlyTodayIsRefused() throws Exception {
    open(folder).close();
    sql("update migration set sha256 = '00' where number = 1");
    assertEquals(StoreUnusable.Why.CHANGED_MIGRATION, refused().why());
  }

  @Test
  void aRecordAndTheKekOfTheFirstSchemaAreTakenOver() throws Exception {
    Files.createDirectories(folder);
    try (var connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("before.db"));
        var script = SqliteStore.class.getResourceAsStream("0001-first-signature.sql")) {
      Migrations.apply(
          connection, List.of(new String(Objects.requireNonNull(script).readAllBytes(), UTF_8)));
      try (var statement = connection.createStatement()) {
        // The kek's id stands in the header of what it sealed, from its ninth byte on.
        statement.execute(
            "insert into meta values ('core-key/kek', x'000102030405060708090a0b0c0d0e0f'),"
                + " ('core-canary', x'ca')");
        statement.execute(
            "insert into key_record (key_id, epoch, tenant, version, stage, session, metadata,"
                + " sealed, created) values ('00112233445566778899aabbccddeeff', 1, 't', 1,"
                + " 'USABLE', x'5e', x'3e',"
                + " x'534b533101010000000102030405060708090a0b0c0d0e0fffff', 7)");
      }
      Migrations.apply(connection);
      var from = new Reading(connection);
      var kek = Keks.all(from).getFirst();
      assertEquals("000102030405060708090a0b0c0d0e0f", kek.id());
      assertEquals("core 1 CURRENT", kek.token() + " " + kek.generation() + " " + kek.state());
      assertEquals((byte) 0xca, kek.canary()[0]);
      var record = new KeyRecords("t").all(from).getFirst();
      assertEquals("USABLE", record.stage());
      assertEquals(kek.id(), record.seals().getFirst().kek());
      assertEquals(1, record.seals().getFirst().version());
      assertEquals(26, record.seals().getFirst().sealed().length);
      assertEquals(Optional.empty(), Meta.find(from, "core-canary"));
    }
  }

  @Test
  void aStateOfANewerReleaseIsRefused() throws Exception {
    open(folder).close();
    sql("insert into migration (number, sha256) values (99, '00')");
    assertEquals(StoreUnusable.Why.NEWER_SCHEMA, refused().why());
  }

  @Test
  void aFailedMigrationLeavesNothing() throws Exception {
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("m.db"))) {
      assertThrows(
          SQLException.class,
          () ->
              Migrations.apply(
                  connection, List.of("create table a (x integer);\ncreate tabel b;\n")));
      try (var statement = connection.createStatement();
          var rows = statement.executeQuery("select count(*) from sqlite_schema")) {
        assertEquals(0, rows.getInt(1));
      }
    }
  }

  @Test
  void aDamagedDatabaseIsRefused() throws Exception {
    try (var store = open(folder)) {
      for (int i = 0; i < 50; i++) {
        String name = "name " + i;
        store.commit(tx -> {
          Meta.put(tx, name, new byte[2000]);
          return 0;
        });
      }
    }
    byte[] database = Files.readAllBytes(folder.resolve("state.db"));
    new SplittableRandom(1).nextBytes(database);
    byte[] whole = Files.readAllBytes(folder.resolve("state.db"));
    System.arraycopy(database, 8192, whole, 8192, whole.length - 8192);
    Files.write(folder.resolve("state.db"), whole);
    assertEquals(StoreUnusable.Why.CORRUPT, refused().why());
  }

  @Test
  void aFailingDiskBreaksTheStoreForGood() throws Exception {
    var store = open(folder);
    store.commit(tx -> new Serials("t").next(tx, "n"));
    sql("drop table consumed");
    assertThrows(
        StoreBroken.class,
        () -> store.commit(tx -> new Consumptions("t").consume(tx, consumption("n", "s", 0))));
    assertThrows(StoreBroken.class, () -> store.commit(tx -> new Serials("t").next(tx, "n")));
    assertThrows(StoreBroken.class, () -> store.read(from -> new Serials("t").current(from, "n")));
    store.close();
  }

  @Test
  void aPresignatureIsBoundToOneRequestForEver() throws Exception {
    var bindings = new Bindings("t");
    try (var store = open(folder)) {
      assertEquals(true, store.commit(tx -> bindings.bind(tx, binding("one"))));
      assertEquals(false, store.commit(tx -> bindings.bind(tx, binding("two"))));
    }
    try (var store = open(folder)) {
      assertEquals(false, store.commit(tx -> bindings.bind(tx, binding("one"))));
      assertEquals(1L, store.read(bindings::count));
    }
  }

  private static Bindings.Binding binding(String request) {
    return new Bindings.Binding(
        "presignature".getBytes(UTF_8),
        new KeyId("00".repeat(16)),
        1,
        request.getBytes(UTF_8),
        "session".getBytes(UTF_8),
        Instant.EPOCH);
  }

  @Test
  void workThatSwallowsAFailureOfTheDiskIsNotCommitted() throws Exception {
    var store = open(folder);
    sql("drop table consumed");
    assertThrows(
        StoreBroken.class,
        () ->
            store.commit(tx -> {
              try {
                return new Consumptions("t").consume(tx, consumption("n", "s", 0));
              } catch (StoreBroken e) {
                return true;
              }
            }));
    store.close();
  }

  @Test
  void aFullDiskBreaksTheStoreAndLosesNothingThatWasAnswered() throws Exception {
    open(folder).close();
    var connection = database();
    try (var statement = connection.createStatement()) {
      statement.execute("pragma max_page_count = 60");
    }
    var writer = Writer.start(connection);
    int answered = 0;
    try {
      while (answered < 1000) {
        String name = "n" + answered;
        writer.commit(tx -> {
          Meta.put(tx, name, new byte[3000]);
          return 0;
        });
        answered++;
      }
    } catch (StoreBroken e) {
      assertTrue(e.toString().contains("full"), e.toString());
    }
    writer.close();
    assertTrue(answered > 5 && answered < 100, "answered " + answered);
    try (var store = open(folder)) {
      for (int i = 0; i <= answered; i++) {
        String name = "n" + i;
        assertEquals(i < answered, store.read(from -> Meta.find(from, name)).isPresent());
      }
    }
  }

  /**
   * A process that consumes ids and prints each one that it may use is killed again and again; what
   * it printed is what would have left the appliance. The next one is there already and waits to be
   * told to open the folder, since starting a JVM is most of what this takes.
   */
  @Test
  void aKilledProcessNeverUsesAnIdTwice() throws Exception {
    var used = new HashSet<String>();
    var random = new SplittableRandom(20);
    var children = new ArrayDeque<Process>();
    try {
      children.add(new ChildJvm().start(Consumer.class, folder.toString()));
      for (int kill = 0; kill < 20; kill++) {
        children.add(new ChildJvm().start(Consumer.class, folder.toString()));
        var process = children.element();
        process.getOutputStream().close();
        useAndKill(process, 5 + random.nextInt(40), used);
        children.remove();
      }
    } finally {
      for (var process : children) {
        process.destroyForcibly().waitFor();
      }
    }
    try (var store = open(folder)) {
      long consumed = store.read(new Consumptions("t")::count);
      assertTrue(consumed >= used.size(), consumed + " consumed, " + used.size() + " used");
      assertFalse(used.isEmpty());
    }
  }

  private static void useAndKill(Process process, int stopAfter, Set<String> used)
      throws Exception {
    try (var lines = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      for (int seen = 0; seen < stopAfter; seen++) {
        String line = lines.readLine();
        assertTrue(line != null && line.startsWith("use "), "the child said " + line);
        assertTrue(used.add(line), "used twice: " + line);
      }
      // Not through the Process, which would close what the child has said.
      process.toHandle().destroyForcibly();
      process.waitFor();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.endsWith(".")) {
          assertTrue(used.add(line), "used twice: " + line);
        }
      }
    }
  }

  /** At the end of its input, tries every id from 0 on; uses those that it may. */
  static final class Consumer {
    public static void main(String[] arguments) throws IOException, StoreUnusable {
      if (System.in.read() >= 0) {
        throw new IllegalArgumentException("it takes no input");
      }
      var store = Store.open(Path.of(arguments[0]));
      var rows = new Consumptions("t");
      long known = store.read(rows::count);
      for (long i = Math.max(0, known - 100); ; i++) {
        var row = consumption("id " + i, "session " + i, 0);
        if (store.commit(tx -> rows.consume(tx, row))) {
          System.out.println("use " + i + ".");
        }
      }
    }
  }

  private Connection database() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("state.db"));
  }

  private void sql(String text) throws SQLException {
    try (var connection = database();
        var statement = connection.createStatement()) {
      statement.execute(text);
    }
  }
}
