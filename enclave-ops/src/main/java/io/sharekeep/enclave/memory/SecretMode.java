package io.sharekeep.enclave.memory;

/** How the memory of secrets is protected. */
public enum SecretMode {
  /** {@code memfd_secret(2)}: out of reach of ptrace, {@code /proc/pid/mem} and core dumps. */
  MEMFD_SECRET("memfd_secret"),
  /** Anonymous memory, locked, left out of dumps, wiped on fork. Root can still read it. */
  MLOCK("mlock");

  private final String label;

  SecretMode(String label) {
    this.label = label;
  }

  /** As in health, metrics and reports. */
  public String label() {
    return label;
  }
}
