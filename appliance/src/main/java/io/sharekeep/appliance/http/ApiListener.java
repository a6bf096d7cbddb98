package io.sharekeep.appliance.http;

import com.fasterxml.jackson.databind.node.TextNode;
import io.sharekeep.enclave.CallerIdentity;
import io.sharekeep.enclave.Enclave;
import io.sharekeep.enclave.Refusal;
import io.sharekeep.pkcs11.edge.PinnedTrust;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.X509KeyManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One TLS listener: reads a request whole, finds its route, asks whether connection and state admit
 * it, runs the handler on a virtual thread and answers. Everything that goes wrong becomes a
 * problem; what a handler throws is logged and never shown.
 */
final class ApiListener {
  private static final Logger LOG = LoggerFactory.getLogger(ApiListener.class);
  private static final int MAX_HEADER_BYTES = 16 * 1024;

  /** Of bodies in hand; a body is held some five times over while it is read and decoded. */
  private static final int BODIES_BYTES = 8 * 1024 * 1024;

  private static final String ARRIVING = "arriving";

  private final Route.Listener listener;
  private final Vertx vertx;
  private final Enclave enclave;
  private final int bodyLimit;
  private final Listeners.Patience patience;
  private final Admission admission;
  private final Connections connections;
  private final Bodies bodies;
  private final HttpMetrics metrics;
  private final Drain drain;
  private final ExecutorService executor;
  private final Router router;

  ApiListener(
      Route.Listener listener,
      Vertx vertx,
      Enclave enclave,
      Routes routes,
      int bodyLimit,
      Listeners.Patience patience,
      Admission admission,
      Connections connections,
      HttpMetrics metrics,
      Drain drain,
      ExecutorService executor) {
    this.listener = listener;
    this.vertx = vertx;
    this.enclave = enclave;
    this.bodyLimit = bodyLimit;
    this.patience = patience;
    this.admission = admission;
    this.connections = connections;
    this.bodies = new Bodies(Math.max(BODIES_BYTES, bodyLimit));
    this.metrics = metrics;
    this.drain = drain;
    this.executor = executor;
    this.router = Router.router(vertx);
    router
        .route()
        .handler(context -> {
          connections.asked(context.request().connection());
          context.next();
        })
        .failureHandler(context -> {
          if (!context.response().closed()) {
            context.next(); // else whoever asked has gone in the middle, which is no fault
          }
        });
    for (var route : routes.all()) {
      if (route.listeners().contains(listener)) {
        add(route);
      }
    }
    router.errorHandler(
        404,
        context ->
            unrouted(context, FaceProblem.UNKNOWN_ROUTE, "GET /v1/openapi lists what there is"));
    router.errorHandler(
        405,
        context ->
            unrouted(
                context, FaceProblem.METHOD_NOT_ALLOWED, "GET /v1/openapi lists what there is"));
    router.errorHandler(413, this::tooLarge);
    router.errorHandler(400, context -> unrouted(context, FaceProblem.MALFORMED, "bad HTTP"));
    router.errorHandler(500, this::failed);
  }

  /** TLS 1.3, mutual; handshakes run on worker threads because the key is in the HSM. */
  HttpServer server(String host, int port, X509KeyManager key, PinnedTrust trust) {
    var options =
        new HttpServerOptions()
            .setHost(host)
            .setPort(port)
            .setSsl(true)
            .setUseAlpn(true)
            .setKeyCertOptions(KeyCertOptions.wrap(key))
            .setTrustOptions(TrustOptions.wrap(trust))
            .setClientAuth(ClientAuth.REQUIRED)
            .setEnabledSecureTransportProtocols(Set.of("TLSv1.3"))
            .setSslEngineOptions(new JdkSSLEngineOptions().setUseWorkerThread(true))
            .setSslHandshakeTimeout(patience.handshake().toMillis())
            .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
            .setMaxHeaderSize(MAX_HEADER_BYTES)
            .setIdleTimeout((int) patience.idle().toMillis())
            .setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
    return vertx
        .createHttpServer(options)
        .connectionHandler(connections::known)
        .requestHandler(router);
  }

