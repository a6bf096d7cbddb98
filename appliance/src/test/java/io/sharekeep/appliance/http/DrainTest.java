package io.sharekeep.appliance.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sharekeep.appliance.FakeCommittee;
import io.sharekeep.appliance.Initiator;
import io.sharekeep.appliance.peer.StepCodec;
import io.sharekeep.enclave.StepRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An appliance that is told to stop while requests run. */
class DrainTest {
  private static final byte[] PAYLOAD = {1, 2, 3};

  private final FakeCommittee committee = new FakeCommittee(3, 2);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch inside = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);

  @AfterEach
  void end() {
    released.countDown();
    committee.close();
    threads.close();
  }

  private CompletableFuture<HttpResponse<String>> sign(int coordinator, String id) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return committee.post(
                committee.node(coordinator),
                "/v1/sign-requests",
                committee.initiator.signJson(id, Initiator.KEY, PAYLOAD));
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        },
        threads);
  }

  /** The first step at that party waits until it is released. */
  private void holdAt(int party) {
    committee.node(party).enclave.beforeStep =
        () -> {
          inside.countDown();
          try {
            assertTrue(released.await(10, TimeUnit.SECONDS));
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        };
  }

  private CompletableFuture<Void> close(int party) throws Exception {
    var closing =
        CompletableFuture.runAsync(() -> committee.node(party).listeners.close(), threads);
    while (!health(party).body().contains("stopping")) {
      Thread.sleep(5);
    }
    return closing;
  }

  private HttpResponse<String> health(int party) throws IOException, InterruptedException {
    try (var http = HttpClient.newHttpClient()) {
      return http.send(
          HttpRequest.newBuilder(URI.create(committee.node(party).healthUrl() + "/ready")).build(),
          BodyHandlers.ofString());
    }
  }

  @Test
  void whatRunsIsFinishedAndNothingNewBegins() throws Exception {
    holdAt(1);
    var running = sign(1, "running");
    assertTrue(inside.await(10, TimeUnit.SECONDS));

    var closing = close(1);

    assertEquals(503, health(1).statusCode());
    var refused = sign(1, "new").get(5, TimeUnit.SECONDS);
    assertEquals(503, refused.statusCode());
    assertEquals("1", refused.headers().firstValue("Retry-After").orElse(""));
    assertEquals("overloaded", new ObjectMapper().readTree(refused.body()).path("code").asText());
    assertTrue(refused.body().contains("stopping"), refused.body());
    assertFalse(closing.isDone());
    released.countDown();
    var finished = running.get(5, TimeUnit.SECONDS);
    assertEquals(201, finished.statusCode(), finished.body());
    closing.get(5, TimeUnit.SECONDS);
  }

  @Test
  void aPartyThatStopsIsPassedOverAndFinishesTheSessionsOfOthers() throws Exception {
    holdAt(2);
    var running = sign(1, "running");
    assertTrue(inside.await(10, TimeUnit.SECONDS));

    var closing = close(2);

    // Longer than a sighting is believed.
    Thread.sleep(Duration.ofMillis(300));
    var other = sign(3, "other").get(5, TimeUnit.SECONDS);
    assertEquals(201, other.statusCode(), other.body());
    var begun = firstRound(2);
    assertEquals(503, begun.statusCode());
    assertEquals("1", begun.headers().firstValue("Retry-After").orElse(""));
    assertFalse(closing.isDone());
    released.countDown();
    var finished = running.get(5, TimeUnit.SECONDS);
    assertEquals(201, finished.statusCode(), finished.body());
    closing.get(5, TimeUnit.SECONDS);
  }

  /** As a peer sends it that saw the party a moment ago. */
  private HttpResponse<String> firstRound(int party) throws Exception {
    var node = committee.node(party);
    var body =
        new StepCodec(FakeCommittee.BODY_BYTES)
            .encode(new StepRequest(1, Optional.empty(), List.of()));
    return committee
        .http(node, committee.node(1).identity)
        .send(
            HttpRequest.newBuilder(
                    URI.create(node.peerUrl() + "/v1/peer/sessions/" + "ab".repeat(32) + "/step"))
                .header("Content-Type", "application/cbor")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build(),
            BodyHandlers.ofString());
  }

  @Test
  void whoIsBetweenTwoRoundsIsWaitedForAndWhoGaveUpIsNot() {
    var drain = new Drain();
    var session = new byte[32];
    drain.goesOn(session);
    assertFalse(drain.finish(Duration.ofMillis(50)));
    assertTrue(drain.finish(Duration.ofSeconds(3)));
    drain.goesOn(session);
    drain.ended(session);
    assertTrue(drain.finish(Duration.ZERO));
  }

  @Test
  void theWaitHasAnEnd() {
    var drain = new Drain();
    drain.entered();
    assertFalse(drain.finish(Duration.ofMillis(50)));
    drain.answered();
    assertTrue(drain.finish(Duration.ZERO));
  }
}
