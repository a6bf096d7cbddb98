package io.sharekeep.enclave.store;

import io.sharekeep.enclave.KeyId;
import java.time.Instant;

/**
 * Nonces and presignatures that are spent. A row is on disk before anything derived from its secret
 * leaves, and no row ever goes.
 */
public final class Consumptions {
  private final String tenant;

  public Consumptions(String tenant) {
    this.tenant = tenant;
  }

  /**
   * @param id 32 bytes: the hash that names the nonce commitment or presignature
   * @param lane which input of the transaction
   * @param binding hash of id, digest, path, signer set and session
   */
  public record Consumption(
      byte[] id,
      KeyId keyId,
      long epoch,
      byte[] boot,
      byte[] session,
      int lane,
      byte[] binding,
      Instant at) {}

  /** True: go on. False: it is spent, or its session's lane is; stop, abort, never retry. */
  public boolean consume(Transaction tx, Consumption row) {
    return tx.update(
            "insert into consumed (id, tenant, key_id, epoch, boot, session, lane, binding, at)"
                + " values (?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing",
            row.id(),
            tenant,
            row.keyId().hex(),
            row.epoch(),
            row.boot(),
            row.session(),
            row.lane(),
            row.binding(),
            row.at().toEpochMilli())
        == 1;
  }

  public boolean isConsumed(Reading from, byte[] id) {
    return from.first("select 1 from consumed where id = ?", row -> true, (Object) id).isPresent();
  }

  public long count(Reading from) {
    return from.first(
            "select count(*) from consumed where tenant = ?", row -> row.getLong(1), tenant)
        .orElse(0L);
  }
}
