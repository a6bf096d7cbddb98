package io.sharekeep.enclave.store;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.sqlite.SQLiteConfig;

/**
 * SQLite in WAL mode with {@code synchronous=FULL}: one {@link Writer}, and a few connections that
 * can only read.
 */
final class SqliteStore implements Store {
  private static final int READERS = 4;

  private final StateFolder folder;
  private final Writer writer;
  private final Semaphore free = new Semaphore(READERS, true);
  private final Queue<Reading> readers = new ConcurrentLinkedQueue<>();
  private final byte[] incarnation;
  private final LongAdder commits = new LongAdder();
  private final LongAdder nanoseconds = new LongAdder();
  private boolean closed;

  private SqliteStore(
      StateFolder folder, Writer writer, List<Connection> readers, byte[] incarnation) {
    this.folder = folder;
    this.writer = writer;
    this.incarnation = incarnation;
    readers.forEach(connection -> this.readers.add(new Reading(connection)));
  }

  static SqliteStore open(Path path) throws StoreUnusable {
    var folder = StateFolder.lock(path);
    var connections = new ArrayList<Connection>();
    try {
      var writing = connect(folder.database(), false);
      connections.add(writing);
      check(writing);
      Migrations.apply(writing);
      byte[] incarnation = incarnation(writing);
      var readers = new ArrayList<Connection>();
      for (int i = 0; i < READERS; i++) {
        var reading = connect(folder.database(), true);
        connections.add(reading);
        readers.add(reading);
      }
      return new SqliteStore(folder, Writer.start(writing), readers, incarnation);
    } catch (SQLException e) {
      abandon(folder, connections);
      throw new StoreUnusable(
          StoreUnusable.Why.CORRUPT,
          "the database in "
              + path
              + " does not open ("
              + e.getMessage()
              + "): restore the state from a backup");
    } catch (StoreUnusable | RuntimeException | Error e) {
      abandon(folder, connections);
      throw e;
    }
  }

  /** What led here is about to be told, and nothing was written: a failing close adds nothing. */
  private static void abandon(StateFolder folder, List<Connection> connections) {
    for (var connection : connections) {
      try {
        connection.close();
      } catch (SQLException ignored) {
        // see above
      }
    }
    folder.close();
  }

  private static Connection connect(Path database, boolean reading) throws SQLException {
    var config = new SQLiteConfig();
    config.setPragma(SQLiteConfig.Pragma.JOURNAL_MODE, "WAL");
    config.setPragma(SQLiteConfig.Pragma.SYNCHRONOUS, "FULL");
    config.setPragma(SQLiteConfig.Pragma.FOREIGN_KEYS, "ON");
    config.setPragma(SQLiteConfig.Pragma.BUSY_TIMEOUT, "5000");
    var connection = config.createConnection("jdbc:sqlite:" + database);
    try (var statement = connection.createStatement()) {
      statement.execute("pragma trusted_schema = OFF");
      if (reading) {
        statement.execute("pragma query_only = ON");
      }
    }
    return connection;
  }

  private static void check(Connection connection) throws SQLException, StoreUnusable {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery("pragma quick_check")) {
      if (!rows.next() || !rows.getString(1).equals("ok")) {
        throw new StoreUnusable(
            StoreUnusable.Why.CORRUPT,
            "the database fails its own check: restore the state from a backup");
      }
    }
  }

  private static byte[] incarnation(Connection connection) throws SQLException {
    var fresh = new byte[16];
    new SecureRandom().nextBytes(fresh);
    try (var insert =
            connection.prepareStatement(
                "insert into meta (name, value) values ('incarnation', ?) on conflict do nothing");
        var select = connection.prepareStatement("select value from meta where name = ?")) {
      insert.setBytes(1, fresh);
      insert.executeUpdate();
      select.setString(1, "incarnation");
      try (var rows = select.executeQuery()) {
        return rows.getBytes(1);
      }
    }
  }

  @Override
  public <R> R commit(Function<Transaction, R> work) {
    long start = System.nanoTime();
    try {
      return writer.commit(work);
    } finally {
      commits.increment();
      nanoseconds.add(System.nanoTime() - start);
    }
  }

  @Override
  public <R> R read(Function<Reading, R> query) {
    writer.checkWhole();
    free.acquireUninterruptibly();
    try {
      var reading = readers.poll();
      if (reading == null) {
        throw new IllegalStateException("the store is closed");
      }
      try {
        return reading.snapshot(query);
      } finally {
        readers.add(reading);
      }
    } finally {
      free.release();
    }
  }

  @Override
  public byte[] incarnation() {
    return incarnation.clone();
  }

  @Override
  public long commits() {
    return writer.commits();
  }

  @Override
  public CommitTimes times() {
    return new CommitTimes(commits.sum(), nanoseconds.sum());
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    writer.close();
    free.acquireUninterruptibly(READERS);
    try {
      for (var reading = readers.poll(); reading != null; reading = readers.poll()) {
        reading.connection().close();
      }
    } catch (SQLException e) {
      throw Reading.broken(e);
    } finally {
      free.release(READERS);
      folder.close();
    }
  }
}
