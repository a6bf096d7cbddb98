package io.sharekeep.enclave.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The rows of the audit log and its signed checkpoints. Only ever added to. */
public final class LogRows {
  private final String tenant;

  public LogRows(String tenant) {
    this.tenant = tenant;
  }

  /**
   * @param position 0, 1, … without gaps
   * @param commitNumber of the commit that the entry is part of
   */
  public record LogRow(
      long position, String tenant, String kind, Instant at, long commitNumber, byte[] leaf) {}

  /**
   * @param size how many entries it covers
   */
  public record CheckpointRow(long size, Instant at, byte[] note) {}

  public void append(Transaction tx, LogRow row) {
    tx.update(
        "insert into log_entry (position, tenant, kind, at, commit_number, leaf)"
            + " values (?, ?, ?, ?, ?, ?)",
        row.position(),
        row.tenant(),
        row.kind(),
        row.at().toEpochMilli(),
        row.commitNumber(),
        row.leaf());
  }

  /** Every row of every tenant from a position on, in order, one at a time. */
  public void each(Reading from, long position, Consumer<LogRow> visitor) {
    from.each(
        "select position, tenant, kind, at, commit_number, leaf from log_entry"
            + " where position >= ? order by position",
        row ->
            visitor.accept(
                new LogRow(
                    row.getLong(1),
                    row.getString(2),
                    row.getString(3),
                    Instant.ofEpochMilli(row.getLong(4)),
                    row.getLong(5),
                    row.getBytes(6))),
        position);
  }

  /** The leaves of as many rows from a position on, in order; fewer where the log ends. */
  public List<byte[]> leaves(Reading from, long position, int count) {
    return from.all(
        "select leaf from log_entry where position >= ? order by position limit ?",
        row -> row.getBytes(1),
        position,
        count);
  }

  /** Keeps a signed checkpoint; one of a size that is kept already changes nothing. */
  public void keep(Transaction tx, CheckpointRow row) {
    tx.update(
        "insert into log_checkpoint (size, tenant, at, note) values (?, ?, ?, ?)"
            + " on conflict do nothing",
        row.size(),
        tenant,
        row.at().toEpochMilli(),
        row.note());
  }

  public Optional<CheckpointRow> newestCheckpoint(Reading from) {
    return from.first(
        "select size, at, note from log_checkpoint order by size desc limit 1",
        row ->
            new CheckpointRow(
                row.getLong(1), Instant.ofEpochMilli(row.getLong(2)), row.getBytes(3)));
  }
}
