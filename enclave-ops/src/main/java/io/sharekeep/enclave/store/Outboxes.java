package io.sharekeep.enclave.store;

import java.util.Optional;

/** What was answered in a round, kept so that the same question gets the same bytes. */
public final class Outboxes {
  private final String tenant;

  public Outboxes(String tenant) {
    this.tenant = tenant;
  }

  /**
   * @param inboxDigest of the bytes that were answered
   */
  public record Answered(byte[] inboxDigest, byte[] reply) {}

  /** False if the round was answered before: nothing changed. */
  public boolean put(Transaction tx, byte[] session, int round, Answered answered) {
    return tx.update(
            "insert into outbox (tenant, session, round, inbox_digest, reply)"
                + " values (?, ?, ?, ?, ?) on conflict do nothing",
            tenant,
            session,
            round,
            answered.inboxDigest(),
            answered.reply())
        == 1;
  }

  public Optional<Answered> find(Reading from, byte[] session, int round) {
    return from.first(
        "select inbox_digest, reply from outbox where tenant = ? and session = ? and round = ?",
        row -> new Answered(row.getBytes(1), row.getBytes(2)),
        tenant,
        session,
        round);
  }
}
