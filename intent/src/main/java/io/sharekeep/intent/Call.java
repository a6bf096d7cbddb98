package io.sharekeep.intent;

import java.math.BigInteger;

/**
 * A contract that runs, beyond what the decoder explains as transfers and grants.
 *
 * @param selector the bytes by which the target tells its operations apart; may be empty
 * @param arguments what follows the selector, undecoded
 * @param value native coin that goes along, in base units; it is among the transfers too
 */
public record Call(Destination target, Bytes selector, Bytes arguments, BigInteger value) {
  public Call {
    if (value.signum() < 0) {
      throw new IllegalArgumentException("negative value");
    }
  }
}
