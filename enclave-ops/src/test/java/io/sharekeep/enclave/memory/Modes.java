package io.sharekeep.enclave.memory;

import java.util.ArrayList;
import java.util.List;

/** The modes that this kernel offers; {@code mlock} is always one. */
final class Modes {
  private Modes() {}

  static List<SecretMode> available() {
    var modes = new ArrayList<SecretMode>();
    modes.add(SecretMode.MLOCK);
    try {
      modes.add(SecretMemory.REQUIRE_MEMFD_SECRET.probe());
    } catch (SecretMemoryUnavailable e) {
      System.err.println("memfd_secret is not tested here: " + e.getMessage());
    }
    return modes;
  }
}
