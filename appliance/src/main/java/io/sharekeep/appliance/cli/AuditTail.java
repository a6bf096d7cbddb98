package io.sharekeep.appliance.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sharekeep.attestation.log.EntryBundle;
import io.sharekeep.attestation.log.Tile;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code sharekeep audit tail}. */
@Command(
    name = "tail",
    mixinStandardHelpOptions = true,
    description = {
      "Prints the last entries of an appliance's audit log, one line each.",
      "They are what the appliance says; audit export and audit verify check them."
    })
final class AuditTail implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration EVERY = Duration.ofSeconds(1);

  @SuppressWarnings("NullAway.Init") // picocli sets it before the call
  @ParentCommand
  Audit audit;

  @Mixin Connection connection = new Connection();
  @Mixin Output output = new Output();

  @Option(
      names = {"-n", "--entries"},
      paramLabel = "N",
      defaultValue = "20",
      description = "How many (default: ${DEFAULT-VALUE}).")
  long entries;

  @Option(
      names = {"-f", "--follow"},
      description = "Goes on as the log grows, until Ctrl-C.")
  boolean follow;

  @Override
  public Integer call() {
    try (var client = connection.open()) {
      long next = -1;
      do {
        long size =
            LogCopy.said(client.bytes("/v1/audit/" + LogCopy.CHECKPOINT), "what the appliance sent")
                .size();
        next = print(client, next < 0 ? Math.max(0, size - Math.max(0, entries)) : next, size);
      } while (follow && waited());
    }
    return ExitCode.DONE;
  }

  private static boolean waited() {
    try {
      Thread.sleep(EVERY);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private long print(ApiClient client, long from, long size) {
    long next = from;
    while (next < size) {
      var tile = Tile.ofEntry(next, size);
      for (var leaf : bundle(client, tile).subList((int) (next % Tile.WIDTH), tile.width())) {
        line(json(leaf));
        next++;
      }
    }
    audit.parent.out().flush();
    return next;
  }

  private static List<byte[]> bundle(ApiClient client, Tile tile) {
    return EntryBundle.decode(client.bytes("/v1/audit/" + tile.entriesPath()))
        .filter(entries -> entries.size() == tile.width())
        .orElseThrow(
            () -> new CliProblem(ExitCode.INTERNAL, "the appliance sent no bundle of entries"));
  }

  private void line(JsonNode entry) {
    audit
        .parent
        .out()
        .println(
            output.format == Output.Format.JSON
                ? entry.toString()
                : entry.path("index").asText()
                    + "  "
                    + entry.path("at").asText()
                    + "  "
                    + entry.path("kind").asText()
                    + "  "
                    + entry.path("entry"));
  }

  static JsonNode json(byte[] leaf) {
    try {
      return JSON.readTree(leaf);
    } catch (IOException e) {
      throw new CliProblem(ExitCode.DENIED, "an entry is no JSON");
    }
  }
}
