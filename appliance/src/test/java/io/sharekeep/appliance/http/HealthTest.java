package io.sharekeep.appliance.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sharekeep.appliance.FakeCommittee;
import io.sharekeep.enclave.State;
import io.sharekeep.pkcs11.terms.TokenState;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class HealthTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static FakeCommittee committee;

  @BeforeAll
  static void start() {
    committee = new FakeCommittee(2, 2);
  }

  @AfterAll
  static void stop() {
    committee.close();
  }

  @AfterEach
  void heal() {
    committee.node(1).enclave.state = State.OPERATIONAL;
    committee.node(1).enclave.ready = true;
    committee.node(1).edge.state = new TokenState.Ready();
  }

  private static HttpResponse<String> get(String path) throws Exception {
    return HTTP.send(
        HttpRequest.newBuilder(URI.create(committee.node(1).healthUrl() + path)).build(),
        BodyHandlers.ofString());
  }

  @Test
  void liveIsTheProcessAndNotTheHsm() throws Exception {
    committee.node(1).enclave.ready = false;
    assertEquals(200, get("/live").statusCode());
  }

  @Test
  void readyNamesEachCheckAndFallsWithOne() throws Exception {
    var up = get("/ready");
    assertEquals(200, up.statusCode(), up.body());
    assertEquals("OPERATIONAL", up.headers().firstValue("sharekeep-state").orElse(""));
    committee.node(1).enclave.ready = false;
    var down = get("/ready");
    assertEquals(503, down.statusCode());
    var check = JSON.readTree(down.body()).path("checks").path(0);
    assertEquals("hsm", check.path("name").asText());
    assertFalse(check.path("passed").asBoolean());
    assertEquals("the HSM is gone", check.path("detail").asText());
  }

  static Stream<TokenState> unfit() {
    return Stream.of(
        new TokenState.LoggedOut(),
        new TokenState.Stalled(Instant.EPOCH, "lost with 0x32"),
        new TokenState.Down(Instant.EPOCH, 0),
        new TokenState.Failed("its PIN is wrong"));
  }

  @ParameterizedTest
  @MethodSource("unfit")
  void withoutItsEdgeTokenAnApplianceIsNotReady(TokenState state) throws Exception {
    committee.node(1).edge.state = state;
    var down = get("/ready");
    assertEquals(503, down.statusCode());
    var check = JSON.readTree(down.body()).path("checks").path(1);
    assertEquals("edge", check.path("name").asText());
    assertFalse(check.path("passed").asBoolean());
    assertTrue(get("/metrics").body().contains("sharekeep_ready 0.0"));
    committee.node(1).edge.state = new TokenState.Ready();
    assertEquals(200, get("/ready").statusCode());
  }

  @ParameterizedTest
  @EnumSource(State.class)
  void stateAlwaysAnswersAndReadyOnlyWhenOperational(State state) throws Exception {
    committee.node(1).enclave.state = state;
    var answer = get("/state");
    assertEquals(200, answer.statusCode());
    assertEquals(state.name(), JSON.readTree(answer.body()).path("state").asText());
    assertEquals(state == State.OPERATIONAL ? 200 : 503, get("/ready").statusCode());
  }

  @Test
  void metricsHaveTheNamesOfTheDesign() throws Exception {
    var text = get("/metrics").body();
    for (var line :
        new String[] {
          "sharekeep_state{state=\"OPERATIONAL\"} 1.0",
          "sharekeep_ready 1.0",
          "sharekeep_frozen 0.0",
          "sharekeep_build_info{version=\"test\"} 1",
          "sharekeep_secret_memory_info{mode=\"mlock\"} 1",
          "sharekeep_audit_log_size 7.0",
          "sharekeep_peer_up{peer=\"2\"}",
          "sharekeep_queue_depth{pool=\"client\"} 0.0",
          "sharekeep_queue_rejected_total{pool=\"client\"} 0.0",
          "sharekeep_round_seconds_total{protocol=\"frost-sign\",round=\"1\"} 1.5",
          "sharekeep_share_open_seconds_bucket{le=\"0.001\"} 2",
          "sharekeep_share_open_seconds_bucket{le=\"+Inf\"} 3",
          "sharekeep_share_open_seconds_sum 0.007",
          "sharekeep_hsm_operation_duration_seconds_bucket{op=\"sign\",token=\"edge\",le=\"0.01\"}"
              + " 2",
          "sharekeep_hsm_operation_duration_seconds_count{op=\"sign\",token=\"edge\"} 3",
          "sharekeep_hsm_failures_total{op=\"sign\",token=\"edge\"} 1.0",
          "sharekeep_hsm_losses_total{token=\"edge\"} 5.0",
          "sharekeep_hsm_relogins_total{token=\"edge\"} 4.0",
          "sharekeep_hsm_reinitialisations_total{token=\"edge\"} 1.0",
          "sharekeep_hsm_sessions{state=\"in_use\",token=\"edge\"} 1.0",
          "sharekeep_hsm_sessions{state=\"permitted\",token=\"edge\"} 4.0",
          "sharekeep_hsm_sessions{state=\"waited_for\",token=\"edge\"} 2.0",
          "sharekeep_hsm_without_seconds_total{token=\"edge\"} 2.5",
          "sharekeep_slabs{state=\"lent\"} 0.0",
          "result=\"signed\"",
          "sharekeep_start_timestamp_seconds"
        }) {
      assertTrue(text.contains(line), line + "\n" + text);
    }
    committee.node(1).enclave.ready = false;
    assertTrue(get("/metrics").body().contains("sharekeep_ready 0.0"));
  }

  @Test
  void nothingElseIsThere() throws Exception {
    assertEquals(404, get("/v1/keys").statusCode());
    var post =
        HTTP.send(
            HttpRequest.newBuilder(URI.create(committee.node(1).healthUrl() + "/live"))
                .POST(HttpRequest.BodyPublishers.ofString("x"))
                .build(),
            BodyHandlers.ofString());
    assertEquals(405, post.statusCode());
  }
}
