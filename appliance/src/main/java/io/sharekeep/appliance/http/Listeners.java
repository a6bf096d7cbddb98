package io.sharekeep.appliance.http;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.sharekeep.appliance.peer.Coordinator;
import io.sharekeep.appliance.peer.StepCodec;
import io.sharekeep.enclave.Documents;
import io.sharekeep.enclave.Enclave;
import io.sharekeep.pkcs11.edge.PinnedTrust;
import io.vertx.core.Context;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.X509KeyManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The three listeners of an appliance, open. Closing lets nothing new begin, waits for what runs,
 * and then closes.
 */
public final class Listeners implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);
  private static final int EVENT_LOOPS = 3;
  private static final long START_SECONDS = 20;
  private static final long CLOSE_SECONDS = 10;

  private final Vertx vertx;
  private final ExecutorService executor;
  private final Drain drain = new Drain();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final ConcurrentLinkedQueue<Context> loops = new ConcurrentLinkedQueue<>();
  private final int peerPort;
  private final int clientPort;
  private final int healthPort;

  /**
   * What to open.
   *
   * @param peer port 0 takes a free one
   * @param bodyBytes longest request body
   * @param concurrentRequests at once, per TLS listener; more get 503
   * @param connections at once, per listener
   */
  public record Settings(
      InetSocketAddress peer,
      InetSocketAddress client,
      InetSocketAddress health,
      int bodyBytes,
      int concurrentRequests,
      int connections,
      Patience patience) {
    /** With the connections and the patience of an appliance. */
    public Settings(
        InetSocketAddress peer,
        InetSocketAddress client,
        InetSocketAddress health,
        int bodyBytes,
        int concurrentRequests) {
      this(
          peer, client, health, bodyBytes, concurrentRequests, Connections.LIMIT, Patience.DEFAULT);
    }
  }

  /**
   * With whoever is slow on the TLS listeners.
   *
   * @param handshake from the connection until the client has shown who it is
   * @param body from the headers to the last byte of a body
   * @param answer until the client has taken it
   * @param idle without a byte either way
   */
  public record Patience(Duration handshake, Duration body, Duration answer, Duration idle) {
    public static final Patience DEFAULT =
        new Patience(
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            Duration.ofSeconds(60));
  }

  /**
   * Opens all three or none.
   *
   * @param key the edge token's TLS key with its certificate
   * @param edge that token
   * @throws ListenFailure if a port is taken or an address is not this host's
   */
  public Listeners(
      Settings settings,
      Enclave enclave,
      Coordinator coordinator,
      X509KeyManager key,
      Edge edge,
      String version) {
    // Without its file cache, since nothing is ever served from files.
    var connections = new Connections(settings.connections());
    vertx =
        Vertx.builder()
            .with(
                new VertxOptions()
                    .setEventLoopPoolSize(EVENT_LOOPS)
                    .setFileSystemOptions(
                        new FileSystemOptions()
                            .setFileCachingEnabled(false)
                            .setClassPathResolvingEnabled(false)))
            .withTransport(new GuardedTransport(connections))
            .build();
    executor = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("request-", 0).factory());
    var registry = new PrometheusRegistry();
    var metrics = new HttpMetrics(registry);
    var peers = new Admission(settings.concurrentRequests());
    var clients = new Admission(settings.concurrentRequests());
    var admissions = Map.of("peer", peers, "client", clients);
    registry.register(
        new EnclaveMetrics(enclave, edge, coordinator, admissions, drain, version, Instant.now()));
    var routes =
        new Routes(enclave, coordinator, new StepCodec(settings.bodyBytes()), drain, version);
    try {
      peerPort =
          listen(
              "peer",
              settings.peer(),
              api(Route.Listener.PEER, enclave, routes, settings, peers, connections, metrics)
                  .server(
                      settings.peer().getHostString(),
                      settings.peer().getPort(),
                      key,
                      PinnedTrust.of(
                          pin -> isPeer(enclave.documents(), pin), InstantSource.system())));
      clientPort =
          listen(
              "client",
              settings.client(),
              api(Route.Listener.CLIENT, enclave, routes, settings, clients, connections, metrics)
                  .server(
                      settings.client().getHostString(),
                      settings.client().getPort(),
                      key,
                      PinnedTrust.of(
                          pin -> enclave.caller(HexFormat.of().parseHex(pin)).isPresent(),
                          InstantSource.system())));
      healthPort =
          listen(
              "health",
              settings.health(),
              new HealthListener(
                      vertx,
                      enclave,
                      edge,
                      registry,
                      drain,
                      () -> List.copyOf(loops),
                      version,
                      executor)
                  .server(settings.health().getHostString(), settings.health().getPort()));
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private ApiListener api(
      Route.Listener listener,
      Enclave enclave,
      Routes routes,
      Settings settings,
      Admission admission,
      Connections connections,
      HttpMetrics metrics) {
    return new ApiListener(
        listener,
        vertx,
        enclave,
        routes,
        settings.bodyBytes(),
        settings.patience(),
        admission,
        connections,
        metrics,
        drain,
        executor);
  }

  static boolean isPeer(Documents documents, String pin) {
    return documents.committees().stream()
        .flatMap(committee -> committee.parties().stream())
        .anyMatch(party -> party.tlsPin().equals(pin));
  }

  /** Each server gets an event loop of its own, which the liveness probe watches. */
  private int listen(String name, InetSocketAddress address, HttpServer server) {
    var service = new Service(server);
    try {
      var _ = await(vertx.deployVerticle(service).toCompletionStage().toCompletableFuture());
      loops.add(service.eventLoop());
      return server.actualPort();
    } catch (ExecutionException | TimeoutException e) {
      throw new ListenFailure(
          "cannot open the "
              + name
              + " listener on "
              + address.getHostString()
              + ":"
              + address.getPort()
              + ": the port is taken or the address is not this host's. Free it or change"
              + " listeners."
              + name
              + " in the configuration",
          e);
    }
  }

  /** Vert.x gives each verticle a context of its own. */
  private static final class Service extends VerticleBase {
    private final HttpServer server;

    private Service(HttpServer server) {
      this.server = server;
    }

    @Override
    public io.vertx.core.Future<?> start() {
      return server.listen();
    }

    private Context eventLoop() {
      return context;
    }
  }

  private static <T> T await(Future<T> future) throws ExecutionException, TimeoutException {
    try {
      return future.get(START_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while starting", e);
    }
  }

  /** Runs on the event loop. False if that has ended: then nobody waits for an answer any more. */
  static boolean post(Context loop, Runnable action) {
    try {
      loop.runOnContext(_ -> action.run());
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  public int peerPort() {
    return peerPort;
  }

  public int clientPort() {
    return clientPort;
  }

  public int healthPort() {
    return healthPort;
  }

  /** A second call does nothing. */
  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    if (!drain.finish(Drain.LIMIT)) {
      LOG.atWarn()
          .addKeyValue("event.action", "stop")
          .log("some requests did not end in {} s and are cut off", Drain.LIMIT.toSeconds());
    }
    try {
      vertx.close().toCompletionStage().toCompletableFuture().get(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      // The sockets go with the process; what runs is ended below all the same.
    }
    executor.shutdownNow();
  }
}
