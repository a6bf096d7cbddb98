package io.sharekeep.appliance.peer;

import java.time.Duration;

/**
 * How long a relay waits.
 *
 * @param connect for a connection with its handshake
 * @param probe for whether a peer is there
 * @param round for one round at one party
 */
public record PeerTimeouts(Duration connect, Duration probe, Duration round) {
  public static final PeerTimeouts DEFAULT =
      new PeerTimeouts(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(15));
}
