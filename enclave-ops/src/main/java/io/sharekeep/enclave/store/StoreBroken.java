package io.sharekeep.enclave.store;

/** The store failed while running: the appliance stops signing and goes down. */
public final class StoreBroken extends IllegalStateException {
  private static final long serialVersionUID = 1;

  StoreBroken(String message, Throwable cause) {
    super(message, cause);
  }
}
