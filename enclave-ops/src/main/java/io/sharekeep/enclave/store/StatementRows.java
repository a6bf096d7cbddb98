package io.sharekeep.enclave.store;

import io.sharekeep.enclave.KeyId;
import java.time.Instant;
import java.util.List;

/** Signed statements about key generations: certificates, active statements, withdrawals. */
public final class StatementRows {
  private final String tenant;

  public StatementRows(String tenant) {
    this.tenant = tenant;
  }

  /**
   * @param session id of the key generation, 32 bytes
   * @param party whose statement it is
   */
  public record StatementRow(
      byte[] session, String kind, int party, KeyId keyId, byte[] statement, Instant at) {}

  /** False if this party's statement of this kind is held already: nothing changed. */
  public boolean add(Transaction tx, StatementRow row) {
    return tx.update(
            "insert into key_statement (tenant, session, kind, party, key_id, statement, at)"
                + " values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing",
            tenant,
            row.session(),
            row.kind(),
            row.party(),
            row.keyId().hex(),
            row.statement(),
            row.at().toEpochMilli())
        == 1;
  }

  /** How many sessions about a key have a statement of that kind by that party. */
  public int count(Reading from, KeyId key, String kind, int party) {
    return from.all(
            "select session from key_statement where tenant = ? and key_id = ? and kind = ?"
                + " and party = ?",
            row -> row.getBytes(1),
            tenant,
            key.hex(),
            kind,
            party)
        .size();
  }

  /** By kind and party. */
  public List<StatementRow> of(Reading from, byte[] session) {
    return from.all(
        "select session, kind, party, key_id, statement, at from key_statement"
            + " where tenant = ? and session = ? order by kind, party",
        row ->
            new StatementRow(
                row.getBytes(1),
                row.getString(2),
                row.getInt(3),
                new KeyId(row.getString(4)),
                row.getBytes(5),
                Instant.ofEpochMilli(row.getLong(6))),
        tenant,
        session);
  }
}
