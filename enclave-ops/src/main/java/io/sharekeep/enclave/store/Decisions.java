package io.sharekeep.enclave.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Records of decisions: what was decided, of what, and why. None ever goes. */
public final class Decisions {
  private final String tenant;

  public Decisions(String tenant) {
    this.tenant = tenant;
  }

  /**
   * Adds the next record of that decision: a request that waited is decided again.
   *
   * @param decision hex
   */
  public void add(Transaction tx, String decision, String requestId, Instant at, byte[] record) {
    tx.update(
        "insert into decision (tenant, decision, turn, request_id, at, record) values (?, ?,"
            + " (select count(*) from decision where tenant = ? and decision = ?), ?, ?, ?)",
        tenant,
        decision,
        tenant,
        decision,
        requestId,
        at.toEpochMilli(),
        record);
  }

  /** The first record of a decision: the one that took from limits. */
  public Optional<byte[]> first(Reading from, String decision) {
    return from.first(
        "select record from decision where tenant = ? and decision = ? and turn = 0",
        row -> row.getBytes(1),
        tenant,
        decision);
  }

  /** All of a request, in the order in which they were made. */
  public List<byte[]> of(Reading from, String requestId) {
    return from.all(
        "select record from decision where tenant = ? and request_id = ? order by turn",
        row -> row.getBytes(1),
        tenant,
        requestId);
  }

  /** Every record since that time, oldest first. */
  public void each(Reading from, Instant since, Consumer<byte[]> visitor) {
    from.each(
        "select record from decision where tenant = ? and at >= ? order by at, decision, turn",
        row -> visitor.accept(row.getBytes(1)),
        tenant,
        since.toEpochMilli());
  }
}
