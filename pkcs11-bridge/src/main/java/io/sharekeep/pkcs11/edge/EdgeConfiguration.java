package io.sharekeep.pkcs11.edge;

import io.sharekeep.pkcs11.terms.TokenLibrary;
import java.nio.file.Path;

/**
 * Where the edge token is.
 *
 * @param library the PKCS#11 library and how it is to be used
 * @param tokenLabel its label
 * @param pinFile holds the PIN; mode 0600
 */
public record EdgeConfiguration(TokenLibrary library, String tokenLabel, Path pinFile) {
  /** With a library that needs no more than its path. */
  public static EdgeConfiguration of(Path library, String tokenLabel, Path pinFile) {
    return new EdgeConfiguration(TokenLibrary.at(library), tokenLabel, pinFile);
  }
}
