package io.sharekeep.enclave;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a token is and how it is used, in words: nothing that the core exports names a type of the
 * HSM bridge.
 *
 * @param library the PKCS#11 library
 * @param librarySha256 the lower-case hex hash that it must have, if it is pinned
 * @param parameters what C_Initialize gets, for libraries that want it
 * @param profile a profile file of the custodian's own; otherwise the shipped one that matches
 * @param backend {@code native} or {@code sunpkcs11}
 * @param label the token's CKA_LABEL
 * @param pinFile holds its PIN and nothing else; mode 0600
 */
public record TokenPlace(
    Path library,
    Optional<String> librarySha256,
    Optional<String> parameters,
    Optional<Path> profile,
    String backend,
    String label,
    Path pinFile) {
  /** Through the native backend, under the shipped profile that matches, not pinned. */
  public static TokenPlace at(Path library, String label, Path pinFile) {
    return new TokenPlace(
        library, Optional.empty(), Optional.empty(), Optional.empty(), "native", label, pinFile);
  }

  /** The same, through another backend. */
  public TokenPlace through(String other) {
    return new TokenPlace(library, librarySha256, parameters, profile, other, label, pinFile);
  }
}
