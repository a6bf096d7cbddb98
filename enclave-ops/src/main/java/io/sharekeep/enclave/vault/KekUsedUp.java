package io.sharekeep.enclave.vault;

import java.io.Serial;

/** The {@code kek} has sealed as often as it may. What it sealed still opens. */
public final class KekUsedUp extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  KekUsedUp(String message) {
    super(message);
  }
}
