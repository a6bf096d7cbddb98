package io.sharekeep.enclave;

import io.sharekeep.enclave.json.CanonicalJson;
import java.time.Instant;
import java.util.List;

/**
 * A request that two parties make anew what they share of an ECDSA key, signed by two operators:
 * the only way back from a pair that must not be used any more (protocols, section 4.7).
 *
 * @param parties the two, ascending
 * @param generation of what they make: above that which either has
 */
public record PairRequest(
    String requestId,
    String committee,
    KeyId keyId,
    List<Integer> parties,
    long generation,
    Instant notAfter)
    implements RequestBody {
  /** The first line of what is hashed. */
  public static final String DOMAIN = "sharekeep/pair-request/v1\n";

  /**
   * @throws IllegalArgumentException with a sentence for whoever wrote it
   */
  public PairRequest {
    parties = List.copyOf(parties);
    if (parties.size() != 2 || parties.getFirst() >= parties.getLast()) {
      throw new IllegalArgumentException("a pair is two different parties, the lower id first");
    }
  }

  @Override
  public byte[] canonicalJson() {
    return CanonicalJson.bytes(RequestJson.of(this));
  }

  @Override
  public byte[] digest() {
    return CanonicalJson.digest(DOMAIN, canonicalJson());
  }
}
