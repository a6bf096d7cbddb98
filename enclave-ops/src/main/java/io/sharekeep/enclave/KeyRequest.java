package io.sharekeep.enclave;

import io.sharekeep.enclave.json.CanonicalJson;
import java.time.Instant;
import java.util.Set;

/**
 * A request for a new key, signed by an administrator. Threshold and points are those of the
 * committee document.
 *
 * @param label for people: 1..64 printable ASCII characters
 */
public record KeyRequest(
    String requestId,
    String committee,
    KeyId keyId,
    String label,
    Scheme scheme,
    Set<String> purposes,
    Instant notAfter)
    implements RequestBody {
  /** The first line of what is hashed. */
  public static final String DOMAIN = "sharekeep/key-request/v1\n";

  public KeyRequest {
    purposes = Set.copyOf(purposes);
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
