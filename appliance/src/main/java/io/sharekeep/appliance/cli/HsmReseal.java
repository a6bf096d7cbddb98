package io.sharekeep.appliance.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code sharekeep hsm reseal}. */
@Command(
    name = "reseal",
    mixinStandardHelpOptions = true,
    description = {
      "Waits until every key record is sealed under the newest kek of each token, and shows the"
          + " keks. With --new-kek it makes a new one first.",
      "",
      "The appliance must run, and goes on signing. It works through the records by itself, also"
          + " after a restart: this command only asks, looks and waits.",
      "A kek that was replaced stays in its token until --destroy-retired."
    },
    footerHeading = "%nExit codes:%n",
    footer = {
      "  0  every record is sealed as it is to be",
      "  2  usage",
      "  5  it was refused: the reason is printed",
      "  6  not finished, or nobody answers: a token is away, or it takes longer; ask again"
    })
final class HsmReseal implements Callable<Integer> {
  private static final List<String> COLUMNS =
      List.of("token", "generation", "state", "usable", "records", "seals", "id");
  private static final Duration STEP = Duration.ofMillis(200);

  /** Which token's kek is made anew. */
  enum Which {
    CORE,
    FALLBACK
  }

  @SuppressWarnings("NullAway.Init") // picocli sets it before the call
  @ParentCommand
  Hsm hsm;

  @Mixin Configured configured = new Configured();
  @Mixin Output output = new Output();

  @Option(
      names = "--new-kek",
      paramLabel = "core|fallback",
      description = "Makes a new kek on that token, which every record is then sealed under.")
  @Nullable Which newKek;

  @Option(
      names = "--destroy-retired",
      description =
          "Afterwards destroys, for ever, the keks that were replaced and open no record any more."
              + " Sealed records in older backups do not open from then on.")
  boolean destroyRetired;

  @Option(names = "--status", description = "Only shows the keks.")
  boolean statusOnly;

  @Option(
      names = "--wait",
      paramLabel = "TIME",
      defaultValue = "10m",
      description = "How long to wait at most (default: ${DEFAULT-VALUE}).")
  Duration wait = Duration.ofMinutes(10);

  @Option(
      names = "--socket",
      paramLabel = "PATH",
      description = "The admin socket (default: that of the configuration).")
  @Nullable Path socket;

  @Override
  public Integer call() {
    if (statusOnly && (newKek != null || destroyRetired)) {
      throw new CliProblem(ExitCode.USAGE, "--status changes nothing; leave the others out");
    }
    var path = socket != null ? socket : configured.read(hsm.parent.environment()).adminSocket();
    var sealing = statusOnly ? AdminClient.ask(path, "sealing") : sealed(path);
    output.print(hsm.parent.out(), sealing, COLUMNS, sealing.path("keks"));
    long incomplete = sealing.path("incomplete").asLong();
    if (incomplete > 0) {
      hsm.parent
          .err()
          .println(
              incomplete
                  + " of "
                  + sealing.path("records").asLong()
                  + " records are not sealed as they are to be"
                  + (sealing.has("trouble")
                      ? ": " + sealing.path("trouble").asText()
                      : "; a token" + " is away, or it is under way"));
      hsm.parent.err().flush();
    }
    return incomplete == 0 ? ExitCode.DONE : ExitCode.UNAVAILABLE;
  }

  private JsonNode sealed(Path path) {
    if (newKek != null) {
      ask(path, "seal new-" + newKek.name().toLowerCase(Locale.ROOT) + "-kek");
    }
    var sealing = ask(path, "seal complete");
    long end = System.nanoTime() + wait.toNanos();
    while (sealing.path("incomplete").asLong() > 0 && System.nanoTime() < end) {
      pause();
      sealing = ask(path, "sealing");
    }
    return destroyRetired && sealing.path("incomplete").asLong() == 0
        ? ask(path, "seal destroy-retired")
        : sealing;
  }

  private static void pause() {
    try {
      Thread.sleep(STEP);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliProblem(ExitCode.UNAVAILABLE, "interrupted; it goes on by itself");
    }
  }

  private static JsonNode ask(Path path, String command) {
    var answer = AdminClient.ask(path, command);
    if (answer.has("refused")) {
      throw new CliProblem(ExitCode.STATE, answer.path("why").asText());
    }
    return answer;
  }
}
