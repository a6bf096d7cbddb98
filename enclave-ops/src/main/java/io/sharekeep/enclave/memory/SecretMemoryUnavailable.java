package io.sharekeep.enclave.memory;

/** The host does not give the locked memory that is configured. The message says what to change. */
public final class SecretMemoryUnavailable extends Exception {
  private static final long serialVersionUID = 1;

  SecretMemoryUnavailable(String message) {
    super(message);
  }
}
