package io.sharekeep.appliance.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.sharekeep.appliance.Appliance;
import io.sharekeep.appliance.ApplianceConfiguration;
import io.sharekeep.enclave.Check;
import io.sharekeep.enclave.Enclaves;
import io.sharekeep.enclave.TokenPlace;
import io.sharekeep.pkcs11.edge.EdgeToken;
import io.sharekeep.pkcs11.terms.TokenException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code sharekeep doctor}. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = {
      "Checks host and configuration and prints what to change.",
      "Changes nothing. Run it while the appliance is stopped: then it can also try "
          + "ports and the edge token. Exit 0 if nothing must change, else 2."
    })
final class Doctor implements Callable<Integer> {
  private static final int JDK = 25;
  private static final long MEMLOCK_BYTES = 64L * 1024 * 1024;
  private static final Duration CERTIFICATE_WARNING = Duration.ofDays(30);

  @SuppressWarnings("NullAway.Init") // picocli sets it before the call
  @ParentCommand
  Sharekeep parent;

  @Mixin Configured configured = new Configured();
  @Mixin Output output = new Output();

  @Option(names = "--no-token", description = "Do not log in to the edge token.")
  boolean noToken;

  private final List<Check> checks = new ArrayList<>();
  private final Set<Path> libraries = new HashSet<>();

  @Override
  public Integer call() {
    host();
    var file = configured.file(parent.environment());
    Optional<ApplianceConfiguration> configuration = Optional.empty();
    try {
      configuration = Optional.of(configured.read(parent.environment()));
      add("configuration", true, file + " is complete");
    } catch (io.sharekeep.appliance.config.ConfigurationProblem e) {
      add("configuration", false, Objects.toString(e.getMessage()));
    }
    configuration.ifPresent(this::configured);
    var json = JsonNodeFactory.instance.objectNode();
    boolean healthy = checks.stream().allMatch(Check::passed);
    json.put("healthy", healthy);
    var list = json.putArray("checks");
    for (var check : checks) {
      list.addObject()
          .put("result", check.passed() ? "ok" : "change")
          .put("check", check.name())
          .put("detail", check.detail());
    }
    output.print(parent.out(), json, List.of("result", "check", "detail"), list);
    return healthy ? ExitCode.DONE : ExitCode.USAGE;
  }

  private void add(String name, boolean passed, String detail) {
    checks.add(new Check(name, passed, detail));
  }

  private void host() {
    int feature = Runtime.version().feature();
    add(
        "jdk",
        feature >= JDK,
        feature >= JDK
            ? "Java " + Runtime.version()
            : "this is Java " + feature + "; install JDK 25 and set SHAREKEEP_JDK to it");
    memlock();
    checks.addAll(Enclaves.inspect());
    swap();
  }

  private void memlock() {
    try {
      for (var line : Files.readAllLines(Path.of("/proc/self/limits"))) {
        if (line.startsWith("Max locked memory")) {
          var soft = line.substring(26).strip().split(" +", 2)[0];
          boolean enough = soft.equals("unlimited") || Long.parseLong(soft) >= MEMLOCK_BYTES;
          add(
              "memlock",
              enough,
              enough
                  ? "locked memory: " + soft
                  : "only "
                      + soft
                      + " bytes may be locked; set LimitMEMLOCK=64M in the service, or ulimit -l"
                      + " 65536");
        }
      }
    } catch (IOException | NumberFormatException e) {
      add("memlock", false, "cannot read /proc/self/limits; this is meant for Linux");
    }
  }

  private void swap() {
    try {
      boolean off = Files.readAllLines(Path.of("/proc/swaps")).size() <= 1;
      add("swap", off, off ? "off" : "swap is on; turn it off (swapoff -a) or encrypt it");
    } catch (IOException e) {
      add("swap", false, "cannot read /proc/swaps; this is meant for Linux");
    }
  }

  private void configured(ApplianceConfiguration configuration) {
    var hsm = configuration.hsm();
    boolean edge = usable("edgePinFile", hsm.edge());
    usable("corePinFile", hsm.core());
    hsm.fallback().ifPresent(place -> usable("fallback.pinFile", place));
    boolean apart =
        !(hsm.core().label().equals(hsm.edge().label())
            && hsm.core().library().equals(hsm.edge().library()));
    add(
        "tokens",
        apart,
        apart
            ? hsm.core().label()
                + " and "
                + hsm.edge().label()
                + hsm.fallback().map(place -> ", fallback " + place.label()).orElse("")
            : "core and edge are one token; they must be two, with two PINs");
    stateDirectory(configuration.stateDirectory());
    certificate(configuration.certificate());
    boolean running = running(configuration);
    port("peer", configuration.listeners().peer(), running);
    port("client", configuration.listeners().client(), running);
    port("health", configuration.listeners().health(), running);
    if (edge && !noToken) {
      edgeToken(configuration);
    }
  }

