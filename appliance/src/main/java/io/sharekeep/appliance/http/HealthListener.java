package io.sharekeep.appliance.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.sharekeep.enclave.Check;
import io.sharekeep.enclave.Enclave;
import io.sharekeep.enclave.Refusal;
import io.sharekeep.enclave.State;
import io.sharekeep.enclave.TokenCheck;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Plain HTTP for probes and scrapes (operations, section 5). It answers in every state and shows no
 * secret; only GET, and no body is read.
 */
final class HealthListener {
  private static final Logger LOG = LoggerFactory.getLogger(HealthListener.class);

  /** An event loop that has not turned for so long is stuck. */
  private static final long LIVE_SECONDS = 2;

  private static final int MAX_HEADER_BYTES = 8 * 1024;
  private static final int IDLE_SECONDS = 30;
  private static final int AT_ONCE = 32;

  private final Vertx vertx;
  private final Enclave enclave;
  private final Edge edge;
  private final PrometheusRegistry registry;
  private final Drain drain;
  private final Supplier<List<Context>> loops;
  private final String version;
  private final ExecutorService executor;
  private final Admission admission = new Admission(AT_ONCE);

  HealthListener(
      Vertx vertx,
      Enclave enclave,
      Edge edge,
      PrometheusRegistry registry,
      Drain drain,
      Supplier<List<Context>> loops,
      String version,
      ExecutorService executor) {
    this.vertx = vertx;
    this.enclave = enclave;
    this.edge = edge;
    this.registry = registry;
    this.drain = drain;
    this.loops = loops;
    this.version = version;
    this.executor = executor;
  }

  HttpServer server(String host, int port) {
    var options =
        new HttpServerOptions()
            .setHost(host)
            .setPort(port)
            .setMaxHeaderSize(MAX_HEADER_BYTES)
            .setIdleTimeout(IDLE_SECONDS);
    return vertx.createHttpServer(options).requestHandler(this::handle);
  }

  private void handle(HttpServerRequest request) {
    var loop = vertx.getOrCreateContext();
    var path = Optional.ofNullable(request.path()).orElse("");
    if (!admission.enter()) {
      write(request, overloaded());
      return;
    }
    try {
      executor.execute(() -> {
        Reply reply;
        try {
          reply = reply(request.method(), path);
        } finally {
          admission.leave();
        }
        var _ = Listeners.post(loop, () -> write(request, reply));
      });
    } catch (RejectedExecutionException e) {
      admission.leave();
      write(request, overloaded());
    }
  }

  private static Reply overloaded() {
    return Reply.of(Problem.of(new Refusal(Refusal.Code.OVERLOADED, "too many probes at once")));
  }

  private static void write(HttpServerRequest request, Reply reply) {
    if (!request.response().closed()) {
      reply.headers().forEach(request.response()::putHeader);
      var _ =
          request
              .response()
              .setStatusCode(reply.status())
              .putHeader("Content-Type", reply.mediaType())
              .putHeader("Cache-Control", "no-store")
              .end(Buffer.buffer(reply.body()));
    }
  }

  private Reply reply(HttpMethod method, String path) {
    if (!HttpMethod.GET.equals(method)) {
      return Reply.of(Problem.of(FaceProblem.METHOD_NOT_ALLOWED, "only GET here"));
    }
    try {
      return switch (path) {
        case "/live" -> live();
        case "/ready" -> ready();
        case "/state" -> Reply.json(200, StatusJson.state(enclave.status(), version));
        case "/metrics" -> metrics();
        default ->
            Reply.of(
                Problem.of(
                    FaceProblem.UNKNOWN_ROUTE, "here are /live, /ready, /state and /metrics"));
      };
    } catch (RuntimeException | IOException | Error e) {
      LOG.error("a probe failed", e);
      return Reply.of(
          Problem.of(FaceProblem.INTERNAL, "this is a fault of the appliance; see its log"));
    }
  }

  private Reply live() {
    var contexts = loops.get();
    var turned = new CountDownLatch(contexts.size());
    contexts.forEach(context -> context.runOnContext(_ -> turned.countDown()));
    boolean live;
    try {
      live = turned.await(LIVE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      live = false;
    }
    var json = JsonNodeFactory.instance.objectNode().put("live", live);
    return Reply.json(live ? 200 : 503, json);
  }

  private Reply ready() {
    var status = enclave.status();
    var checks =
        status.state() == State.OPERATIONAL ? readiness(enclave, edge, drain) : List.<Check>of();
    boolean ready = status.state() == State.OPERATIONAL && checks.stream().allMatch(Check::passed);
    var json = JsonNodeFactory.instance.objectNode();
    json.put("ready", ready);
    json.put("state", status.state().name());
    var list = json.putArray("checks");
    for (var check : checks) {
      list.addObject()
          .put("name", check.name())
          .put("passed", check.passed())
          .put("detail", check.detail());
    }
    var reply = Reply.json(ready ? 200 : 503, json);
    return new Reply(
        reply.status(),
        reply.mediaType(),
        reply.body(),
        Map.of("Sharekeep-State", status.state().name()));
  }

  /** Without the edge token nobody new gets in, so an appliance that lost it is not ready. */
  static List<Check> readiness(Enclave enclave, Edge edge, Drain drain) {
    var checks = new ArrayList<>(enclave.readiness());
    checks.add(
        TokenCheck.lost("edge", edge.state())
            .orElseGet(() -> new Check("edge", true, "the edge token is logged in and answers")));
    if (drain.begun()) {
      checks.add(new Check("stopping", false, "the appliance was told to stop"));
    }
    return checks;
  }

  private Reply metrics() throws IOException {
    var out = new ByteArrayOutputStream();
    PrometheusTextFormatWriter.create()
        .write(out, registry.scrape(), EscapingScheme.UNDERSCORE_ESCAPING);
    return new Reply(200, PrometheusTextFormatWriter.CONTENT_TYPE, out.toByteArray(), Map.of());
  }
}
