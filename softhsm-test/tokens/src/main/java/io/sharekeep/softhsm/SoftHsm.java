package io.sharekeep.softhsm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A directory of SoftHSM tokens with its own configuration. A process sees them if its environment
 * has SOFTHSM2_CONF set to {@link #configuration} before its library is initialised.
 *
 * <p>PINs go to {@code softhsm2-util} on its command line, where other users of the machine can see
 * them: good enough for tokens that protect nothing.
 */
public final class SoftHsm implements AutoCloseable {
  private static final String TOOL = "softhsm2-util";
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final List<Path> LIBRARIES =
      List.of(
          Path.of("/usr/lib/softhsm/libsofthsm2.so"),
          Path.of("/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"),
          Path.of("/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so"),
          Path.of("/usr/lib64/pkcs11/libsofthsm2.so"),
          Path.of("/usr/local/lib/softhsm/libsofthsm2.so"));

  private final Path library;
  private final Path configuration;
  private final Queue<String> labels = new ConcurrentLinkedQueue<>();

  private SoftHsm(Path library, Path configuration) {
    this.library = library;
    this.configuration = configuration;
  }

  /** Why there is no SoftHSM here, and what to do about it; empty if there is. */
  public static Optional<String> missing() {
    if (findLibrary().isEmpty()) {
      return Optional.of("SoftHSM is not installed: no libsofthsm2.so; apt install softhsm2");
    }
    return findTool().isPresent()
        ? Optional.empty()
        : Optional.of(TOOL + " is not on the PATH; apt install softhsm2");
  }

  /**
   * Makes a home for tokens in {@code directory}, or joins the one that is there. Any number of
   * processes may do so at once.
   */
  public static SoftHsm init(Path directory) {
    return at(directory.toAbsolutePath().resolve("softhsm2.conf"));
  }

  /** The home that this process's own library sees, by SOFTHSM2_CONF. */
  public static SoftHsm ofThisProcess() {
    var configuration = System.getenv("SOFTHSM2_CONF");
    if (configuration == null) {
      throw new IllegalStateException(
          "SOFTHSM2_CONF is not set; the build sets it to target/tokens/softhsm2.conf");
    }
    return at(Path.of(configuration).toAbsolutePath());
  }

  private static SoftHsm at(Path configuration) {
    missing()
        .ifPresent(reason -> {
          throw new IllegalStateException(reason);
        });
    var home = new SoftHsm(findLibrary().orElseThrow(), configuration);
    home.create();
    return home;
  }

  /** The PKCS#11 module. */
  public Path library() {
    return library;
  }

  /** For SOFTHSM2_CONF. */
  public Path configuration() {
    return configuration;
  }

  /**
   * Initialises a core and an edge token whose labels begin with {@code name} and are unique.
   *
   * @param name may be cut to fit the 32 bytes of a label
   */
  public SoftHsmTokens provision(String name) {
    var stem = name.substring(0, Math.min(16, name.length())) + "-" + random(4);
    var soPin = random(8);
    var corePin = random(8);
    var edgePin = random(8);
    var core = stem + "-core";
    var edge = stem + "-edge";
    initToken(core, soPin, corePin);
    initToken(edge, soPin, edgePin);
    return new SoftHsmTokens(
        library, core, edge, pinFile(core, corePin), pinFile(edge, edgePin), soPin, this);
  }

  /**
   * Deletes every token that was provisioned through this object. A library that still has them
   * open, in whatever process, answers their next use with an error.
   */
  @Override
  public void close() {
    for (var label = labels.poll(); label != null; label = labels.poll()) {
      run("--delete-token", "--token", label);
      try {
        Files.deleteIfExists(pinPath(label));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void initToken(String label, String soPin, String pin) {
    run("--init-token", "--free", "--label", label, "--so-pin", soPin, "--pin", pin);
    labels.add(label);
  }

  private void create() {
    try {
      var directory = Files.createDirectories(parent());
      Files.createDirectories(directory.resolve("softhsm"));
      Files.createDirectories(directory.resolve("pins"));
      if (Files.exists(configuration)) {
        return;
      }
      var text =
          "directories.tokendir = "
              + directory.resolve("softhsm")
              + "\nobjectstore.backend = file\nlog.level = ERROR\nslots.removable = false\n";
      // Whole or not at all: a link to a finished file, so that a second process reads no half.
      var draft = Files.writeString(Files.createTempFile(directory, "softhsm2", ".conf"), text);
      try {
        Files.createLink(configuration, draft);
      } catch (FileAlreadyExistsException e) {
        // Another process was faster and wrote the same.
      } finally {
        Files.delete(draft);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("no home for SoftHSM tokens at " + configuration, e);
    }
  }

  private Path pinFile(String label, String pin) {
    try {
      var file = pinPath(label);
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      return Files.writeString(file, pin + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path pinPath(String label) {
    return parent().resolve("pins").resolve(label + ".pin");
  }

  private Path parent() {
    return configuration.resolveSibling("").toAbsolutePath();
  }

  /**
   * One tool at a time, in this process and all others: it looks at every token of the home and
   * fails on one that another is just making or deleting.
   */
  private void run(String... arguments) {
    synchronized (SoftHsm.class) {
      try (var file =
              FileChannel.open(
                  configuration.resolveSibling("softhsm2.lock"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          var lock = file.lock()) {
        execute(arguments);
        if (!lock.isValid()) {
          throw new IllegalStateException("the lock on " + configuration + " was lost");
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void execute(String... arguments) {
    var command = new ArrayList<String>();
    command.add(findTool().orElseThrow().toString());
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("SOFTHSM2_CONF", configuration.toString());
    try {
      var process = builder.start();
      process.getOutputStream().close();
      var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IllegalStateException(TOOL + " " + arguments[0] + " failed: " + output.strip());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(TOOL + " was interrupted", e);
    }
  }

  private static Optional<Path> findLibrary() {
    return LIBRARIES.stream().filter(Files::isRegularFile).findFirst();
  }

  private static Optional<Path> findTool() {
    var path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Stream.concat(Stream.of(path.split(":")), Stream.of("/usr/bin", "/usr/local/bin"))
        .filter(directory -> !directory.isEmpty())
        .map(directory -> Path.of(directory, TOOL))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static String random(int bytes) {
    var random = new byte[bytes];
    RANDOM.nextBytes(random);
    return HexFormat.of().formatHex(random);
  }
}
