package io.sharekeep.enclave.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Committee and policy documents with their signatures: whole chains, nothing is replaced. */
public final class SignedDocuments {
  private static final String COLUMNS = "hash, kind, id, version, bytes, accepted";

  private final String tenant;

  public SignedDocuments(String tenant) {
    this.tenant = tenant;
  }

  /** What the documents are about. */
  public enum Kind {
    COMMITTEE,
    POLICY,
    LIST
  }

  /**
   * @param hash of the document without its signatures, 32 bytes
   * @param bytes the document with its signatures, as accepted
   */
  public record DocumentRow(
      byte[] hash, Kind kind, String id, long version, byte[] bytes, Instant accepted) {}

  /** False if the hash or this version of this document is held already: nothing changed. */
  public boolean accept(Transaction tx, DocumentRow row) {
    return tx.update(
            "insert into document (tenant, "
                + COLUMNS
                + ") values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing",
            tenant,
            row.hash(),
            row.kind().name(),
            row.id(),
            row.version(),
            row.bytes(),
            row.accepted().toEpochMilli())
        == 1;
  }

  public Optional<DocumentRow> find(Reading from, byte[] hash) {
    return from.first(
        "select " + COLUMNS + " from document where tenant = ? and hash = ?",
        SignedDocuments::row,
        tenant,
        hash);
  }

  /** Every document of a kind, by id and version, the newest last. */
  public List<DocumentRow> all(Reading from, Kind kind) {
    return from.all(
        "select " + COLUMNS + " from document where tenant = ? and kind = ? order by id, version",
        SignedDocuments::row,
        tenant,
        kind.name());
  }

  private static DocumentRow row(ResultSet row) throws SQLException {
    return new DocumentRow(
        row.getBytes(1),
        Kind.valueOf(row.getString(2)),
        row.getString(3),
        row.getLong(4),
        row.getBytes(5),
        Instant.ofEpochMilli(row.getLong(6)));
  }
}
