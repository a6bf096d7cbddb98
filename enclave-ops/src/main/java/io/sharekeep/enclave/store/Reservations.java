package io.sharekeep.enclave.store;

import java.math.BigInteger;
import java.time.Instant;
import java.util.function.Consumer;

/**
 * What decisions have taken out of limits: {@code reserved}, then {@code committed} or {@code
 * released}, and never otherwise. No row ever goes.
 */
public final class Reservations {
  private final String tenant;

  public Reservations(String tenant) {
    this.tenant = tenant;
  }

  /** How far one has come that counts. */
  public enum State {
    RESERVED,
    COMMITTED
  }

  /**
   * @param decision hex
   * @param bucket which window of the limit
   * @param destination canonical; empty where the limit does not count destinations
   * @param shape what the limit counted when this was reserved, by hash
   * @param amount in base units, or a number
   */
  public record Reservation(
      String decision,
      String limit,
      String bucket,
      String destination,
      String shape,
      BigInteger amount,
      State state,
      Instant at) {}

  /**
   * Adds a row.
   *
   * @throws IllegalStateException if that decision has charged that window already
   */
  public void reserve(Transaction tx, Reservation row) {
    tx.update(
        "insert into reservation (decision, limit_id, bucket, destination, tenant, shape, amount,"
            + " state, at) values (?, ?, ?, ?, ?, ?, ?, 'reserved', ?)",
        row.decision(),
        row.limit(),
        row.bucket(),
        row.destination(),
        tenant,
        row.shape(),
        row.amount().toString(),
        row.at().toEpochMilli());
  }

  /** Whether anything was reserved for that decision, in whatever state it is now. */
  public boolean isKnown(Reading from, String decision) {
    return from.first(
            "select 1 from reservation where tenant = ? and decision = ? limit 1",
            _ -> true,
            tenant,
            decision)
        .isPresent();
  }

  /**
   * All rows of a decision that are reserved count from that time on, for good.
   *
   * @return how many there were
   */
  public int commit(Transaction tx, String decision, Instant at) {
    return tx.update(
        "update reservation set state = 'committed', at = ?"
            + " where tenant = ? and decision = ? and state = 'reserved'",
        at.toEpochMilli(),
        tenant,
        decision);
  }

  /**
   * All rows of a decision that are reserved count no more.
   *
   * @return how many there were
   */
  public int release(Transaction tx, String decision) {
    return tx.update(
        "update reservation set state = 'released'"
            + " where tenant = ? and decision = ? and state = 'reserved'",
        tenant,
        decision);
  }

  /** Every row that counts: not released, and since that time or still reserved; oldest first. */
  public void each(Reading from, Instant since, Consumer<Reservation> visitor) {
    from.each(
        "select decision, limit_id, bucket, destination, shape, amount, state, at from reservation"
            + " where tenant = ? and state <> 'released' and (at > ? or state = 'reserved')"
            + " order by at",
        row ->
            visitor.accept(
                new Reservation(
                    row.getString(1),
                    row.getString(2),
                    row.getString(3),
                    row.getString(4),
                    row.getString(5),
                    new BigInteger(row.getString(6)),
                    row.getString(7).equals("reserved") ? State.RESERVED : State.COMMITTED,
                    Instant.ofEpochMilli(row.getLong(8)))),
        tenant,
        since.toEpochMilli());
  }

  /** When the latest one was reserved or committed. */
  public Instant latest(Reading from) {
    return from.first(
            "select at from reservation where tenant = ? order by at desc limit 1",
            row -> Instant.ofEpochMilli(row.getLong(1)),
            tenant)
        .orElse(Instant.EPOCH);
  }
}
