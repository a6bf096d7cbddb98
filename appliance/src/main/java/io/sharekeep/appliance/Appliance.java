package io.sharekeep.appliance;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sharekeep.appliance.admin.AdminSocket;
import io.sharekeep.appliance.http.Edge;
import io.sharekeep.appliance.http.Listeners;
import io.sharekeep.appliance.peer.Coordinator;
import io.sharekeep.appliance.peer.PeerTimeouts;
import io.sharekeep.appliance.peer.PinnedClients;
import io.sharekeep.enclave.Enclave;
import io.sharekeep.enclave.EnclaveConfiguration;
import io.sharekeep.enclave.EnclaveConfiguration.SecretMemory;
import io.sharekeep.enclave.Enclaves;
import io.sharekeep.enclave.StartupException;
import io.sharekeep.enclave.TokenPlace;
import io.sharekeep.pkcs11.edge.EdgeConfiguration;
import io.sharekeep.pkcs11.edge.EdgeTls;
import io.sharekeep.pkcs11.edge.EdgeToken;
import io.sharekeep.pkcs11.terms.Backend;
import io.sharekeep.pkcs11.terms.TokenLibrary;
import io.sharekeep.pkcs11.terms.TokenState;
import io.sharekeep.pkcs11.terms.TokenStatistics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running appliance. Services are put together here and nowhere else.
 *
 * <p>{@link #close} stops listening, lets rounds end, wipes and logs out; a second call does
 * nothing.
 */
public final class Appliance implements AutoCloseable {
  /** What {@code --version}, {@code /state} and the metrics say. */
  public static final String VERSION = version();

  private static final Logger LOG = LoggerFactory.getLogger(Appliance.class);

  /** The longest life of a session, from the design (protocols, section 7.2). */
  private static final Duration SESSION_LIMIT = Duration.ofMinutes(5);

  private final EdgeToken edge;
  private final TlsCertificate certificate;
  private final Enclave enclave;
  private final PinnedClients clients;
  private final Coordinator coordinator;
  private final Listeners listeners;
  private final AdminSocket admin;
  private boolean closed;

  private Appliance(
      EdgeToken edge,
      TlsCertificate certificate,
      Enclave enclave,
      PinnedClients clients,
      Coordinator coordinator,
      Listeners listeners,
      AdminSocket admin) {
    this.edge = edge;
    this.certificate = certificate;
    this.enclave = enclave;
    this.clients = clients;
    this.coordinator = coordinator;
    this.listeners = listeners;
    this.admin = admin;
  }

  /**
   * Opens both tokens, the enclave and then the listeners; on any failure what was opened is closed
   * again.
   *
   * @throws StartupException and other unchecked exceptions of the parts, whose messages say what
   *     is wrong and what to do
   */
  public static Appliance start(ApplianceConfiguration configuration) {
    provisioned(configuration.stateDirectory());
    var opened = new Unwinding();
    try {
      EdgeTls.register();
      var edge = opened.with(EdgeToken.open(edge(configuration.hsm())));
      var certificate =
          opened.with(
              TlsCertificate.open(configuration.certificate(), edge, InstantSource.system()));
      var key = certificate.keyManager();
      var enclave = opened.with(Enclaves.open(enclave(configuration)));
      var clients = opened.with(new PinnedClients(key, PeerTimeouts.DEFAULT.connect()));
      var coordinator =
          opened.with(
              new Coordinator(
                  enclave, clients, configuration.limits().bodyBytes(), PeerTimeouts.DEFAULT));
      var listeners =
          opened.with(
              new Listeners(
                  new Listeners.Settings(
                      configuration.listeners().peer(),
                      configuration.listeners().client(),
                      configuration.listeners().health(),
                      configuration.limits().bodyBytes(),
                      configuration.limits().concurrentRequests()),
                  enclave,
                  coordinator,
                  key,
                  new EdgeOf(edge, certificate),
                  VERSION));
      var admin =
          opened.with(
              AdminSocket.open(
                  configuration.adminSocket(), AdminCommands.of(enclave, certificate)));
      coordinator.start();
      certificate.watch();
      var status = enclave.status();
      LOG.atInfo()
          .addKeyValue("event.action", "start")
          .addKeyValue("sharekeep.state", status.state().name())
          .addKeyValue("sharekeep.party", (long) status.party())
          .addKeyValue("sharekeep.reason", status.reason().orElse(""))
          .addKeyValue("sharekeep.secret_memory", status.secretMemory())
          .addKeyValue("sharekeep.port.peer", (long) listeners.peerPort())
          .addKeyValue("sharekeep.port.client", (long) listeners.clientPort())
          .addKeyValue("sharekeep.port.health", (long) listeners.healthPort())
          .log("appliance started");
      return new Appliance(edge, certificate, enclave, clients, coordinator, listeners, admin);
    } catch (RuntimeException | Error e) {
      opened.unwind();
      throw e;
    }
  }

  /** Said before a token is touched: what is missing then is not the token's. */
  private static void provisioned(Path folder) {
    try (var files = Files.list(folder)) {
      if (files.findAny().isPresent()) {
        return;
      }
    } catch (NotDirectoryException | NoSuchFileException e) {
      // Said below, as of an empty folder.
    } catch (IOException e) {
      throw new StartupException(
          StartupException.Code.STATE_DIRECTORY,
          "the state folder " + folder + " cannot be read; it must belong to this user",
          e);
    }
    throw new StartupException(
        StartupException.Code.UNPROVISIONED,
        "the state folder "
            + folder
            + " holds no appliance yet; sharekeep init makes one, or correct stateDirectory");
  }

  /** The edge half of the configuration. */
  public static EdgeConfiguration edge(ApplianceConfiguration.Hsm hsm) {
    var edge = hsm.edge();
    return new EdgeConfiguration(library(edge), edge.label(), edge.pinFile());
  }

  /** A token's library and how it is to be used, as the HSM bridge says it. */
  public static TokenLibrary library(TokenPlace place) {
    return new TokenLibrary(
        place.library(),
        place.librarySha256(),
        place.parameters(),
        place.profile(),
        Backend.of(place.backend()).orElseThrow());
  }

  /** The core half of the configuration. */
  public static EnclaveConfiguration enclave(ApplianceConfiguration configuration) {
    return new EnclaveConfiguration(
        configuration.stateDirectory(),
        configuration.hsm().core(),
        configuration.hsm().fallback(),
        configuration.requireMemfdSecret()
            ? SecretMemory.REQUIRE_MEMFD_SECRET
            : SecretMemory.ALLOW_MLOCK,
        configuration.signingThreads(),
        SESSION_LIMIT,
        configuration.presignatures());
  }

  public Enclave enclave() {
    return enclave;
  }

  public int peerPort() {
    return listeners.peerPort();
  }

  public int clientPort() {
    return listeners.clientPort();
  }

  public int healthPort() {
    return listeners.healthPort();
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    // From the outside in: nobody new gets in, then what runs ends, then the secrets go.
    try (edge;
        certificate;
        enclave;
        clients;
        coordinator;
        listeners;
        admin) {
      LOG.atInfo().addKeyValue("event.action", "stop").log("appliance stopping");
    }
  }

  /** The build writes it into the jar; what was compiled by hand has none. */
  private static String version() {
    try (var in = Appliance.class.getResourceAsStream("version")) {
      var text = in == null ? "" : new String(in.readAllBytes(), UTF_8).strip();
      return text.isEmpty() || text.startsWith("$") ? "development" : text;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The edge token as health and metrics see it. */
  private record EdgeOf(EdgeToken token, TlsCertificate certificate) implements Edge {
    @Override
    public Instant certificateEnd() {
      return certificate.end();
    }

    @Override
    public TokenState state() {
      return token.state();
    }

    @Override
    public TokenStatistics statistics() {
      return token.statistics();
    }
  }

  /** What has been opened so far, closed in reverse when the next part fails. */
  private static final class Unwinding {
    private final java.util.ArrayDeque<AutoCloseable> parts = new java.util.ArrayDeque<>();

    <T extends AutoCloseable> T with(T part) {
      parts.push(part);
      return part;
    }

    void unwind() {
      for (var part : parts) {
        try {
          part.close();
        } catch (Exception e) {
          // The failure that is on its way out matters more; this one goes to the log.
          LOG.warn("closing after a failed start", e);
        }
      }
    }
  }
}
