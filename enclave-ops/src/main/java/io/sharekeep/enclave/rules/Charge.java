package io.sharekeep.enclave.rules;

import java.math.BigInteger;
import java.util.Set;

/**
 * What a transaction takes out of one window of a limit.
 *
 * @param bucket which window: the values of what the limit is {@code per}, joined
 * @param amount in base units, or a number
 * @param destinations canonical; for limits on destinations alone
 * @param before what the window held
 * @param most what it may hold
 */
public record Charge(
    Limit limit,
    String bucket,
    BigInteger amount,
    Set<String> destinations,
    BigInteger before,
    BigInteger most) {
  public Charge {
    destinations = Set.copyOf(destinations);
  }

  /** Whether it fits in. */
  public boolean fits() {
    return before.add(amount).compareTo(most) <= 0;
  }

  /** For people: {@code usdc-day 310000 + 12000 of 500000}. */
  public String text() {
    return limit.id() + " " + before + " + " + amount + " of " + most;
  }
}
