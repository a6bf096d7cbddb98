package io.sharekeep.appliance.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.appliance.FakeCommittee;
import io.sharekeep.appliance.Initiator;
import io.sharekeep.appliance.TestIdentity;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The progress of a request as its reader gets it. */
class EventsTest {
  private static final byte[] PAYLOAD = {1, 2, 3};
  private static FakeCommittee committee;

  @BeforeAll
  static void start() {
    committee = new FakeCommittee(3, 2);
  }

  @AfterAll
  static void stop() {
    committee.close();
  }

  private static CompletableFuture<HttpResponse<Stream<String>>> open(
      String request, TestIdentity as, String... headers) {
    var builder =
        HttpRequest.newBuilder(URI.create(committee.node(1).clientUrl() + "/v1/events/" + request));
    if (headers.length > 0) {
      builder.headers(headers);
    }
    return committee.http(committee.node(1), as).sendAsync(builder.build(), BodyHandlers.ofLines());
  }

  private static List<String> read(String request, String... headers) throws Exception {
    var response = open(request, committee.client, headers).get(10, TimeUnit.SECONDS);
    assertEquals(200, response.statusCode());
    assertEquals("text/event-stream", response.headers().firstValue("content-type").orElse(""));
    try (var lines = response.body()) {
      return lines.filter(line -> !line.isEmpty() && !line.equals(":")).toList();
    }
  }

  private static int sign(String request) throws Exception {
    return post(committee.initiator.signJson(request, Initiator.KEY, PAYLOAD));
  }

  private static int post(String signed) throws Exception {
    return committee.post(committee.node(1), "/v1/sign-requests", signed).statusCode();
  }

  @Test
  void whoWatchesFromBeforeTheBeginningSeesEveryPartyInEveryRoundAndTheEnd() throws Exception {
    var watched = open("watched", committee.client).get(10, TimeUnit.SECONDS);
    assertEquals(201, sign("watched"));

    var data = new ArrayList<String>();
    try (var lines = watched.body()) {
      lines.filter(line -> line.startsWith("data: ")).forEach(line -> data.add(line.substring(6)));
    }

    assertEquals("{\"rounds\":3,\"parties\":[1,2]}", data.getFirst());
    assertEquals("{\"end\":\"signed\"}", data.getLast());
    for (int round = 1; round <= 3; round++) {
      for (int party = 1; party <= 2; party++) {
        var begin = "{\"round\":" + round + ",\"party\":" + party + ",\"stage\":\"";
        int asked = data.indexOf(begin + "asked\"}");
        int answered = data.indexOf(begin + (round == 3 ? "finished" : "answered") + "\"}");
        assertTrue(asked > 0 && asked < answered, data.toString());
      }
    }
    assertEquals(1 + 2 * 2 * 3 + 1, data.size(), data.toString());
  }

  @Test
  void whoComesBackGetsWhatFollowedAndNoMore() throws Exception {
    assertEquals(201, sign("back"));
    var all = read("back");
    assertEquals("id: 1", all.getFirst());

    var later = read("back", "Last-Event-ID", "3");

    assertEquals("id: 4", later.getFirst());
    assertEquals(all.subList(all.size() - later.size(), all.size()), later);
    assertEquals(all.size(), later.size() + 3 * 3); // an id, a name and data each
  }

  @Test
  void whatIsAskedForAgainIsToldAnew() throws Exception {
    var signed = committee.initiator.signJson("first", Initiator.KEY, PAYLOAD);
    assertEquals(201, post(signed));
    assertTrue(read("first").size() > 3);

    assertEquals(200, post(signed));

    assertEquals(List.of("id: 1", "event: end", "data: {\"end\":\"signed\"}"), read("first"));
  }

  @Test
  void whoIsNotOfThePolicyAndWhoAsksWronglyGetsAProblem() throws Exception {
    var stranger = TestIdentity.create("stranger");
    FakeCommittee.admit(
        committee.node(1),
        stranger,
        EnumSet.noneOf(io.sharekeep.enclave.CallerIdentity.Role.class));
    assertEquals(403, open("any", stranger).get(10, TimeUnit.SECONDS).statusCode());
    assertEquals(
        400,
        open("any", committee.client, "Last-Event-ID", "-1")
            .get(10, TimeUnit.SECONDS)
            .statusCode());
    assertEquals(400, open("%20", committee.client).get(10, TimeUnit.SECONDS).statusCode());
  }

  @Test
  void streamsAreCountedAndGiveTheirPlaceBack() throws Exception {
    var open = new ArrayList<HttpResponse<Stream<String>>>();
    for (int i = 0; i < EventStream.STREAMS; i++) {
      var one = open("counted", committee.client).get(10, TimeUnit.SECONDS);
      assertEquals(200, one.statusCode());
      open.add(one);
    }
    assertEquals(503, open("counted", committee.client).get(10, TimeUnit.SECONDS).statusCode());

    open.removeLast().body().close();
    int status = 503;
    for (int i = 0; i < 200 && status == 503; i++) {
      Thread.sleep(20);
      var one = open("counted", committee.client).get(10, TimeUnit.SECONDS);
      status = one.statusCode();
      open.add(one);
    }
    assertEquals(200, status);

    assertEquals(201, sign("counted"));
    for (var one : open) {
      try (var lines = one.body()) {
        assertFalse(lines.filter(line -> line.contains("end")).toList().isEmpty());
      } catch (java.io.UncheckedIOException e) {
        assertEquals(503, one.statusCode());
      }
    }
  }
}
