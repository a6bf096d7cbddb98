package io.sharekeep.enclave.store;

import java.util.Optional;

/** Single values of this state folder, by name: canary, trust anchors, own descriptor. */
public final class Meta {
  private Meta() {}

  /** Sets or replaces. */
  public static void put(Transaction tx, String name, byte[] value) {
    tx.update(
        "insert into meta (name, value) values (?, ?)"
            + " on conflict do update set value = excluded.value",
        name,
        value);
  }

  public static Optional<byte[]> find(Reading from, String name) {
    return from.first("select value from meta where name = ?", row -> row.getBytes(1), name);
  }
}
