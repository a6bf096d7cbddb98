package io.sharekeep.enclave.store;

import io.sharekeep.enclave.KeyId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What this party shares with each other party of an ECDSA key, sealed, and whether it may be used.
 * A row goes with its key record; only new secrets make a burnt one whole.
 */
public final class PairRows {
  private static final String STATUS = "key_id, epoch, peer, generation, state, deaths";

  private final String tenant;

  public PairRows(String tenant) {
    this.tenant = tenant;
  }

  /** Whether a pair's secrets may be used (protocols, section 4.5). */
  public enum State {
    ACTIVE("active"),
    /** A check on them failed: its verdict may have told the peer something of them. */
    BURNT("burnt"),
    /** The process died too often while it worked with them. */
    REKEY_NEEDED("rekey-needed");

    private final String label;

    State(String label) {
      this.label = label;
    }

    /** As in the store, in log entries and in refusals. */
    public String label() {
      return label;
    }

    private static State of(String label) {
      return Arrays.stream(values())
          .filter(state -> state.label.equals(label))
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("a pair has no state " + label));
    }
  }

  /**
   * A pair without its secrets.
   *
   * @param peer the other party
   * @param generation 0 from key generation, one more with each rekey
   * @param deaths how often the process died in OT code of this generation
   */
  public record PairStatus(
      KeyId keyId, long epoch, int peer, long generation, State state, int deaths) {
    /** The same while both make it anew: a burnt one stays burnt. */
    public PairStatus rekeying() {
      return state == State.ACTIVE
          ? new PairStatus(keyId, epoch, peer, generation, State.REKEY_NEEDED, deaths)
          : this;
    }

    /** The same, no longer to be used. */
    public PairStatus burnt() {
      return new PairStatus(keyId, epoch, peer, generation, State.BURNT, deaths);
    }
  }

  /**
   * @param session 32 bytes: the session in which the secrets were agreed
   */
  public record PairRow(PairStatus status, byte[] session, byte[] sealed) {
    public PairRow {
      session = session.clone();
      sealed = sealed.clone();
    }
  }

  /** False if there is such a row already: nothing changed. */
  public boolean add(Transaction tx, PairRow row) {
    var status = row.status();
    return tx.update(
            "insert into pair (tenant, "
                + STATUS
                + ", session, sealed) values (?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing",
            tenant,
            status.keyId().hex(),
            status.epoch(),
            status.peer(),
            status.generation(),
            status.state().label(),
            status.deaths(),
            row.session(),
            row.sealed())
        == 1;
  }

  /** Marks a pair as burnt, whatever it was. False if there is none. */
  public boolean burn(Transaction tx, KeyId keyId, long epoch, int peer) {
    return tx.update(
            "update pair set state = 'burnt' where tenant = ? and key_id = ? and epoch = ?"
                + " and peer = ?",
            tenant,
            keyId.hex(),
            epoch,
            peer)
        == 1;
  }

  /**
   * From here the pair is not used, until {@link #rekeyed} says that this very session has made it
   * anew. False if there is none.
   *
   * @param session hash of the context of the session that makes it anew; what an older one of them
   *     comes to does not count any more
   */
  public boolean rekeying(Transaction tx, KeyId keyId, long epoch, int peer, byte[] session) {
    return tx.update(
            "update pair set rekeying = ?, state = case when state = 'active' then 'rekey-needed'"
                + " else state end where tenant = ? and key_id = ? and epoch = ? and peer = ?",
            session,
            tenant,
            keyId.hex(),
            epoch,
            peer)
        == 1;
  }

  /**
   * Puts new secrets in the place of the old ones, which are gone.
   *
   * @param session as for {@link #rekeying}
   * @return false where another session has begun since: nothing changed
   */
  public boolean rekeyed(Transaction tx, PairRow row, byte[] session) {
    var status = row.status();
    return tx.update(
            "update pair set generation = ?, state = ?, deaths = ?, session = ?, sealed = ?,"
                + " rekeying = null where tenant = ? and key_id = ? and epoch = ? and peer = ?"
                + " and rekeying = ? and generation < ?",
            status.generation(),
            status.state().label(),
            status.deaths(),
            row.session(),
            row.sealed(),
            tenant,
            status.keyId().hex(),
            status.epoch(),
            status.peer(),
            session,
            status.generation())
        == 1;
  }

  /**
   * Counts a death of the process in OT code.
   *
   * @param limit so many and the pair needs a rekey
   */
  public void died(Transaction tx, KeyId keyId, long epoch, int peer, int limit) {
    tx.update(
        "update pair set deaths = deaths + 1,"
            + " state = case when state = 'active' and deaths + 1 >= ? then 'rekey-needed'"
            + " else state end where tenant = ? and key_id = ? and epoch = ? and peer = ?",
        limit,
        tenant,
        keyId.hex(),
        epoch,
        peer);
  }

  public Optional<PairRow> find(Reading from, KeyId keyId, long epoch, int peer) {
    return from.first(
        "select "
            + STATUS
            + ", session, sealed from pair where tenant = ? and key_id = ? and epoch = ?"
            + " and peer = ?",
        row -> new PairRow(status(row), row.getBytes(7), row.getBytes(8)),
        tenant,
        keyId.hex(),
        epoch,
        peer);
  }

  /** Every pair, without its secrets. */
  public List<PairStatus> all(Reading from) {
    return from.all(
        "select " + STATUS + " from pair where tenant = ? order by key_id, epoch, peer",
        PairRows::status,
        tenant);
  }

  private static PairStatus status(ResultSet row) throws SQLException {
    return new PairStatus(
        new KeyId(row.getString(1)),
        row.getLong(2),
        row.getInt(3),
        row.getLong(4),
        State.of(row.getString(5)),
        row.getInt(6));
  }
}
