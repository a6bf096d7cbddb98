package io.sharekeep.pkcs11.terms;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A PKCS#11 library and how it is to be used.
 *
 * @param path the shared object
 * @param sha256 the lower-case hex hash that it must have, if it is pinned
 * @param parameters what C_Initialize gets as pReserved, for libraries that want it; NSS does
 * @param profile a profile file of the custodian's own; otherwise the shipped one that matches
 * @param backend through what it is used
 */
public record TokenLibrary(
    Path path,
    Optional<String> sha256,
    Optional<String> parameters,
    Optional<Path> profile,
    Backend backend) {
  public TokenLibrary {
    if (sha256.isPresent() && !sha256.get().matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException("a library's sha256 must be 64 lower-case hex digits");
    }
  }

  /** The native backend, the shipped profile that matches, no pin. */
  public static TokenLibrary at(Path path) {
    return new TokenLibrary(
        path, Optional.empty(), Optional.empty(), Optional.empty(), Backend.NATIVE);
  }

  /** The same, which must have this hash. */
  public TokenLibrary pinned(Optional<String> hash) {
    return new TokenLibrary(path, hash, parameters, profile, backend);
  }

  /** The same, initialised with these parameters. */
  public TokenLibrary with(Optional<String> text) {
    return new TokenLibrary(path, sha256, text, profile, backend);
  }

  /** The same, under a profile of the custodian's own. */
  public TokenLibrary under(Path file) {
    return new TokenLibrary(path, sha256, parameters, Optional.of(file), backend);
  }

  /** The same, through another backend. */
  public TokenLibrary through(Backend other) {
    return new TokenLibrary(path, sha256, parameters, profile, other);
  }
}