  private boolean usable(String pinSetting, TokenPlace place) {
    var file = place.library();
    boolean library = Files.isReadable(file);
    if (libraries.add(file)) {
      add(
          "library",
          library,
          library
              ? file.toString()
              : file
                  + " is not there; install the HSM's PKCS#11 library (SoftHSM: apt"
                  + " install softhsm2) or change hsm.library");
    }
    boolean profile = place.profile().map(Files::isReadable).orElse(true);
    if (!profile) {
      add("profile", false, place.profile().orElseThrow() + " cannot be read");
    }
    return secretFile(pinSetting, place.pinFile()) && library && profile;
  }

  private boolean secretFile(String setting, Path file) {
    try {
      var mode = Files.getPosixFilePermissions(file);
      var others = EnumSet.copyOf(mode);
      others.removeAll(EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
      boolean good = others.isEmpty() && Files.isReadable(file) && Files.size(file) > 0;
      add(
          setting,
          good,
          good
              ? file + " is its owner's alone"
              : file + " must hold the PIN, be readable here and nobody else's: chmod 600");
      return good;
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      add(setting, false, file + " cannot be read; write the PIN there, mode 0600");
      return false;
    }
  }

  private void stateDirectory(Path folder) {
    try {
      var mode = Files.getPosixFilePermissions(folder);
      boolean closed =
          mode.stream()
              .allMatch(p ->
                  p == PosixFilePermission.OWNER_READ
                      || p == PosixFilePermission.OWNER_WRITE
                      || p == PosixFilePermission.OWNER_EXECUTE);
      add(
          "stateDirectory",
          closed,
          closed ? folder + " is its owner's alone" : folder + " is open to others: chmod 700");
    } catch (IOException | UnsupportedOperationException e) {
      add("stateDirectory", false, folder + " is not there; sharekeep init makes it");
    }
  }

  private void certificate(Path file) {
    try (var in = Files.newInputStream(file)) {
      var certificate =
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
      var end = certificate.getNotAfter().toInstant();
      boolean good =
          Instant.now().isAfter(certificate.getNotBefore().toInstant())
              && Instant.now().plus(CERTIFICATE_WARNING).isBefore(end);
      add(
          "certificate",
          good,
          good
              ? "valid until " + end
              : "it ends "
                  + end
                  + "; sharekeep init --certificate-only makes a new one for the same key");
    } catch (IOException | CertificateException e) {
      add(
          "certificate",
          false,
          file + " is no certificate; sharekeep init makes it, with --certificate-only anew");
    }
  }

  private static boolean running(ApplianceConfiguration configuration) {
    try (var channel =
        SocketChannel.open(UnixDomainSocketAddress.of(configuration.adminSocket()))) {
      return channel.isConnected();
    } catch (IOException | IllegalArgumentException e) {
      return false;
    }
  }

  private void port(String name, InetSocketAddress address, boolean running) {
    if (running) {
      add(
          "listeners." + name,
          true,
          address.getHostString() + ":" + address.getPort() + " was not tried: it runs already");
      return;
    }
    var resolved = new InetSocketAddress(address.getHostString(), address.getPort());
    try (var socket = new ServerSocket()) {
      socket.bind(resolved);
      add("listeners." + name, true, address.getHostString() + ":" + address.getPort());
    } catch (IOException | IllegalArgumentException e) {
      add(
          "listeners." + name,
          false,
          address.getHostString()
              + ":"
              + address.getPort()
              + " cannot be opened: taken by another program, or not this host's");
    }
  }

  /** One login, which a right PIN costs nothing; the core token's PIN is left for serve. */
  private void edgeToken(ApplianceConfiguration configuration) {
    try (var edge = EdgeToken.open(Appliance.edge(configuration.hsm()))) {
      add("edgeToken", true, "logged in, tls key proven: " + edge.report().label());
    } catch (TokenException e) {
      add("edgeToken", false, Objects.toString(e.getMessage()));
    }
  }
}
