package io.sharekeep.enclave.store;

import java.util.Optional;

/** What this party reports about others after a session that failed; one for a request. */
public final class Blames {
  private final String tenant;

  public Blames(String tenant) {
    this.tenant = tenant;
  }

  /** False if there is one: nothing changed. */
  public boolean add(Transaction tx, String requestId, byte[] report) {
    return tx.update(
            "insert into blame (tenant, request_id, report) values (?, ?, ?)"
                + " on conflict do nothing",
            tenant,
            requestId,
            report)
        == 1;
  }

  public Optional<byte[]> find(Reading from, String requestId) {
    return from.first(
        "select report from blame where tenant = ? and request_id = ?",
        row -> row.getBytes(1),
        tenant,
        requestId);
  }
}
