package io.sharekeep.enclave.store;

import java.time.Instant;
import java.util.List;

/** Peers that were caught. A ban is on disk before the reply, and nothing here lifts one. */
public final class Bans {
  private final String tenant;

  public Bans(String tenant) {
    this.tenant = tenant;
  }

  /**
   * @param peer hex SHA-256 of its identity key
   * @param evidence what proves the fault
   */
  public record BanRow(
      String peer, int party, String fault, byte[] session, byte[] evidence, Instant at) {}

  /** False if this session has banned this peer already: nothing changed. */
  public boolean add(Transaction tx, BanRow row) {
    return tx.update(
            "insert into ban (tenant, peer, party, fault, session, evidence, at)"
                + " values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing",
            tenant,
            row.peer(),
            row.party(),
            row.fault(),
            row.session(),
            row.evidence(),
            row.at().toEpochMilli())
        == 1;
  }

  public List<BanRow> all(Reading from) {
    return from.all(
        "select peer, party, fault, session, evidence, at from ban where tenant = ? order by at",
        row ->
            new BanRow(
                row.getString(1),
                row.getInt(2),
                row.getString(3),
                row.getBytes(4),
                row.getBytes(5),
                Instant.ofEpochMilli(row.getLong(6))),
        tenant);
  }
}
