package io.sharekeep.enclave.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** The keks of this state folder, on whichever token and of whatever generation. */
public final class Keks {
  private Keks() {}

  /** What a kek is for now. */
  public enum State {
    /** Seals. */
    CURRENT,
    /** Opens what it has sealed, as long as that is not sealed anew. */
    RETIRED,
    /** Not needed any more; it is not, or not for long, on its token. */
    DESTROYED
  }

  /**
   * One kek.
   *
   * @param id its CKA_ID, hex
   * @param token {@code core} or {@code fallback}
   * @param generation from 1, counted for each token
   * @param canary a blob that only this kek opens
   */
  public record KekRow(
      String id, String token, int generation, State state, byte[] canary, Instant made) {}

  /** By token and generation. */
  public static List<KekRow> all(Reading from) {
    return from.all(
        "select id, token, generation, state, canary, made from kek order by token, generation",
        Keks::row);
  }

  public static void add(Transaction tx, KekRow row) {
    tx.update(
        "insert into kek (id, token, generation, state, canary, made) values (?, ?, ?, ?, ?, ?)",
        row.id(),
        row.token(),
        row.generation(),
        word(row.state()),
        row.canary(),
        row.made().toEpochMilli());
  }

  /** False if it is not in state {@code from}: nothing changed. */
  public static boolean move(Transaction tx, String id, State from, State to) {
    return tx.update(
            "update kek set state = ? where id = ? and state = ?", word(to), id, word(from))
        == 1;
  }

  private static String word(State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  private static KekRow row(ResultSet row) throws SQLException {
    return new KekRow(
        row.getString(1),
        row.getString(2),
        row.getInt(3),
        State.valueOf(row.getString(4).toUpperCase(Locale.ROOT)),
        row.getBytes(5),
        Instant.ofEpochMilli(row.getLong(6)));
  }
}
