package io.sharekeep.enclave.store;

import java.time.Instant;
import java.util.Optional;

/**
 * The next version of the policy while its time lock runs: one at most; and those that were
 * cancelled meanwhile, none of which ever comes back.
 */
public final class PendingPolicies {
  private final String tenant;

  public PendingPolicies(String tenant) {
    this.tenant = tenant;
  }

  /**
   * @param bytes the document with its signatures
   * @param activeFrom when it comes into force
   */
  public record PendingRow(byte[] bytes, Instant activeFrom, Instant at) {}

  /** False if another one waits: nothing changed. */
  public boolean put(Transaction tx, PendingRow row) {
    return tx.update(
            "insert into pending_policy (tenant, bytes, active_from, at) values (?, ?, ?, ?)"
                + " on conflict do nothing",
            tenant,
            row.bytes(),
            row.activeFrom().toEpochMilli(),
            row.at().toEpochMilli())
        == 1;
  }

  public boolean remove(Transaction tx) {
    return tx.update("delete from pending_policy where tenant = ?", tenant) == 1;
  }

  /**
   * @param hash hex: of the document
   * @param statement by which that person cancelled it
   */
  public record CancelledRow(String hash, String by, byte[] statement, Instant at) {}

  /** False if it is cancelled already: nothing changed. */
  public boolean cancel(Transaction tx, CancelledRow row) {
    return tx.update(
            "insert into cancelled_policy (tenant, hash, by_whom, statement, at)"
                + " values (?, ?, ?, ?, ?) on conflict do nothing",
            tenant,
            row.hash(),
            row.by(),
            row.statement(),
            row.at().toEpochMilli())
        == 1;
  }

  public boolean isCancelled(Reading from, String hash) {
    return from.first(
            "select 1 from cancelled_policy where tenant = ? and hash = ?", _ -> true, tenant, hash)
        .isPresent();
  }

  public Optional<PendingRow> find(Reading from) {
    return from.first(
        "select bytes, active_from, at from pending_policy where tenant = ?",
        row ->
            new PendingRow(
                row.getBytes(1),
                Instant.ofEpochMilli(row.getLong(2)),
                Instant.ofEpochMilli(row.getLong(3))),
        tenant);
  }
}
