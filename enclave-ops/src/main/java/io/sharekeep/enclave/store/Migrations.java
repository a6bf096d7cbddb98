package io.sharekeep.enclave.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;

/** Numbered scripts, each applied once and never changed after. */
final class Migrations {
  private static final List<String> SCRIPTS =
      List.of(
          "0001-first-signature.sql",
          "0002-keks.sql",
          "0003-reservations.sql",
          "0004-decisions.sql",
          "0005-freezes-and-changes.sql",
          "0006-pairs.sql",
          "0007-signer-sets.sql",
          "0008-pair-rekeying.sql",
          "0009-cancelled-policies.sql",
          "0010-blame.sql",
          "0011-presignatures.sql");

  private Migrations() {}

  /** Brings a database to the schema of this release, in one transaction. */
  static void apply(Connection connection) throws SQLException, StoreUnusable {
    apply(connection, SCRIPTS.stream().map(Migrations::read).toList());
  }

  static void apply(Connection connection, List<String> scripts)
      throws SQLException, StoreUnusable {
    connection.setAutoCommit(false);
    try (var statement = connection.createStatement()) {
      statement.execute(
          "create table if not exists migration"
              + " (number integer primary key, sha256 text not null)");
      var applied = new TreeMap<Integer, String>();
      try (var rows = statement.executeQuery("select number, sha256 from migration")) {
        while (rows.next()) {
          applied.put(rows.getInt(1), rows.getString(2));
        }
      }
      if (!applied.isEmpty() && applied.lastKey() > scripts.size()) {
        throw new StoreUnusable(
            StoreUnusable.Why.NEWER_SCHEMA,
            "the state was written by a newer release (schema "
                + applied.lastKey()
                + ", this one knows "
                + scripts.size()
                + "): install that release");
      }
      for (int number = 1; number <= scripts.size(); number++) {
        String script = scripts.get(number - 1);
        String before = applied.get(number);
        if (before == null) {
          run(connection, script);
          try (var insert =
              connection.prepareStatement("insert into migration (number, sha256) values (?, ?)")) {
            insert.setInt(1, number);
            insert.setString(2, sha256(script));
            insert.executeUpdate();
          }
        } else if (!before.equals(sha256(script))) {
          throw new StoreUnusable(
              StoreUnusable.Why.CHANGED_MIGRATION,
              "migration "
                  + number
                  + " was applied with checksum "
                  + before
                  + " but this release carries "
                  + sha256(script)
                  + ": the package or the database was altered; install the package again");
        }
      }
      connection.commit();
    } catch (SQLException | StoreUnusable e) {
      connection.rollback();
      throw e;
    } finally {
      connection.setAutoCommit(true);
    }
  }

  private static void run(Connection connection, String script) throws SQLException {
    try (var statement = connection.createStatement()) {
      for (var part : script.split(";\n", -1)) {
        if (!part.isBlank()) {
          statement.execute(part);
        }
      }
    }
  }

  private static String read(String name) {
    try (var in = Migrations.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the package lacks the migration " + name);
      }
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("cannot read the migration " + name, e);
    }
  }

  private static String sha256(String script) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(script.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
