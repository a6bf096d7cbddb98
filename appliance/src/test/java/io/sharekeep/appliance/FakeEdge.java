package io.sharekeep.appliance;

import io.sharekeep.appliance.http.Edge;
import io.sharekeep.pkcs11.terms.TokenState;
import io.sharekeep.pkcs11.terms.TokenStatistics;
import io.sharekeep.pkcs11.terms.TokenStatistics.Latency;
import io.sharekeep.pkcs11.terms.TokenStatistics.Operation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** An edge token of which only what is seen from outside is there. */
public final class FakeEdge implements Edge {
  public volatile TokenState state = new TokenState.Ready();

  /** Ready. */
  public FakeEdge() {}

  @Override
  public TokenState state() {
    return state;
  }

  @Override
  public Instant certificateEnd() {
    return Instant.parse("2030-01-01T00:00:00Z");
  }

  /** Three signatures: one below 0.1 ms, one below 10 ms, one above 10 s that failed. */
  @Override
  public TokenStatistics statistics() {
    return new TokenStatistics(
        1,
        4,
        2,
        Map.of(
            Operation.SIGN,
            new Latency(
                3,
                1,
                Duration.ofSeconds(12),
                Duration.ofSeconds(11),
                List.of(1L, 0L, 0L, 0L, 1L, 0L, 0L, 0L, 0L, 0L, 0L, 1L))),
        5,
        4,
        1,
        Duration.ofMillis(2500),
        Map.of());
  }
}
