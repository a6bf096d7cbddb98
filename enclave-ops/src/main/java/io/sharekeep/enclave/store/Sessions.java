package io.sharekeep.enclave.store;

import io.sharekeep.enclave.KeyId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Sessions, by compare-and-swap alone: opening one is an insert that finds neither its id nor its
 * request taken, every step an update that finds the state it expects and this process's boot.
 */
public final class Sessions {
  private static final String COLUMNS =
      "id, sid, request, kind, key_id, epoch, binding, state, open, boot, deadline";

  private final String tenant;

  public Sessions(String tenant) {
    this.tenant = tenant;
  }

  /**
   * @param id hash of the session's context, 32 bytes: what round 1 is addressed to
   * @param sid the session id that round 1 fixes, where the protocol has one
   * @param binding hash of all that the session may do
   * @param state the protocol's word
   * @param open false once it is finished, aborted or lost
   * @param boot the process that holds its secrets
   */
  public record SessionRow(
      byte[] id,
      Optional<byte[]> sid,
      String requestId,
      String kind,
      KeyId keyId,
      long epoch,
      byte[] binding,
      String state,
      boolean open,
      byte[] boot,
      Instant deadline) {}

  /** False if the session or its request is there already: nothing changed. */
  public boolean open(Transaction tx, SessionRow row) {
    return tx.update(
            "insert into session (tenant, "
                + COLUMNS
                + ") values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing",
            tenant,
            row.id(),
            row.sid().orElse(null),
            row.requestId(),
            row.kind(),
            row.keyId().hex(),
            row.epoch(),
            row.binding(),
            row.state(),
            row.open() ? 1 : 0,
            row.boot(),
            row.deadline().toEpochMilli())
        == 1;
  }

  /** Fixes the session id, once. False if it has one, is not open, or belongs to another boot. */
  public boolean bind(Transaction tx, byte[] id, byte[] boot, byte[] sid) {
    return tx.update(
            "update session set sid = ? where tenant = ? and id = ? and boot = ? and open = 1"
                + " and sid is null",
            sid,
            tenant,
            id,
            boot)
        == 1;
  }

  /** False if the session is not open in {@code from} in this boot: the caller stops. */
  public boolean advance(Transaction tx, byte[] id, byte[] boot, String from, String to) {
    return tx.update(
            "update session set state = ? where tenant = ? and id = ? and boot = ? and open = 1"
                + " and state = ?",
            to,
            tenant,
            id,
            boot,
            from)
        == 1;
  }

  /** Ends an open session of any boot. False if it was not open. */
  public boolean end(Transaction tx, byte[] id, String state) {
    return tx.update(
            "update session set state = ?, open = 0 where tenant = ? and id = ? and open = 1",
            state,
            tenant,
            id)
        == 1;
  }

  /** By context hash or by session id. */
  public Optional<SessionRow> find(Reading from, byte[] idOrSid) {
    return from.first(
        "select " + COLUMNS + " from session where tenant = ? and (id = ? or sid = ?)",
        Sessions::row,
        tenant,
        idOrSid,
        idOrSid);
  }

  /** Every session that was ever opened about a key by that kind of protocol, in no order. */
  public List<SessionRow> about(Reading from, KeyId key, String kind) {
    return from.all(
        "select " + COLUMNS + " from session where tenant = ? and key_id = ? and kind = ?",
        Sessions::row,
        tenant,
        key.hex(),
        kind);
  }

  /** Open sessions whose secrets died with an older process: the start-up sweep ends them. */
  public List<SessionRow> orphans(Reading from, byte[] boot) {
    return from.all(
        "select " + COLUMNS + " from session where tenant = ? and open = 1 and boot <> ?",
        Sessions::row,
        tenant,
        boot);
  }

  /** Open sessions of any boot in that state, in no order. */
  public List<SessionRow> openIn(Reading from, String state) {
    return from.all(
        "select " + COLUMNS + " from session where tenant = ? and open = 1 and state = ?",
        Sessions::row,
        tenant,
        state);
  }

  private static SessionRow row(ResultSet row) throws SQLException {
    return new SessionRow(
        row.getBytes(1),
        Optional.ofNullable(row.getBytes(2)),
        row.getString(3),
        row.getString(4),
        new KeyId(row.getString(5)),
        row.getLong(6),
        row.getBytes(7),
        row.getString(8),
        row.getInt(9) == 1,
        row.getBytes(10),
        Instant.ofEpochMilli(row.getLong(11)));
  }
}
