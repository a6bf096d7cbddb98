package io.sharekeep.enclave.store;

/** Counters that never repeat, also not after a crash: durable before the number is used. */
public final class Serials {
  private final String tenant;

  public Serials(String tenant) {
    if (tenant.isEmpty()) {
      throw new IllegalArgumentException("a tenant has a name");
    }
    this.tenant = tenant;
  }

  /** 1, 2, … */
  public long next(Transaction tx, String name) {
    return add(tx, name, 1);
  }

  /** Adds and answers the new value. */
  public long add(Transaction tx, String name, long amount) {
    if (amount < 1) {
      throw new IllegalArgumentException("a serial only grows");
    }
    tx.update(
        "insert into serial (tenant, name, value) values (?, ?, ?)"
            + " on conflict do update set value = value + excluded.value",
        tenant,
        name,
        amount);
    return current(tx, name);
  }

  /** 0 before the first. */
  public long current(Reading from, String name) {
    return from.first(
            "select value from serial where tenant = ? and name = ?",
            row -> row.getLong(1),
            tenant,
            name)
        .orElse(0L);
  }
}
