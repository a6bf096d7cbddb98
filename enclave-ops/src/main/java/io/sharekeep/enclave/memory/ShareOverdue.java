package io.sharekeep.enclave.memory;

/**
 * A share lay open for longer than any round may take, and was wiped under the hands of whoever had
 * it.
 */
public final class ShareOverdue extends IllegalStateException {
  private static final long serialVersionUID = 1;

  ShareOverdue() {
    super("a share lay open for too long and was wiped; nothing that came of it may be used");
  }
}
