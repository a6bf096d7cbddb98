package io.sharekeep.attestation.hsm;

import java.util.List;
import java.util.Optional;

/** What a verifier makes of evidence. */
public sealed interface Reading {
  /**
   * It verifies.
   *
   * @param serial of the device
   * @param assurance never above what this verifier has been tested for, see {@link Sample}
   */
  record Verified(Optional<String> serial, List<KeyStatement> keys, Assurance assurance)
      implements Reading {
    public Verified {
      keys = List.copyOf(keys);
    }
  }

  /** The bytes are not what their kind says. */
  record Malformed(String reason) implements Reading {}

  /** A signature, a chain or a root is missing or wrong. */
  record Untrusted(String reason) implements Reading {}

  /** No verifier of this kind has been run on a vendor's own bytes. */
  record Unsupported(String reason) implements Reading {}
}
