package io.sharekeep.threshold.ecdsa;

import io.sharekeep.threshold.wire.Channels;
import io.sharekeep.threshold.wire.Octets;

/** What a party carries from round 2 to the end of its multiplications. */
record Session(Nonces nonces, Octets blind, Channels channels) implements AutoCloseable {
  @Override
  public void close() {
    try (nonces) {
      channels.close();
    }
  }

  @Override
  public String toString() {
    return "Session[redacted]";
  }
}
