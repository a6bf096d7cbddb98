package io.sharekeep.enclave.memory;

/** Memory that was wiped did not read back as zeros: the appliance must stop. */
public final class WipeFailed extends IllegalStateException {
  private static final long serialVersionUID = 1;

  WipeFailed() {
    super("wiped memory does not read back as zeros");
  }
}
