package io.sharekeep.appliance.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sharekeep.appliance.FakeCommittee;
import io.sharekeep.appliance.FakeEdge;
import io.sharekeep.appliance.FakeEnclave;
import io.sharekeep.appliance.Initiator;
import io.sharekeep.appliance.TestIdentity;
import io.sharekeep.enclave.CallerIdentity.Role;
import io.sharekeep.enclave.KeyId;
import io.sharekeep.enclave.Outcome;
import io.sharekeep.enclave.SignedRequests;
import io.sharekeep.enclave.State;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every wrong thing that a client can send, and what it is told. */
class ApiTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final byte[] PAYLOAD = {1, 2, 3};
  private static FakeCommittee committee;
  private static int next;

  @BeforeAll
  static void start() {
    committee = new FakeCommittee(3, 2);
  }

  @AfterAll
  static void stop() {
    committee.close();
  }

  @AfterEach
  void heal() {
    for (var node : committee.nodes) {
      node.enclave.state = State.OPERATIONAL;
      node.enclave.fault = Optional.empty();
      node.enclave.ending = Optional.empty();
      node.enclave.refusal = Optional.empty();
      node.enclave.ready = true;
    }
  }

  private static String id() {
    return "request-" + ++next;
  }

  private static FakeCommittee.Node one() {
    return committee.node(1);
  }

  private static JsonNode problem(HttpResponse<String> response, int status, String code)
      throws Exception {
    assertEquals(status, response.statusCode(), response.body());
    assertEquals(
        "application/problem+json", response.headers().firstValue("content-type").orElse(""));
    var json = JSON.readTree(response.body());
    assertEquals(code, json.path("code").asText());
    assertEquals("urn:sharekeep:problem:" + code, json.path("type").asText());
    assertEquals(status, json.path("status").asInt());
    assertFalse(json.path("title").asText().isEmpty());
    assertFalse(json.path("detail").asText().isEmpty());
    assertEquals(status, Problem.catalogue().get(code), "the catalogue must list it");
    assertFalse(response.body().contains("Exception"), response.body());
    assertFalse(response.body().contains("\tat "), response.body());
    return json;
  }

  @Test
  void aSignedRequestGivesASignatureAndTheSameAgainGivesTheStoredOne() throws Exception {
    var body = committee.initiator.signJson(id(), Initiator.KEY, PAYLOAD);
    var first = committee.post(one(), "/v1/sign-requests", body);
    assertEquals(201, first.statusCode(), first.body());
    var json = JSON.readTree(first.body());
    assertEquals("signed", json.path("outcome").asText());
    assertEquals("010203", json.path("signatures").path(0).path("message").asText());
    var again = committee.post(one(), "/v1/sign-requests", body);
    assertEquals(200, again.statusCode());
    assertEquals(first.body(), again.body());
    var read = committee.get(one(), "/v1/sign-requests/" + json.path("requestId").asText());
    assertEquals(200, read.statusCode());
    assertEquals(first.body(), read.body());
  }

  @Test
  void anotherBodyUnderAUsedRequestIdIsAConflict() throws Exception {
    var id = id();
    committee.post(
        one(), "/v1/sign-requests", committee.initiator.signJson(id, Initiator.KEY, PAYLOAD));
    var other = committee.initiator.signJson(id, Initiator.KEY, new byte[] {9});
    problem(committee.post(one(), "/v1/sign-requests", other), 409, "request-conflict");
  }

  @Test
  void aKeyIsGeneratedAndUsableOnceAllPartiesSaidSo() throws Exception {
    var key = new KeyId("cd".repeat(16));
    var response = committee.post(one(), "/v1/keygen", committee.initiator.generateJson(id(), key));
    assertEquals(201, response.statusCode(), response.body());
    var json = JSON.readTree(response.body());
    assertEquals("key-generated", json.path("outcome").asText());
    assertEquals("usable", json.path("key").path("stage").asText());
    var shown = committee.get(one(), "/v1/keys/" + key.hex());
    assertEquals(200, shown.statusCode());
    assertEquals(json.path("key"), JSON.readTree(shown.body()));
  }

  @Test
  void aDerivedKeyIsShownAndAHardenedOneRefused() throws Exception {
    var key = "/v1/keys/" + Initiator.KEY.hex() + "/derived/";
    var shown = committee.get(one(), key + "m%2F0%2F7");
    assertEquals(200, shown.statusCode(), shown.body());
    assertEquals("m/0/7", JSON.readTree(shown.body()).path("path").asText());
    var root = committee.get(one(), key + "m");
    assertEquals("m", JSON.readTree(root.body()).path("path").asText());
    for (var wrong : List.of("0", "m%2F0h", "m%2F0'", "m%2F2147483648", "m" + "%2F0".repeat(9))) {
      problem(committee.get(one(), key + wrong), 400, "malformed");
    }
    problem(committee.get(one(), "/v1/keys/" + "ee".repeat(16) + "/derived/m"), 404, "unknown-key");
  }

  @Test
  void aPairIsShownAndMadeAnewByTwoSignatures() throws Exception {
    var shown = committee.get(one(), "/v1/keys/" + Initiator.KEY.hex() + "/pairs");
    assertEquals(200, shown.statusCode(), shown.body());
    assertEquals("burnt", JSON.readTree(shown.body()).at("/pairs/1/state").asText());
    problem(committee.get(one(), "/v1/keys/" + "ee".repeat(16) + "/pairs"), 404, "unknown-key");
    var signed =
        new String(
            SignedRequests.toJson(committee.initiator.rekey(id(), Initiator.KEY)),
            java.nio.charset.StandardCharsets.UTF_8);
    var body = "{\"request\":" + signed + ",\"second\":" + signed + "}";
    var response = committee.post(one(), "/v1/pair-rekeys", body);
    assertEquals(201, response.statusCode(), response.body());
    var json = JSON.readTree(response.body());
    assertEquals("pair-rekeyed", json.path("outcome").asText());
    assertEquals(2, json.path("generation").asInt());
    problem(
        committee.post(one(), "/v1/pair-rekeys", "{\"request\":" + signed + "}"), 400, "malformed");
    problem(
        committee.post(one(), "/v1/sign-requests", "{\"request\":" + signed + ",\"payload\":\"\"}"),
        400,
        "malformed");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          an unknown field       | {"request":{},"payload":"","extra":1}
          a duplicate field      | {"request":{},"payload":"","payload":""}
          a missing field        | {"request":{}}
          a request of wrong type| {"request":[],"payload":""}
          a payload of wrong type| {"request":{},"payload":7}
          a payload not base64   | {"request":{},"payload":"%%"}
          an empty object        | {}
          a list                 | []
          a number               | 7
          cut short              | {"request":
          a second value         | {"request":{},"payload":""} {}
          an unsigned request    | {"request":{"kind":"sign","request":{}},"payload":""}
          nested too deeply      | {"request":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{}}}}}}}}}}}}}}}}}},"payload":""}
          """)
  void isRefusedAsMalformed(String what, String body) throws Exception {
    problem(committee.post(one(), "/v1/sign-requests", body), 400, "malformed");
  }

  @Test
  void oneFieldTooManyRefusesARequestThatIsRightOtherwise() throws Exception {
    var right = committee.initiator.signJson(id(), Initiator.KEY, PAYLOAD);
    var unknown = right.replaceFirst("^\\{", "{\"memo\":\"x\",");
    var json = problem(committee.post(one(), "/v1/sign-requests", unknown), 400, "malformed");
    assertTrue(json.path("detail").asText().contains("memo"), json.toString());
    var twice = right.replaceFirst("^\\{", "{\"payload\":\"AQID\",");
    json = problem(committee.post(one(), "/v1/sign-requests", twice), 400, "malformed");
    assertTrue(json.path("detail").asText().contains("payload"), json.toString());
    assertEquals(201, committee.post(one(), "/v1/sign-requests", right).statusCode());
  }

  @Test
  void anEmptyBodyIsRefusedAsMalformed() throws Exception {
    problem(committee.post(one(), "/v1/sign-requests", ""), 400, "malformed");
  }

  @Test
  void whatIsWrongInJsonIsNamedButNotQuoted() throws Exception {
    var json =
        problem(
            committee.post(one(), "/v1/sign-requests", "{\"payload\":\"sekret\",,}"),
            400,
            "malformed");
    assertFalse(json.path("detail").asText().contains("sekret"));
  }

  @Test
  void aRequestForAKeyIsNotARequestForASignature() throws Exception {
    var body =
        committee
            .initiator
            .generateJson(id(), new KeyId("12".repeat(16)))
            .replaceFirst("}$", ",\"payload\":\"\"}");
    problem(committee.post(one(), "/v1/sign-requests", body), 400, "malformed");
  }

  @Test
  void aBadlySignedRequestIsUnauthentic() throws Exception {
    var body =
        committee
            .initiator
            .signJson(id(), Initiator.KEY, PAYLOAD)
            .replaceFirst("\"signature\":\"..", "\"signature\":\"00");
    problem(committee.post(one(), "/v1/sign-requests", body), 403, "request-unauthentic");
  }

  @Test
  void anotherPayloadThanTheSignedOneIsUnauthentic() throws Exception {
    var body =
        committee
            .initiator
            .signJson(id(), Initiator.KEY, PAYLOAD)
            .replace("\"payload\":\"AQID\"", "\"payload\":\"AQIE\"");
    problem(committee.post(one(), "/v1/sign-requests", body), 403, "request-unauthentic");
  }

  @Test
  void anUnknownKeyIsSaidToBeUnknown() throws Exception {
    var key = new KeyId("ee".repeat(16));
    problem(
        committee.post(
            one(), "/v1/sign-requests", committee.initiator.signJson(id(), key, PAYLOAD)),
        404,
        "unknown-key");
    problem(committee.get(one(), "/v1/keys/" + key.hex()), 404, "unknown-key");
    problem(committee.get(one(), "/v1/keys/EE"), 400, "malformed");
  }

  @Test
  void anUnknownRequestIsSaidToBeUnknown() throws Exception {
    problem(committee.get(one(), "/v1/sign-requests/never"), 404, "unknown-request");
    problem(committee.get(one(), "/v1/sign-requests/a%20b"), 400, "malformed");
  }

  @Test
  void anUnknownRouteAndAWrongMethodAreTold() throws Exception {
    problem(committee.get(one(), "/v2/keys"), 404, "unknown-route");
    problem(committee.get(one(), "/v1/keygen"), 405, "method-not-allowed");
    problem(committee.post(one(), "/v1/keys", "{}"), 405, "method-not-allowed");
  }

  @Test
  void peersRoutesAreNotOnTheClientListener() throws Exception {
    problem(
        committee.post(one(), "/v1/peer/sessions/" + "0".repeat(64) + "/step", "{}"),
        404,
        "unknown-route");
  }

  @Test
  void aBodyOverTheLimitIsRefusedWithTheLimit() throws Exception {
    var body = "{\"payload\":\"" + "A".repeat(FakeCommittee.BODY_BYTES) + "\"}";
    var json = problem(committee.post(one(), "/v1/sign-requests", body), 413, "body-too-large");
    assertTrue(json.path("detail").asText().contains("65536"));
  }

  @ParameterizedTest
  @CsvSource({"text/plain", "application/cbor", "application/json; charset=latin1", "''"})
  void anotherContentTypeIsRefused(String type) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create(one().clientUrl() + "/v1/sign-requests"))
            .POST(BodyPublishers.ofString("{}"));
    if (!type.isEmpty()) {
      request.header("Content-Type", type);
    }
    problem(
        committee.http(one(), committee.client).send(request.build(), BodyHandlers.ofString()),
        415,
        "content-type");
  }

  @ParameterizedTest
  @EnumSource(
      value = State.class,
      names = {"LOCKED", "FROZEN", "FAILED"})
  void aStateThatDoesNotAdmitItAnswers409(State state) throws Exception {
    one().enclave.state = state;
    var body = committee.initiator.signJson(id(), Initiator.KEY, PAYLOAD);
    var json = problem(committee.post(one(), "/v1/sign-requests", body), 409, "state");
    assertEquals(state.name(), json.path("state").asText());
    var generate = committee.initiator.generateJson(id(), new KeyId("34".repeat(16)));
    problem(committee.post(one(), "/v1/keygen", generate), 409, "state");
    var read = committee.get(one(), "/v1/keys");
    assertEquals(state.admits(State.Operation.READ) ? 200 : 409, read.statusCode());
  }

  @Test
  void whatTheEnclaveThrowsIsNeverShown() throws Exception {
    one().enclave.fault = Optional.of(new IllegalStateException("share 0x1234 at Enclave.java:7"));
    var body = committee.initiator.signJson(id(), Initiator.KEY, PAYLOAD);
    var json = problem(committee.post(one(), "/v1/sign-requests", body), 500, "internal");
    assertFalse(json.toString().contains("1234"));
    assertEquals(32, json.path("traceId").asText().length());
    problem(committee.get(one(), "/v1/keys"), 500, "internal");
  }

  @Test
  void deniedAbortedAndLostAreProblemsWithTheirFacts() throws Exception {
    var id = id();
    for (var node : committee.nodes) {
      node.enclave.ending = Optional.of(new Outcome.Denied(id, "default-deny"));
    }
    var denied =
        problem(
            committee.post(
                one(),
                "/v1/sign-requests",
                committee.initiator.signJson(id, Initiator.KEY, PAYLOAD)),
            403,
            "denied");
    assertEquals("default-deny", denied.path("rule").asText());
    for (var node : committee.nodes) {
      node.enclave.ending =
          Optional.of(new Outcome.Aborted("a", "bad-signature-share", List.of(2)));
    }
    var aborted =
        problem(
            committee.post(
                one(),
                "/v1/sign-requests",
                committee.initiator.signJson(id(), Initiator.KEY, PAYLOAD)),
            502,
            "aborted");
    assertEquals(2, aborted.path("culprits").path(0).asInt());
    for (var node : committee.nodes) {
      node.enclave.ending = Optional.of(new Outcome.Lost("a", "the process died"));
    }
    problem(
        committee.post(
            one(), "/v1/sign-requests", committee.initiator.signJson(id(), Initiator.KEY, PAYLOAD)),
        410,
        "lost");
  }

  @Test
  void aCallerWithoutTheRoleIsNotAdmitted() throws Exception {
    var auditor = TestIdentity.create("auditor");
    FakeCommittee.admit(one(), auditor, EnumSet.of(Role.AUDITOR));
    var http = committee.http(one(), auditor);
    var body = committee.initiator.signJson(id(), Initiator.KEY, PAYLOAD);
    var response =
        http.send(
            HttpRequest.newBuilder(URI.create(one().clientUrl() + "/v1/sign-requests"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.ofString());
    problem(response, 403, "caller-not-admitted");
    var keys =
        http.send(
            HttpRequest.newBuilder(URI.create(one().clientUrl() + "/v1/keys")).build(),
            BodyHandlers.ofString());
    assertEquals(200, keys.statusCode());
  }

  @Test
  void aClientThatLostItsPlaceInThePolicyIsNotAdmittedOnAnOpenConnection() throws Exception {
    var leaver = TestIdentity.create("leaver");
    FakeCommittee.admit(one(), leaver, Set.of(Role.AUDITOR));
    var http = committee.http(one(), leaver);
    var request = HttpRequest.newBuilder(URI.create(one().clientUrl() + "/v1/keys")).build();
    assertEquals(200, http.send(request, BodyHandlers.ofString()).statusCode());
    one().enclave.callers.remove(leaver.pin());
    problem(http.send(request, BodyHandlers.ofString()), 403, "caller-not-admitted");
  }

  @Test
  void anUnpinnedAnExpiredAndNoCertificateFailTheHandshake() {
    var stranger = TestIdentity.create("stranger");
    assertRefused(one().clientUrl(), stranger);
    assertRefused(one().peerUrl(), stranger);
    var expired = TestIdentity.expired("expired");
    FakeCommittee.admit(one(), expired, EnumSet.allOf(Role.class));
    assertRefused(one().clientUrl(), expired);
    // A client is not a peer.
    assertRefused(one().peerUrl(), committee.client);
    assertThrows(
        IOException.class,
        () -> {
          try (var http = TlsClients.withoutCertificate(one().identity.pin())) {
            http.send(
                HttpRequest.newBuilder(URI.create(one().clientUrl() + "/v1/status")).build(),
                BodyHandlers.ofString());
          }
        });
  }

  private static void assertRefused(String url, TestIdentity identity) {
    assertThrows(
        IOException.class,
        () ->
            committee
                .http(one(), identity)
                .send(
                    HttpRequest.newBuilder(URI.create(url + "/v1/status")).build(),
                    BodyHandlers.ofString()));
  }

  @Test
  void tooMuchAtOnceIsTurnedAwayAndSaysWhen() throws Exception {
    try (var small = new FakeCommittee(2, 2, 1);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var inside = new CountDownLatch(1);
      var release = new CountDownLatch(1);
      small.node(1).enclave.beforeStep =
          () -> {
            inside.countDown();
            try {
              release.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          };
      var first =
          threads.submit(() ->
              small.post(
                  small.node(1),
                  "/v1/sign-requests",
                  small.initiator.signJson(id(), Initiator.KEY, PAYLOAD)));
      assertTrue(inside.await(30, TimeUnit.SECONDS), "the first request is under way");
      try {
        var second = small.get(small.node(1), "/v1/keys");
        problem(second, 503, "overloaded");
        assertEquals("1", second.headers().firstValue("retry-after").orElse(""));
      } finally {
        release.countDown();
      }
      assertEquals(201, first.get().statusCode());
      assertEquals(200, small.get(small.node(1), "/v1/keys").statusCode());
    }
  }

  @Test
  void aPortThatIsTakenIsNamed() throws Exception {
    var any = InetSocketAddress.createUnresolved("127.0.0.1", 0);
    var taken = InetSocketAddress.createUnresolved("127.0.0.1", one().listeners.clientPort());
    var failure =
        assertThrows(
            ListenFailure.class,
            () ->
                new Listeners(
                    new Listeners.Settings(any, taken, any, 65536, 4),
                    new FakeEnclave(9),
                    one().coordinator,
                    one().identity.keyManager(),
                    new FakeEdge(),
                    "test"));
    assertTrue(failure.toString().contains("client listener"), failure.toString());
    assertTrue(failure.toString().contains("listeners.client"), failure.toString());
  }

  @Test
  void statusTellsTheCallerWhoItIs() throws Exception {
    var json = JSON.readTree(committee.get(one(), "/v1/status").body());
    assertEquals("alice", json.path("you").asText());
    assertEquals(1, json.path("party").asInt());
    assertEquals(3, json.path("committees").path(0).path("parties").size());
  }
}
