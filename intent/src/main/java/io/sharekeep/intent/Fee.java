package io.sharekeep.intent;

import java.math.BigInteger;

/**
 * What the chain takes.
 *
 * @param most the most that can be paid in base units, never an estimate
 */
public record Fee(AssetId asset, BigInteger most) {
  public Fee {
    if (most.signum() < 0) {
      throw new IllegalArgumentException("negative fee");
    }
  }
}
