package io.sharekeep.attestation.hsm;

import io.sharekeep.attestation.evidence.Octets;
import java.util.List;
import java.util.Optional;

/**
 * What evidence says of one key; absent where it is silent.
 *
 * @param spki which key
 * @param purposes {@code sign}, {@code decrypt}, …
 */
public record KeyStatement(
    Octets spki,
    Optional<Boolean> extractable,
    Optional<Boolean> neverExtractable,
    Optional<Boolean> local,
    List<String> purposes) {
  public KeyStatement {
    purposes = List.copyOf(purposes);
  }
}
