package io.sharekeep.appliance.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;

/**
 * What a route gives back.
 *
 * @param stream instead of a body
 */
record Reply(
    int status,
    String mediaType,
    byte[] body,
    Map<String, String> headers,
    Optional<EventStream> stream) {
  static final String JSON = "application/json";
  static final String CBOR = "application/cbor";
  static final String BYTES = "application/octet-stream";
  static final String TEXT = "text/plain; charset=utf-8";

  /** How long a refused caller should wait, in seconds. */
  private static final String RETRY_SECONDS = "1";

  Reply {
    headers = Map.copyOf(headers);
  }

  Reply(int status, String mediaType, byte[] body, Map<String, String> headers) {
    this(status, mediaType, body, headers, Optional.empty());
  }

  static Reply events(EventStream stream) {
    return new Reply(200, EventStream.MEDIA_TYPE, new byte[0], Map.of(), Optional.of(stream));
  }

  static Reply json(int status, JsonNode json) {
    return new Reply(status, JSON, json.toString().getBytes(UTF_8), Map.of());
  }

  static Reply cbor(int status, byte[] body) {
    return new Reply(status, CBOR, body, retryAfter(status));
  }

  static Reply of(Problem problem) {
    return new Reply(
        problem.status(),
        Problem.MEDIA_TYPE,
        problem.json().toString().getBytes(UTF_8),
        retryAfter(problem.status()));
  }

  private static Map<String, String> retryAfter(int status) {
    return status == 503 ? Map.of("Retry-After", RETRY_SECONDS) : Map.of();
  }
}
