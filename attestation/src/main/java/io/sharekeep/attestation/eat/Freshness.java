package io.sharekeep.attestation.eat;

import io.sharekeep.attestation.evidence.Octets;
import java.time.Instant;
import java.util.List;

/**
 * When and for whom a report was made.
 *
 * @param nonces 1..16, each 8..64 bytes: those of all who asked at once, or an epoch's id
 * @param audiences in step with the nonces, or empty
 * @param issuedAt by our clock, whole seconds
 * @param expires at most an hour later
 * @param id 16 random bytes
 */
public record Freshness(
    List<Octets> nonces, List<String> audiences, Instant issuedAt, Instant expires, Octets id) {
  public Freshness {
    nonces = List.copyOf(nonces);
    audiences = List.copyOf(audiences);
  }
}
