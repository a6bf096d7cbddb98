package io.sharekeep.enclave;

import io.sharekeep.enclave.json.CanonicalJson;
import io.sharekeep.enclave.json.JsonFields;
import io.sharekeep.enclave.json.MalformedJson;
import io.sharekeep.enclave.json.StrictJson;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * That these parties make one presignature of a key together (protocols, section 4.6). Nobody signs
 * it: it yields no signature, and each party takes part only if its own configuration keeps
 * presignatures of that key.
 *
 * @param parties who will sign with it, ascending
 * @param coordinator of them, whose requests it is for: nobody else proposes to use it
 */
public record PresignRequest(
    String requestId,
    String committee,
    KeyId keyId,
    List<Integer> parties,
    int coordinator,
    Instant notAfter)
    implements RequestBody {
  /** The first line of what is hashed. */
  public static final String DOMAIN = "sharekeep/presign-request/v1\n";

  private static final int MAX_BYTES = 4096;

  /**
   * @throws IllegalArgumentException when the parties do not ascend or the coordinator is none
   */
  public PresignRequest {
    parties = List.copyOf(parties);
    for (int i = 1; i < parties.size(); i++) {
      if (parties.get(i - 1) >= parties.get(i)) {
        throw new IllegalArgumentException("the parties ascend");
      }
    }
    if (!parties.contains(coordinator)) {
      throw new IllegalArgumentException("the coordinator is one of the parties");
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

  /** Reads strictly what {@link #canonicalJson} writes. */
  public static Optional<PresignRequest> parse(byte[] json) {
    if (json.length > MAX_BYTES) {
      return Optional.empty();
    }
    try {
      return Optional.of(JsonFields.read(StrictJson.object(json), "", RequestJson::presignRequest));
    } catch (MalformedJson e) {
      return Optional.empty();
    }
  }
}
