package io.sharekeep.enclave.policy;

import java.io.Serial;

/** The host's clock stands well before a decision that is on disk: windows cannot be told. */
public final class ClockBehind extends IllegalStateException {
  @Serial private static final long serialVersionUID = 1;

  ClockBehind(String message) {
    super(message);
  }
}
