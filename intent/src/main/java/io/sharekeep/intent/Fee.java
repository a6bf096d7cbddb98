package io.sharekeep.intent;

import java.math.BigInteger;
import java.util.Optional;

/**
 * What the chain takes.
 *
 * @param most the most that can be paid in base units, never an estimate
 * @param rate Bitcoin: satoshis for each virtual byte of the signed transaction, rounded up
 */
public record Fee(AssetId asset, BigInteger most, Optional<BigInteger> rate) {
  public Fee {
    if (most.signum() < 0) {
      throw new IllegalArgumentException("negative fee");
    }
  }

  /** For chains whose fee has no rate that a rule could bound. */
  public Fee(AssetId asset, BigInteger most) {
    this(asset, most, Optional.empty());
  }
}
