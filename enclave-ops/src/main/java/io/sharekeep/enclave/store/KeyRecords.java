package io.sharekeep.enclave.store;

import io.sharekeep.enclave.KeyId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Key records and their seals, as the vault writes them. */
public final class KeyRecords {
  private static final String COLUMNS = "key_id, epoch, stage, session, metadata, created";

  private final String tenant;

  public KeyRecords(String tenant) {
    this.tenant = tenant;
  }

  /**
   * One sealing of a record's shares. A record has as many as it has keks that are to open it.
   *
   * @param kek id of the kek, hex
   * @param version counts how often this epoch's shares were sealed anew
   */
  public record SealRow(String kek, int version, byte[] sealed) {
    public SealRow {
      sealed = sealed.clone();
    }
  }

  /**
   * @param session id of the session that made it, 32 bytes
   * @param metadata what the vault may read without the HSM
   * @param seals by kek
   */
  public record KeyRecordRow(
      KeyId keyId,
      long epoch,
      String stage,
      byte[] session,
      byte[] metadata,
      List<SealRow> seals,
      Instant created) {
    public KeyRecordRow {
      seals = List.copyOf(seals);
    }
  }

  /** False if this key has a record of this epoch or of this session: nothing changed. */
  public boolean add(Transaction tx, KeyRecordRow row) {
    boolean added =
        tx.update(
                "insert into key_record (tenant, "
                    + COLUMNS
                    + ") values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing",
                tenant,
                row.keyId().hex(),
                row.epoch(),
                row.stage(),
                row.session(),
                row.metadata(),
                row.created().toEpochMilli())
            == 1;
    return added && row.seals().stream().allMatch(seal -> seal(tx, row.keyId(), row.epoch(), seal));
  }

  /** Adds a seal. False if there is no such record or it has one under this kek already. */
  public boolean seal(Transaction tx, KeyId keyId, long epoch, SealRow seal) {
    return tx.update(
            "insert into key_seal (key_id, epoch, kek, tenant, version, sealed)"
                + " select key_id, epoch, ?, tenant, ?, ? from key_record"
                + " where tenant = ? and key_id = ? and epoch = ? on conflict do nothing",
            seal.kek(),
            seal.version(),
            seal.sealed(),
            tenant,
            keyId.hex(),
            epoch)
        == 1;
  }

  /** Removes a seal unless it is the record's last. False if it is, or is not there. */
  public boolean unseal(Transaction tx, KeyId keyId, long epoch, String kek) {
    return tx.update(
            "delete from key_seal where tenant = ? and key_id = ? and epoch = ? and kek = ?"
                + " and (select count(*) from key_seal where key_id = ? and epoch = ?) > 1",
            tenant,
            keyId.hex(),
            epoch,
            kek,
            keyId.hex(),
            epoch)
        == 1;
  }

  /** How many records each kek has sealed and still opens; of all tenants. */
  public static Map<String, Long> sealed(Reading from) {
    var counts = new TreeMap<String, Long>();
    from.all(
            "select kek, count(*) from key_seal group by kek",
            row -> Map.entry(row.getString(1), row.getLong(2)))
        .forEach(entry -> counts.put(entry.getKey(), entry.getValue()));
    return counts;
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
            epoch)
        .map(row -> withSeals(from, row));
  }

  public Optional<KeyRecordRow> ofSession(Reading from, byte[] session) {
    return from.first(
            "select " + COLUMNS + " from key_record where tenant = ? and session = ?",
            KeyRecords::row,
            tenant,
            session)
        .map(row -> withSeals(from, row));
  }

  /** All epochs of a key, the newest first. */
  public List<KeyRecordRow> epochs(Reading from, KeyId keyId) {
    return from
        .all(
            "select "
                + COLUMNS
                + " from key_record where tenant = ? and key_id = ? order by epoch desc",
            KeyRecords::row,
            tenant,
            keyId.hex())
        .stream()
        .map(row -> withSeals(from, row))
        .toList();
  }

  /** Every record, by key and epoch. */
  public List<KeyRecordRow> all(Reading from) {
    var seals =
        from
            .all(
                "select kek, version, sealed, key_id, epoch from key_seal where tenant = ?"
                    + " order by kek",
                row -> Map.entry(row.getString(4) + " " + row.getLong(5), seal(row)),
                tenant)
            .stream()
            .collect(
                Collectors.groupingBy(
                    Map.Entry::getKey,
                    Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
    return from
        .all(
            "select " + COLUMNS + " from key_record where tenant = ? order by key_id, epoch",
            KeyRecords::row,
            tenant)
        .stream()
        .map(row -> with(row, seals.getOrDefault(row.keyId().hex() + " " + row.epoch(), List.of())))
        .toList();
  }

  private KeyRecordRow withSeals(Reading from, KeyRecordRow row) {
    return with(
        row,
        from.all(
            "select kek, version, sealed from key_seal where tenant = ? and key_id = ?"
                + " and epoch = ? order by kek",
            KeyRecords::seal,
            tenant,
            row.keyId().hex(),
            row.epoch()));
  }

  private static KeyRecordRow with(KeyRecordRow row, List<SealRow> seals) {
    return new KeyRecordRow(
        row.keyId(), row.epoch(), row.stage(), row.session(), row.metadata(), seals, row.created());
  }

  private static SealRow seal(ResultSet row) throws SQLException {
    return new SealRow(row.getString(1), row.getInt(2), row.getBytes(3));
  }

  private static KeyRecordRow row(ResultSet row) throws SQLException {
    return new KeyRecordRow(
        new KeyId(row.getString(1)),
        row.getLong(2),
        row.getString(3),
        row.getBytes(4),
        row.getBytes(5),
        List.of(),
        Instant.ofEpochMilli(row.getLong(6)));
  }
}
