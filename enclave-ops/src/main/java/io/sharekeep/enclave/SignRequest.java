package io.sharekeep.enclave;

import io.sharekeep.enclave.json.CanonicalJson;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A request for the signatures of one transaction (policy and intents, section 1.4).
 *
 * @param path derivation path; none in this release
 * @param purpose {@code btc.tx} or {@code sol.tx}: which decoder reads the payload
 * @param payloadSha256 hex
 * @param expect what the initiator expects ({@code destination}, {@code amount}, {@code digest});
 *     compared, never used
 */
public record SignRequest(
    String requestId,
    String committee,
    KeyId keyId,
    Optional<String> path,
    String purpose,
    String payloadSha256,
    Map<String, String> expect,
    Instant notAfter)
    implements RequestBody {
  /** The first line of what is hashed. */
  public static final String DOMAIN = "sharekeep/request/v1\n";

  public SignRequest {
    expect = Map.copyOf(expect);
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
