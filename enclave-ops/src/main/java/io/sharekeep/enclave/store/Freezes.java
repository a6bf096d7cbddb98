package io.sharekeep.enclave.store;

import io.sharekeep.enclave.KeyId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What administrators have stopped, and when that was lifted. None ever goes. */
public final class Freezes {
  /** The scope that stops everything. */
  public static final String APPLIANCE = "appliance";

  private final String tenant;

  public Freezes(String tenant) {
    this.tenant = tenant;
  }

  /**
   * @param id hex SHA-256 of the signed statement: the same one freezes once
   * @param scope {@link #APPLIANCE} or a key id
   */
  public record FreezeRow(
      String id, String scope, String by, byte[] statement, Instant at, boolean lifted) {}

  /** False if that statement has frozen before: nothing changed. */
  public boolean add(Transaction tx, FreezeRow row) {
    return tx.update(
            "insert into freeze (tenant, id, scope, by_whom, statement, at) values (?, ?, ?, ?, ?,"
                + " ?) on conflict do nothing",
            tenant,
            row.id(),
            row.scope(),
            row.by(),
            row.statement(),
            row.at().toEpochMilli())
        == 1;
  }

  /** False if it does not stand. */
  public boolean lift(Transaction tx, String id, Instant at) {
    return tx.update(
            "update freeze set lifted = ? where tenant = ? and id = ? and lifted is null",
            at.toEpochMilli(),
            tenant,
            id)
        == 1;
  }

  public Optional<FreezeRow> find(Reading from, String id) {
    return from.first(
        "select id, scope, by_whom, statement, at, lifted from freeze where tenant = ? and id = ?",
        Freezes::row,
        tenant,
        id);
  }

  /** Those that stand, oldest first. */
  public List<FreezeRow> standing(Reading from) {
    return from.all(
        "select id, scope, by_whom, statement, at, lifted from freeze where tenant = ?"
            + " and lifted is null order by at, id",
        Freezes::row,
        tenant);
  }

  /** Whether that key must not sign now. */
  public boolean holds(Reading from, KeyId key) {
    return from.first(
            "select 1 from freeze where tenant = ? and lifted is null and scope in (?, ?) limit 1",
            _ -> true,
            tenant,
            APPLIANCE,
            key.hex())
        .isPresent();
  }

  private static FreezeRow row(ResultSet row) throws SQLException {
    row.getLong(6);
    boolean standing = row.wasNull();
    return new FreezeRow(
        row.getString(1),
        row.getString(2),
        row.getString(3),
        row.getBytes(4),
        Instant.ofEpochMilli(row.getLong(5)),
        !standing);
  }
}
