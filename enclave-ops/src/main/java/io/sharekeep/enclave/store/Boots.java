package io.sharekeep.enclave.store;

import java.time.Instant;

/** Each run of the process, by its random id. */
public final class Boots {
  private final String tenant;

  public Boots(String tenant) {
    this.tenant = tenant;
  }

  /**
   * @param boot 16 random bytes
   */
  public void started(Transaction tx, byte[] boot, Instant at) {
    tx.update(
        "insert into boot (id, tenant, started) values (?, ?, ?)", boot, tenant, at.toEpochMilli());
  }

  public void stopped(Transaction tx, byte[] boot, Instant at) {
    tx.update(
        "update boot set stopped = ? where tenant = ? and id = ?", at.toEpochMilli(), tenant, boot);
  }

  public long count(Reading from) {
    return from.first("select count(*) from boot where tenant = ?", row -> row.getLong(1), tenant)
        .orElse(0L);
  }
}
