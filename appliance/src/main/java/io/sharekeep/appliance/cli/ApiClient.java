package io.sharekeep.appliance.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharekeep.pkcs11.edge.PinnedTrust;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Set;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509KeyManager;

/** Asks an appliance over mutual TLS; what it refuses becomes an exit code and a sentence. */
final class ApiClient implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration CONNECT = Duration.ofSeconds(20);

  private static final Duration LAST_EVENTS = Duration.ofMillis(300);

  /** Key generation among many parties is the longest thing that is waited for. */
  private static final Duration ANSWER = Duration.ofMinutes(2);

  private final HttpClient http;
  private final URI base;

  ApiClient(String url, Set<String> pins, X509KeyManager identity) {
    try {
      base = URI.create(url);
    } catch (IllegalArgumentException e) {
      throw new CliProblem(ExitCode.USAGE, "--url is no URL; write https://HOST:PORT");
    }
    try {
      var tls = SSLContext.getInstance("TLSv1.3");
      tls.init(
          new KeyManager[] {identity},
          new TrustManager[] {PinnedTrust.of(pins::contains, InstantSource.system())},
          null);
      http = HttpClient.newBuilder().sslContext(tls).connectTimeout(CONNECT).build();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has TLS 1.3", e);
    }
  }

  JsonNode get(String path) {
    return send(HttpRequest.newBuilder(base.resolve(path)).GET());
  }

  /** What is no JSON. */
  byte[] bytes(String path) {
    return sent(HttpRequest.newBuilder(base.resolve(path)).GET());
  }

  JsonNode post(String path, ObjectNode body) {
    return send(
        HttpRequest.newBuilder(base.resolve(path))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body.toString())));
  }

  /**
   * As {@link #post}, and shows meanwhile how the request goes on, if that can be had.
   *
   * @param requestId whose events are shown
   */
  JsonNode post(String path, ObjectNode body, String requestId, RoundTable table) {
    var watching =
        Thread.ofVirtual().name("progress").start(() -> follow("/v1/events/" + requestId, table));
    try {
      return post(path, body);
    } finally {
      try {
        // The last events and the answer come at the same time.
        if (!watching.join(LAST_EVENTS)) {
          watching.interrupt();
          watching.join();
        }
      } catch (InterruptedException e) {
        watching.interrupt();
        Thread.currentThread().interrupt();
      }
    }
  }

  private void follow(String path, RoundTable table) {
    var request = HttpRequest.newBuilder(base.resolve(path)).GET().build();
    try {
      var response = http.send(request, BodyHandlers.ofLines());
      try (var lines = response.body()) {
        if (response.statusCode() == 200) {
          lines.forEach(table::line);
        }
      }
    } catch (IOException | UncheckedIOException e) {
      // The request goes on all the same, and its answer says how it ended.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private JsonNode send(HttpRequest.Builder request) {
    byte[] body = sent(request);
    try {
      return JSON.readTree(body);
    } catch (IOException e) {
      throw new CliProblem(ExitCode.INTERNAL, base + ": the answer is no JSON");
    }
  }

  private byte[] sent(HttpRequest.Builder request) {
    try {
      var response = http.send(request.timeout(ANSWER).build(), BodyHandlers.ofByteArray());
      if (response.statusCode() / 100 != 2 || isProblem(response)) {
        throw refused(response.statusCode(), JSON.readTree(response.body()));
      }
      return response.body();
    } catch (HttpConnectTimeoutException | ConnectException e) {
      throw unavailable(
          "nobody answers there; is the appliance running, and is this its client listener?");
    } catch (HttpTimeoutException e) {
      throw unavailable("no answer in time; ask again for the same request");
    } catch (SSLException e) {
      throw new CliProblem(
          ExitCode.DENIED,
          base
              + ": TLS failed. Either its key is not the pinned one (--pin, --committee), or its"
              + " policy does not know this client's key, or a certificate has expired");
    } catch (IOException e) {
      throw unavailable(
          "the connection broke: the policy may not know this client's key, its certificate may"
              + " have ended, or the appliance stopped");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable("interrupted");
    }
  }

  /** Also of a request that waits for approvals: it was accepted, and nothing is signed. */
  private static boolean isProblem(HttpResponse<?> response) {
    return response
        .headers()
        .firstValue("Content-Type")
        .orElse("")
        .equals("application/problem+json");
  }

  private CliProblem unavailable(String why) {
    return new CliProblem(ExitCode.UNAVAILABLE, base + ": " + why);
  }

  private static CliProblem refused(int status, JsonNode problem) {
    var code = problem.path("code").asText("unknown");
    var culprits = new ArrayList<String>();
    problem.path("culprits").forEach(party -> culprits.add(party.asText()));
    return new CliProblem(
        ExitCode.of(status, code),
        problem.path("title").asText("the appliance answered " + status)
            + " ("
            + code
            + "): "
            + problem.path("detail").asText()
            + (culprits.isEmpty() ? "" : "; culprits: " + String.join(" ", culprits)));
  }

  @Override
  public void close() {
    http.close();
  }
}
