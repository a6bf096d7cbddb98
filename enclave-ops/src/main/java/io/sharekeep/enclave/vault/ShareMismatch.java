package io.sharekeep.enclave.vault;

/**
 * An opened share is not the one that its record is about: a broken invariant, the appliance must
 * stop.
 */
public final class ShareMismatch extends IllegalStateException {
  private static final long serialVersionUID = 1;

  ShareMismatch(String message) {
    super(message);
  }
}
