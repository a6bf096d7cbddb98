package io.sharekeep.enclave.store;

import io.sharekeep.enclave.KeyId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Sealed key records, as the vault writes them. */
public final class KeyRecords {
  private static final String COLUMNS =
      "key_id, epoch, version, stage, session, metadata, sealed, created";

  private final String tenant;

  public KeyRecords(String tenant) {
    this.tenant = tenant;
  }

  /**
   * @param version counts how often this epoch's record was sealed anew
   * @param session id of the session that made it, 32 bytes
   * @param metadata what the vault may read without the HSM
   */
  public record KeyRecordRow(
      KeyId keyId,
      long epoch,
      int version,
      String stage,
      byte[] session,
      byte[] metadata,
      byte[] sealed,
      Instant created) {}

  /** False if this key has a record of this epoch or of this session: nothing changed. */
  public boolean add(Transaction tx, KeyRecordRow row) {
    return tx.update(
            "insert into key_record (tenant, "
                + COLUMNS
                + ") values (?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing",
            tenant,
            row.keyId().hex(),
            row.epoch(),
            row.version(),
            row.stage(),
            row.session(),
            row.metadata(),
            row.sealed(),
            row.created().toEpochMilli())
        == 1;
  }

  /** False if the record is not in stage {@code from}: nothing changed. */
  public boolean promote(Transaction tx, KeyId keyId, long epoch, String from, String to) {
    return tx.update(
            "update key_record set stage = ? where tenant = ? and key_id = ? and epoch = ?"
                + " and stage = ?",
            to,
            tenant,
            keyId.hex(),
            epoch,
            from)
        == 1;
  }

  /** Removes a record, which only a full set of withdrawals allows. False if it was not there. */
  public boolean discard(Transaction tx, KeyId keyId, long epoch, String stage) {
    return tx.update(
            "delete from key_record where tenant = ? and key_id = ? and epoch = ? and stage = ?",
            tenant,
            keyId.hex(),
            epoch,
            stage)
        == 1;
  }

  public Optional<KeyRecordRow> find(Reading from, KeyId keyId, long epoch) {
    return from.first(
        "select " + COLUMNS + " from key_record where tenant = ? and key_id = ? and epoch = ?",
        KeyRecords::row,
        tenant,
        keyId.hex(),
        epoch);
  }

  public Optional<KeyRecordRow> ofSession(Reading from, byte[] session) {
    return from.first(
        "select " + COLUMNS + " from key_record where tenant = ? and session = ?",
        KeyRecords::row,
        tenant,
        session);
  }

  /** All epochs of a key, the newest first. */
  public List<KeyRecordRow> epochs(Reading from, KeyId keyId) {
    return from.all(
        "select "
            + COLUMNS
            + " from key_record where tenant = ? and key_id = ? order by epoch desc",
        KeyRecords::row,
        tenant,
        keyId.hex());
  }

  /** Every record, by key and epoch. */
  public List<KeyRecordRow> all(Reading from) {
    return from.all(
        "select " + COLUMNS + " from key_record where tenant = ? order by key_id, epoch",
        KeyRecords::row,
        tenant);
  }

  private static KeyRecordRow row(ResultSet row) throws SQLException {
    return new KeyRecordRow(
        new KeyId(row.getString(1)),
        row.getLong(2),
        row.getInt(3),
        row.getString(4),
        row.getBytes(5),
        row.getBytes(6),
        row.getBytes(7),
        Instant.ofEpochMilli(row.getLong(8)));
  }
}
