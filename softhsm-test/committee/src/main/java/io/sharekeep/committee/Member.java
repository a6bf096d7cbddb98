package io.sharekeep.committee;

import io.sharekeep.softhsm.SoftHsmTokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** One appliance of a committee: its folder, its tokens, its ports, and whether it runs. */
public final class Member {
  /** What it needs at most from start to ready on a busy machine. */
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final int party;
  private final Path folder;
  private final SoftHsmTokens tokens;
  private final List<Integer> ports;
  private final Housing housing;

  Member(int party, Path folder, SoftHsmTokens tokens, List<Integer> ports, Housing housing) {
    this.party = party;
    this.folder = folder;
    this.tokens = tokens;
    this.ports = List.copyOf(ports);
    this.housing = housing;
  }

  public int party() {
    return party;
  }

  public String name() {
    return "party-" + party;
  }

  public SoftHsmTokens tokens() {
    return tokens;
  }

  public Path stateFolder() {
    return folder.resolve("state");
  }

  public Path configuration() {
    return folder.resolve("sharekeep.yaml");
  }

  /** Everything that the appliance wrote to its standard output. */
  public Path log() {
    return folder.resolve("appliance.log");
  }

  public String peerUrl() {
    return "https://127.0.0.1:" + ports.get(0);
  }

  public String clientUrl() {
    return "https://127.0.0.1:" + ports.get(1);
  }

  public String healthUrl() {
    return "http://127.0.0.1:" + ports.get(2);
  }

  /** Commands on this appliance's host. */
  public Sharekeep sharekeep() {
    return housing.sharekeep(tokens);
  }

  /**
   * @param backend of both its tokens
   */
  void writeConfiguration(String backend) {
    var yaml =
        """
        stateDirectory: state
        hsm:
          library: %s
          backend: %s
          coreToken: %s
          edgeToken: %s
          corePinFile: %s
          edgePinFile: %s
        listeners:
          peer: 127.0.0.1:%d
          client: 127.0.0.1:%d
          health: 127.0.0.1:%d
        secretMemory: mlock
        signingThreads: 2
        """
            .formatted(
                tokens.library(),
                backend,
                tokens.coreLabel(),
                tokens.edgeLabel(),
                tokens.corePinFile(),
                tokens.edgePinFile(),
                ports.get(0),
                ports.get(1),
                ports.get(2));
    try {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Files.writeString(configuration(), yaml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void start() {
    startWith();
  }

  /** Starts it with {@code SETTING=VALUE} that go before its configuration. */
  public void startWith(String... settings) {
    housing.start(this, List.of(settings));
  }

  /** As an operator stops it. */
  public void stop() {
    housing.stop(this);
  }

  /** As a power cut stops it; only a process can be stopped so. */
  public void kill() {
    housing.kill(this);
  }

  /** Its process, where it has one of its own and runs. */
  public Optional<ProcessHandle> process() {
    return housing.process(this);
  }

  /** Waits, or says what the appliance says of itself. */
  public void awaitReady() {
    var deadline = Instant.now().plus(PATIENCE);
    try (var health = new Health(healthUrl())) {
      while (!health.ready()) {
        housing
            .ended(this)
            .ifPresent(exit -> {
              throw new IllegalStateException(
                  name() + " ended with " + exit + "; its last words: " + lastWords());
            });
        if (Instant.now().isAfter(deadline)) {
          throw new IllegalStateException(name() + " is not ready: " + health.explanation());
        }
        Thread.sleep(100);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private String lastWords() {
    try {
      var lines = Files.readAllLines(log());
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
    } catch (IOException e) {
      return "none";
    }
  }
}
