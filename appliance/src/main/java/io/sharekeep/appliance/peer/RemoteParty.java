package io.sharekeep.appliance.peer;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sharekeep.appliance.http.Problem;
import io.sharekeep.appliance.http.Trace;
import io.sharekeep.cbor.Parsed;
import io.sharekeep.enclave.KeyStatements;
import io.sharekeep.enclave.Refusal;
import io.sharekeep.enclave.StepReply;
import io.sharekeep.enclave.StepRequest;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import javax.net.ssl.SSLException;

/**
 * A peer over HTTP/2 and mutual TLS, pinned to the key that the committee document names for it.
 * Blocks; for virtual threads.
 */
final class RemoteParty implements Party, AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CBOR = "application/cbor";
  private static final int MAX_STATUS_BYTES = 256 * 1024;

  private final HttpClient http;
  private final URI base;
  private final StepCodec codec;
  private final int maxBytes;
  private final PeerTimeouts timeouts;

  /**
   * @param http makes connections that trust this peer's key alone
   */
  RemoteParty(HttpClient http, URI base, int maxBytes, PeerTimeouts timeouts) {
    this.http = http;
    this.base = base;
    this.codec = new StepCodec(maxBytes);
    this.maxBytes = maxBytes;
    this.timeouts = timeouts;
  }

  @Override
  public Answer<Boolean> operational() {
    return status(RemoteParty::says);
  }

  @Override
  public Answer<String> policy() {
    return status(RemoteParty::policy);
  }

  private <T> Answer<T> status(java.util.function.Function<byte[], T> reader) {
    var request =
        HttpRequest.newBuilder(base.resolve("/v1/status")).timeout(timeouts.probe()).GET().build();
    return switch (sendAgain(request, MAX_STATUS_BYTES)) {
      case Answer.Received<HttpResponse<byte[]>>(var response) ->
          response.statusCode() == 200
              ? new Answer.Received<>(reader.apply(response.body()))
              : refused(response);
      case Answer.Refused<HttpResponse<byte[]>>(var refusal) -> new Answer.Refused<>(refusal);
      case Answer.Unreachable<HttpResponse<byte[]>>(var why, var sent) ->
          new Answer.Unreachable<>(why, sent);
    };
  }

  @Override
  public Answer<StepReply> step(byte[] locator, StepRequest request, String traceparent) {
    var path = "/v1/peer/sessions/" + HexFormat.of().formatHex(locator) + "/step";
    return post(path, codec.encode(request), timeouts.round(), traceparent, codec::reply);
  }

  @Override
  public void shown(byte[] note) {
    post(
        "/v1/peer/checkpoint",
        codec.encode(note),
        timeouts.round(),
        Trace.begin().header(),
        codec::note);
  }

  @Override
  public Answer<Said> tell(Said said) {
    return post(
        "/v1/peer/statements",
        codec.encode(said),
        timeouts.round(),
        Trace.begin().header(),
        codec::said);
  }

  @Override
  public Answer<KeyStatements> exchange(KeyStatements ours) {
    var path = "/v1/peer/keys/" + ours.key().hex() + "/statements";
    return post(
        path, codec.encode(ours), timeouts.round(), Trace.begin().header(), codec::statements);
  }

  private <T> Answer<T> post(
      String path,
      byte[] body,
      Duration timeout,
      String traceparent,
      java.util.function.Function<byte[], Parsed<T>> reader) {
    var request =
        HttpRequest.newBuilder(base.resolve(path))
            .timeout(timeout)
            .header("Content-Type", CBOR)
            .header(Trace.HEADER, traceparent)
            .POST(BodyPublishers.ofByteArray(body))
            .build();
    return switch (sendAgain(request, maxBytes)) {
      case Answer.Received<HttpResponse<byte[]>>(var response) -> read(response, reader);
      case Answer.Refused<HttpResponse<byte[]>>(var refusal) -> new Answer.Refused<>(refusal);
      case Answer.Unreachable<HttpResponse<byte[]>>(var why, var sent) ->
          new Answer.Unreachable<>(why, sent);
    };
  }

  private static <T> Answer<T> read(
      HttpResponse<byte[]> response, java.util.function.Function<byte[], Parsed<T>> reader) {
    if (!response.headers().firstValue("Content-Type").orElse("").equals(CBOR)) {
      return refused(response);
    }
    return switch (reader.apply(response.body())) {
      case Parsed.Valid<T>(var value) -> new Answer.Received<>(value);
      case Parsed.Malformed<T>(var reason) ->
          new Answer.Unreachable<>("its answer does not parse: " + reason, true);
    };
  }

  private static final String NO_ANSWER = "no answer in time";
  private static final String NO_CONNECTION = "no connection in time";

  /** Whoever asks has waited long enough. */
  private static final Set<String> LATE = Set.of(NO_ANSWER, NO_CONNECTION);

  /**
   * Safe for all that is asked of a peer: a step asked twice with the same bytes gives the same
   * bytes back. This mends connections that a restarted peer left half open.
   */
  private Answer<HttpResponse<byte[]>> sendAgain(HttpRequest request, int maxBody) {
    var answer = send(request, maxBody);
    return answer instanceof Answer.Unreachable<?>(var why, var _) && !LATE.contains(why)
        ? send(request, maxBody)
        : answer;
  }

  private Answer<HttpResponse<byte[]>> send(HttpRequest request, int maxBody) {
    try {
      return new Answer.Received<>(
          http.send(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), maxBody)));
    } catch (HttpConnectTimeoutException e) {
      return new Answer.Unreachable<>(NO_CONNECTION, false);
    } catch (HttpTimeoutException e) {
      return new Answer.Unreachable<>(NO_ANSWER, true);
    } catch (ConnectException e) {
      return new Answer.Unreachable<>("connection refused", false);
    } catch (SSLException e) {
      return new Answer.Unreachable<>(
          "TLS failed: its key is not the pinned one, a certificate expired, or it does not accept"
              + " ours",
          false);
    } catch (IOException e) {
      return new Answer.Unreachable<>("connection broke", true);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Answer.Unreachable<>("this appliance is stopping", true);
    }
  }

  private static <T> Answer<T> refused(HttpResponse<byte[]> response) {
    var type = response.headers().firstValue("Content-Type").orElse("");
    if (type.equals(Problem.MEDIA_TYPE)) {
      try {
        var json = JSON.readTree(response.body());
        var code = json.path("code").asText();
        var known =
            Arrays.stream(Refusal.Code.values()).filter(c -> c.label().equals(code)).findFirst();
        if (known.isPresent()) {
          return new Answer.Refused<>(new Refusal(known.get(), json.path("detail").asText()));
        }
        return new Answer.Unreachable<>("it answered " + response.statusCode() + " " + code, true);
      } catch (IOException e) {
        // Falls to the answer below: what it said is not a problem document.
      }
    }
    return new Answer.Unreachable<>("it answered " + response.statusCode(), true);
  }

  private static String policy(byte[] json) {
    try {
      return JSON.readTree(json).path("policy").asText();
    } catch (IOException e) {
      return ""; // No hash at all: no approval is made for it.
    }
  }

  /** A party whose token is lost has no part in a quorum: it would fail the session. */
  private static boolean says(byte[] json) {
    try {
      var status = JSON.readTree(json);
      return status.path("state").asText().equals("OPERATIONAL")
          && status.path("hsm").asText().equals("ready");
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
