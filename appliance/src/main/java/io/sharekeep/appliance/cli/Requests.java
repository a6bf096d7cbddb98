package io.sharekeep.appliance.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sharekeep.enclave.KeyId;
import io.sharekeep.enclave.RequestBody;
import io.sharekeep.enclave.SignedRequest;
import io.sharekeep.enclave.SignedRequests;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;

/** Makes and signs requests on the client's side. */
final class Requests {
  private static final int ID_BYTES = 16;
  private static final Duration LONGEST = Duration.ofHours(24);

  private Requests() {}

  /** A fresh key id or requestId: 32 hex digits. */
  static String freshId() {
    var bytes = new byte[ID_BYTES];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  static KeyId keyId(String hex) {
    try {
      return new KeyId(hex);
    } catch (IllegalArgumentException e) {
      throw new CliProblem(ExitCode.USAGE, "a key id is 32 lower-case hex digits; see key list");
    }
  }

  static Instant notAfter(Duration life) {
    if (life.isNegative() || life.isZero() || life.compareTo(LONGEST) > 0) {
      throw new CliProblem(ExitCode.USAGE, "--valid-for is at most 24 hours, such as PT10M");
    }
    return Instant.now().plus(life).truncatedTo(ChronoUnit.SECONDS);
  }

  /** The signed request, as JSON for the body's field {@code request}. */
  static JsonNode signed(RequestBody body, PemFiles.SigningKey key) {
    var json =
        SignedRequests.toJson(
            new SignedRequest<>(body, key.algorithm(), key.spki(), key.sign(body.digest())));
    // What the appliance would refuse is refused here, before anything is sent.
    if (SignedRequests.parse(json) instanceof SignedRequests.Parsed.Malformed(var reason)) {
      throw new CliProblem(ExitCode.USAGE, "such a request would be refused: " + reason);
    }
    try {
      return new ObjectMapper().readTree(json);
    } catch (IOException e) {
      throw new IllegalStateException("a request that was written is not JSON", e);
    }
  }
}
