package io.sharekeep.enclave.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/** What was asked for and how it ended: one row per request id, for ever. */
public final class Requests {
  private static final String COLUMNS =
      "request_id, digest, kind, initiator, session, outcome, not_after, at";

  private final String tenant;

  public Requests(String tenant) {
    this.tenant = tenant;
  }

  /**
   * @param digest what the initiator signed
   * @param session the session that it opened; empty while it waits for people
   * @param outcome absent until it has ended at this party
   */
  public record RequestRow(
      String requestId,
      byte[] digest,
      String kind,
      String initiator,
      byte[] session,
      Optional<byte[]> outcome,
      Instant notAfter,
      Instant at) {}

  /** False if the request id is taken: nothing changed, and {@link #find} shows by what. */
  public boolean open(Transaction tx, RequestRow row) {
    return tx.update(
            "insert into request (tenant, "
                + COLUMNS
                + ") values (?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing",
            tenant,
            row.requestId(),
            row.digest(),
            row.kind(),
            row.initiator(),
            row.session(),
            row.outcome().orElse(null),
            row.notAfter().toEpochMilli(),
            row.at().toEpochMilli())
        == 1;
  }

  /** A request that waited opens its session. False if it does not wait or is another one. */
  public boolean resume(Transaction tx, String requestId, byte[] digest, byte[] session) {
    return tx.update(
            "update request set session = ? where tenant = ? and request_id = ? and digest = ?"
                + " and session = x'' and outcome is null",
            session,
            tenant,
            requestId,
            digest)
        == 1;
  }

  /** Stores the outcome, once. False if there is one or the request is unknown. */
  public boolean finish(Transaction tx, String requestId, byte[] outcome) {
    return tx.update(
            "update request set outcome = ? where tenant = ? and request_id = ?"
                + " and outcome is null",
            outcome,
            tenant,
            requestId)
        == 1;
  }

  public Optional<RequestRow> find(Reading from, String requestId) {
    return from.first(
        "select " + COLUMNS + " from request where tenant = ? and request_id = ?",
        Requests::row,
        tenant,
        requestId);
  }

  private static RequestRow row(ResultSet row) throws SQLException {
    return new RequestRow(
        row.getString(1),
        row.getBytes(2),
        row.getString(3),
        row.getString(4),
        row.getBytes(5),
        Optional.ofNullable(row.getBytes(6)),
        Instant.ofEpochMilli(row.getLong(7)),
        Instant.ofEpochMilli(row.getLong(8)));
  }
}
