package io.sharekeep.enclave.memory;

import java.util.Arrays;
import java.util.Optional;

/** What the configuration asks of {@code secretMemory}. */
public enum SecretMemory {
  /** Refuse to start on a kernel without {@code memfd_secret}. */
  REQUIRE_MEMFD_SECRET("require-memfd-secret"),
  /** The best that the kernel has; the mode is reported. */
  ALLOW_MLOCK("allow-mlock");

  private final String label;

  SecretMemory(String label) {
    this.label = label;
  }

  /** As in the configuration file. */
  public String label() {
    return label;
  }

  public static Optional<SecretMemory> parse(String label) {
    return Arrays.stream(values()).filter(v -> v.label.equals(label)).findFirst();
  }

  /**
   * Tries what this kernel can do by mapping and unmapping one page.
   *
   * @throws SecretMemoryUnavailable when that is less than is required
   */
  public SecretMode probe() throws SecretMemoryUnavailable {
    String why;
    try {
      Mapping.map(SecretMode.MEMFD_SECRET, Linux.PAGE).unmap();
      return SecretMode.MEMFD_SECRET;
    } catch (SecretMemoryUnavailable e) {
      why = e.getMessage();
    }
    return switch (this) {
      case REQUIRE_MEMFD_SECRET ->
          throw new SecretMemoryUnavailable(
              "secretMemory is require-memfd-secret, but "
                  + why
                  + ". Use Linux 5.14 or newer, boot with secretmem.enable=1, allow the system call"
                  + " memfd_secret in the service's or container's filter, or set secretMemory:"
                  + " allow-mlock");
      case ALLOW_MLOCK -> {
        Mapping.map(SecretMode.MLOCK, Linux.PAGE).unmap();
        yield SecretMode.MLOCK;
      }
    };
  }
}
