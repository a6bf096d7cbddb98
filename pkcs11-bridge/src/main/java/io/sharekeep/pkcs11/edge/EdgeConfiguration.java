package io.sharekeep.pkcs11.edge;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the edge token is.
 *
 * @param library the PKCS#11 module
 * @param tokenLabel its label
 * @param librarySha256 the lower-case hex hash that the module must have, if it is pinned
 * @param pinFile holds the PIN; mode 0600
 */
public record EdgeConfiguration(
    Path library, String tokenLabel, Optional<String> librarySha256, Path pinFile) {
  /** Without a pin on the library. */
  public static EdgeConfiguration of(Path library, String tokenLabel, Path pinFile) {
    return new EdgeConfiguration(library, tokenLabel, Optional.empty(), pinFile);
  }
}