  private void add(Route route) {
    var path = route.pattern();
    var method = HttpMethod.valueOf(route.method());
    if (route.consumes().isPresent()) {
      // On a route of its own: the content type is judged before a byte of the body is read.
      router.route(method, path).handler(context -> expectBody(context, route));
      router
          .route(method, path)
          .handler(
              BodyHandler.create(false)
                  .setBodyLimit(bodyLimit)
                  .setHandleFileUploads(false)
                  .setMergeFormAttributes(false));
    }
    router.route(method, path).handler(context -> admit(context, route));
  }

  private void expectBody(RoutingContext context, Route route) {
    var type = Optional.ofNullable(context.request().getHeader(HttpHeaders.CONTENT_TYPE));
    var expected = route.consumes().orElseThrow();
    if (!type.map(ApiListener::mediaType).equals(Optional.of(expected))) {
      end(
          context,
          route.path(),
          Reply.of(Problem.of(FaceProblem.CONTENT_TYPE, "send Content-Type: " + expected)));
      return;
    }
    var connection = context.request().connection();
    Runnable giveWay =
        () -> {
          var _ = connection.close();
        };
    var body = bodies.take(length(context), giveWay);
    if (body.isEmpty()) {
      end(context, route.path(), overloaded());
      return;
    }
    long timer = vertx.setTimer(patience.body().toMillis(), _ -> giveWay.run());
    context.put(ARRIVING, new Arriving(body.get(), timer));
    context.addEndHandler(_ -> {
      vertx.cancelTimer(timer);
      body.get().gone();
    });
    context.next();
  }

  private record Arriving(Bodies.Body body, long timer) {}

  /** What it says of itself, which HTTP holds it to, or the most that there may be. */
  private int length(RoutingContext context) {
    var said = context.request().getHeader(HttpHeaders.CONTENT_LENGTH);
    try {
      return said == null ? bodyLimit : Math.clamp(Long.parseLong(said), 0, bodyLimit);
    } catch (NumberFormatException e) {
      return bodyLimit;
    }
  }

  private static String mediaType(String header) {
    var parts = header.toLowerCase(Locale.ROOT).split(";", -1);
    for (int i = 1; i < parts.length; i++) {
      if (!parts[i].strip().equals("charset=utf-8")) {
        return "";
      }
    }
    return parts[0].strip();
  }

  /** Event loop: takes a place, or turns the caller away before any work is done for it. */
  private void admit(RoutingContext context, Route route) {
    if (context.get(ARRIVING) instanceof Arriving(var body, long timer)) {
      vertx.cancelTimer(timer);
      body.arrived();
    }
    if (drain.begun() && begins(route)) {
      end(context, route.path(), Reply.of(Problem.of(Routes.STOPPING)));
      return;
    }
    if (!admission.enter()) {
      end(context, route.path(), overloaded());
      return;
    }
    drain.entered();
    long begin = System.nanoTime();
    var loop = vertx.getOrCreateContext();
    var body = context.body();
    byte[] bytes = body == null || body.buffer() == null ? new byte[0] : body.buffer().getBytes();
    var parameters = Route.parameters(context.pathParams());
    var trace = Trace.of(Optional.ofNullable(context.request().getHeader(Trace.HEADER)));
    var lastEventId = Optional.ofNullable(context.request().getHeader("Last-Event-ID"));
    try {
      executor.execute(() -> {
        Reply reply;
        try {
          reply = run(context, route, parameters, bytes, lastEventId, trace);
        } finally {
          admission.leave();
        }
        metrics.observe(route.path(), reply.status(), System.nanoTime() - begin);
        if (!Listeners.post(loop, () -> write(context, reply).onComplete(_ -> drain.answered()))) {
          drain.answered();
        }
      });
    } catch (RejectedExecutionException e) {
      admission.leave();
      drain.answered();
      end(context, route.path(), overloaded());
    }
  }

  /** A client's order begins a session; so does a peer that asks whether this party is there. */
  private boolean begins(Route route) {
    return switch (listener) {
      case CLIENT -> route.consumes().isPresent();
      case PEER -> route.path().equals(Routes.STATUS);
    };
  }

