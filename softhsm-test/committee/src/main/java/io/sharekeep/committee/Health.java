package io.sharekeep.committee;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** The plain listener of an appliance, as a load balancer asks it. */
public final class Health implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
  private final String url;

  public Health(String url) {
    this.url = url;
  }

  /** Whether it can sign now; no when nobody listens. */
  public boolean ready() {
    try {
      return get("/ready").statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /** What {@code /state} says. */
  public JsonNode state() {
    try {
      return JSON.readTree(get("/state").body());
    } catch (IOException e) {
      throw new UncheckedIOException("no state at " + url, e);
    }
  }

  /** What {@code /ready} says, in the appliance's words; for messages to people. */
  public String explanation() {
    try {
      return get("/ready").body();
    } catch (IOException e) {
      return "nobody answers at " + url;
    }
  }

  private java.net.http.HttpResponse<String> get(String path) throws IOException {
    var request =
        HttpRequest.newBuilder(URI.create(url + path)).timeout(Duration.ofSeconds(5)).build();
    try {
      return client.send(request, BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
