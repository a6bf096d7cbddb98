package io.sharekeep.enclave.store;

import io.sharekeep.enclave.KeyId;
import java.time.Instant;

/**
 * Which request a presignature serves. A row is on disk before anything of the presignature leaves,
 * and no row ever changes or goes: another request finds it taken, whatever became of the first.
 */
public final class Bindings {
  private final String tenant;

  public Bindings(String tenant) {
    this.tenant = tenant;
  }

  /**
   * @param presignature 32 bytes: the session that made it
   * @param request 32 bytes: hash of message, path and signers
   * @param session 32 bytes: the session that uses it
   */
  public record Binding(
      byte[] presignature, KeyId keyId, long epoch, byte[] request, byte[] session, Instant at) {}

  /** True: go on. False: it serves a request already. */
  public boolean bind(Transaction tx, Binding row) {
    return tx.update(
            "insert into presignature_bound (presignature, tenant, key_id, epoch, request, session,"
                + " at) values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing",
            row.presignature(),
            tenant,
            row.keyId().hex(),
            row.epoch(),
            row.request(),
            row.session(),
            row.at().toEpochMilli())
        == 1;
  }

  public long count(Reading from) {
    return from.first(
            "select count(*) from presignature_bound where tenant = ?",
            row -> row.getLong(1),
            tenant)
        .orElse(0L);
  }
}
