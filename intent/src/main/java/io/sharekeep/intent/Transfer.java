package io.sharekeep.intent;

import java.math.BigInteger;

/**
 * Value that leaves us.
 *
 * @param amount in base units (satoshi, lamport), never negative
 */
public record Transfer(AssetId asset, Destination destination, BigInteger amount) {
  public Transfer {
    if (amount.signum() < 0) {
      throw new IllegalArgumentException("negative amount");
    }
  }
}