  /** Virtual thread. Never throws: whatever happens becomes a reply. */
  private Reply run(
      RoutingContext context,
      Route route,
      Map<String, String> parameters,
      byte[] body,
      Optional<String> lastEventId,
      Trace trace) {
    try {
      var caller = caller(context);
      if (listener == Route.Listener.CLIENT
          && caller.stream().noneMatch(c -> c.roles().stream().anyMatch(route.roles()::contains))) {
        return Reply.of(notAdmitted(caller, route));
      }
      var status = enclave.status();
      if (route.operation().isPresent() && !status.state().admits(route.operation().get())) {
        return Reply.of(
            Problem.notAdmitted(
                status.state(),
                route.operation().get(),
                status.reason().map(reason -> " (" + reason + ")").orElse("")));
      }
      return route.handler().handle(new Call(parameters, body, lastEventId, caller, trace));
    } catch (StrictJson.Malformed e) {
      return Reply.of(
          Problem.of(FaceProblem.MALFORMED, Optional.ofNullable(e.getMessage()).orElse("")));
    } catch (RuntimeException | Error e) {
      LOG.atError()
          .setCause(e)
          .addKeyValue("trace.id", trace.id())
          .addKeyValue("url.path", route.path())
          .log("a request failed");
      return Reply.of(internal(trace));
    }
  }

  private Optional<CallerIdentity> caller(RoutingContext context) {
    if (listener == Route.Listener.PEER) {
      return Optional.empty();
    }
    try {
      var certificates = context.request().connection().sslSession().getPeerCertificates();
      return enclave.caller(PinnedTrust.digest(certificates[0].getPublicKey()));
    } catch (SSLPeerUnverifiedException e) {
      return Optional.empty();
    }
  }

  private static Problem notAdmitted(Optional<CallerIdentity> caller, Route route) {
    var who =
        caller
            .map(c -> c.name() + " has the roles " + c.roles())
            .orElse("the policy in force knows no client with this certificate's key");
    return Problem.of(
        FaceProblem.CALLER_NOT_ADMITTED,
        who + "; this needs one of " + route.roles() + ". The owner of the policy grants roles");
  }

  private static Reply overloaded() {
    return Reply.of(
        Problem.of(
            new Refusal(
                Refusal.Code.OVERLOADED, "too many requests at once; ask again in a second")));
  }

  private static Problem internal(Trace trace) {
    return Problem.of(
            FaceProblem.INTERNAL,
            "this is a fault of the appliance; its log has it under the trace id")
        .with("traceId", TextNode.valueOf(trace.id()));
  }

  private void tooLarge(RoutingContext context) {
    unrouted(context, FaceProblem.BODY_TOO_LARGE, "a body is at most " + bodyLimit + " bytes here");
  }

  private void unrouted(RoutingContext context, FaceProblem problem, String detail) {
    // The path is the caller's and may be anything: it is no metric label.
    end(context, "unrouted", Reply.of(Problem.of(problem, detail)));
  }

  private void failed(RoutingContext context) {
    var trace = Trace.begin();
    LOG.atError()
        .setCause(context.failure())
        .addKeyValue("trace.id", trace.id())
        .log("a request failed before its handler");
    end(context, "unrouted", Reply.of(internal(trace)));
  }

  private void end(RoutingContext context, String route, Reply reply) {
    metrics.observe(route, reply.status(), 0);
    var _ = write(context, reply);
  }

  /** Completes when the answer is on its way, or nobody is there to have it. */
  private Future<Void> write(RoutingContext context, Reply reply) {
    var response = context.response();
    var connection = context.request().connection();
    if (response.ended() || response.closed()) {
      reply.stream().ifPresent(EventStream::abandon);
      connections.answered(connection);
      return Future.succeededFuture();
    }
    reply.headers().forEach(response::putHeader);
    response
        .setStatusCode(reply.status())
        .putHeader(HttpHeaders.CONTENT_TYPE, reply.mediaType())
        .putHeader("Cache-Control", "no-store");
    if (reply.stream().isPresent()) {
      response.setChunked(true);
      reply.stream()
          .get()
          .start(
              vertx, vertx.getOrCreateContext(), response, () -> connections.answered(connection));
      return Future.succeededFuture();
    }
    long timer = vertx.setTimer(patience.answer().toMillis(), _ -> connections.cutOff(connection));
    return response
        .end(Buffer.buffer(reply.body()))
        .onComplete(_ -> {
          vertx.cancelTimer(timer);
          connections.answered(connection);
        });
  }
}
