package io.sharekeep.enclave.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What people have signed about requests: the last word of each person on each request. */
public final class Approvals {
  private final String tenant;

  public Approvals(String tenant) {
    this.tenant = tenant;
  }

  /**
   * @param choice {@code approve}, {@code reject} or {@code withdraw}
   * @param statement as it was signed, with its signature
   */
  public record ApprovalRow(
      String requestId, String person, String choice, byte[] statement, Instant at) {}

  /** Takes the place of what that person said before. */
  public void put(Transaction tx, ApprovalRow row) {
    tx.update(
        "insert into approval (tenant, request_id, person, choice, statement, at)"
            + " values (?, ?, ?, ?, ?, ?) on conflict do update set choice = excluded.choice,"
            + " statement = excluded.statement, at = excluded.at",
        tenant,
        row.requestId(),
        row.person(),
        row.choice(),
        row.statement(),
        row.at().toEpochMilli());
  }

  public Optional<ApprovalRow> find(Reading from, String requestId, String person) {
    return of(from, requestId).stream().filter(row -> row.person().equals(person)).findFirst();
  }

  /** By person. */
  public List<ApprovalRow> of(Reading from, String requestId) {
    return from.all(
        "select request_id, person, choice, statement, at from approval"
            + " where tenant = ? and request_id = ? order by person",
        row ->
            new ApprovalRow(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getBytes(4),
                Instant.ofEpochMilli(row.getLong(5))),
        tenant,
        requestId);
  }
}
