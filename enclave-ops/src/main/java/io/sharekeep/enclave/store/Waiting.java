package io.sharekeep.enclave.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Requests that wait for people. What they have reserved stays reserved until they go. */
public final class Waiting {
  private static final String COLUMNS =
      "request_id, signed_request, payload, rule, missing, assents, policy, until, at";

  private final String tenant;

  public Waiting(String tenant) {
    this.tenant = tenant;
  }

  /**
   * @param signedRequest as JSON
   * @param missing whose approval, in words
   * @param assents hash of what people had said when it was decided last
   * @param policy hex hash of the policy that makes it wait
   * @param until it goes unless it is approved before
   */
  public record WaitingRow(
      String requestId,
      byte[] signedRequest,
      byte[] payload,
      String rule,
      String missing,
      byte[] assents,
      String policy,
      Instant until,
      Instant at) {}

  /** Begins to wait, or goes on with other approvals: the end stays what it was. */
  public void put(Transaction tx, WaitingRow row) {
    tx.update(
        "insert into waiting (tenant, "
            + COLUMNS
            + ") values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do update set"
            + " missing = excluded.missing, assents = excluded.assents",
        tenant,
        row.requestId(),
        row.signedRequest(),
        row.payload(),
        row.rule(),
        row.missing(),
        row.assents(),
        row.policy(),
        row.until().toEpochMilli(),
        row.at().toEpochMilli());
  }

  /** It waits no more. False if it did not. */
  public boolean remove(Transaction tx, String requestId) {
    return tx.update("delete from waiting where tenant = ? and request_id = ?", tenant, requestId)
        == 1;
  }

  public Optional<WaitingRow> find(Reading from, String requestId) {
    return from.first(
        "select " + COLUMNS + " from waiting where tenant = ? and request_id = ?",
        Waiting::row,
        tenant,
        requestId);
  }

  /** By when they came. */
  public List<WaitingRow> all(Reading from) {
    return from.all(
        "select " + COLUMNS + " from waiting where tenant = ? order by at, request_id",
        Waiting::row,
        tenant);
  }

  /** Those whose time is over. */
  public List<WaitingRow> expired(Reading from, Instant now) {
    return from.all(
        "select " + COLUMNS + " from waiting where tenant = ? and until <= ? order by until",
        Waiting::row,
        tenant,
        now.toEpochMilli());
  }

  private static WaitingRow row(ResultSet row) throws SQLException {
    return new WaitingRow(
        row.getString(1),
        row.getBytes(2),
        row.getBytes(3),
        row.getString(4),
        row.getString(5),
        row.getBytes(6),
        row.getString(7),
        Instant.ofEpochMilli(row.getLong(8)),
        Instant.ofEpochMilli(row.getLong(9)));
  }
}
