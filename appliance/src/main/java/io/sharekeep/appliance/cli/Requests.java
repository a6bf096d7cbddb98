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
import java.time.format.DateTimeParseException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;
import picocli.CommandLine.TypeConversionException;

/** Makes and signs requests on the client's side. */
final class Requests {
  private static final int ID_BYTES = 16;
  private static final Pattern SHORT_DURATION = Pattern.compile("\\d{1,6}[smhSMH]");

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

  /** As people write durations, {@code 90s}, {@code 10m} or {@code 2h}, or as ISO 8601 does. */
  static Duration duration(String text) {
    try {
      return Duration.parse(
          SHORT_DURATION.matcher(text).matches() ? "PT" + text.toUpperCase(Locale.ROOT) : text);
    } catch (DateTimeParseException e) {
      throw new TypeConversionException(
          "'" + text + "' is no duration; write 90s, 10m, 2h or ISO 8601's PT10M");
    }
  }

  /** RFC 3339 in UTC. */
  static Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new TypeConversionException(
          "'" + text + "' is no date; write it in UTC, such as 2030-01-31T12:00:00Z");
    }
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
