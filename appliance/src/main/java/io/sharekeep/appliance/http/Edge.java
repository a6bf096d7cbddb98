package io.sharekeep.appliance.http;

import io.sharekeep.pkcs11.terms.TokenState;
import io.sharekeep.pkcs11.terms.TokenStatistics;
import java.time.Instant;

/** What health and metrics need to know of the edge token. Neither asks the token anything. */
public interface Edge {
  /** What it is able to do now. */
  TokenState state();

  /** When the TLS certificate that handshakes show ends. */
  Instant certificateEnd();

  /** How it was used since the start. */
  TokenStatistics statistics();
}
