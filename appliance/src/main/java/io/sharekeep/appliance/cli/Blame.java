package io.sharekeep.appliance.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.sharekeep.enclave.DocumentFile;
import io.sharekeep.enclave.OfflineBlame;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code sharekeep blame}. */
@Command(
    name = "blame",
    mixinStandardHelpOptions = true,
    description = "What a party reports about others after a session that failed.",
    subcommands = {Blame.Show.class, Blame.Verify.class})
final class Blame implements Runnable {
  private static final List<String> COLUMNS = List.of("party", "finding", "sentence");

  @SuppressWarnings("NullAway.Init") // picocli sets it before the call
  @ParentCommand
  Sharekeep parent;

  @Override
  public void run() {
    throw new CliProblem(ExitCode.USAGE, "say what to do: blame show or verify");
  }

  /** {@code sharekeep blame show}. */
  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = {
        "Fetches the report about a request whose session failed.",
        "The file of --out is what blame verify takes, anywhere and by anybody."
      })
  static final class Show implements Callable<Integer> {
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call
    @ParentCommand
    Blame blame;

    @Mixin Connection connection = new Connection();
    @Mixin Output output = new Output();

    @Parameters(paramLabel = "REQUEST", description = "The id of the request that was aborted.")
    String id = "";

    @Option(names = "--out", paramLabel = "FILE", description = "Writes it to a file.")
    @Nullable Path out;

    @Override
    public Integer call() {
      try (var client = connection.open()) {
        var report = client.get("/v1/sign-requests/" + Request.id(id) + "/blame");
        if (out == null) {
          output.print(blame.parent.out(), report);
        } else {
          PemFiles.write(out, (report.toPrettyString() + "\n").getBytes(UTF_8));
        }
      }
      return ExitCode.DONE;
    }
  }

  /** {@code sharekeep blame verify}. */
  @Command(
      name = "verify",
      mixinStandardHelpOptions = true,
      description = {
        "Judges a report offline, from your own committee document alone.",
        "proved: the accused's own signed messages show it. conditional: they do if the message and"
            + " the verification shares that are printed are the request's and the key's. word:"
            + " only the accuser says so. unfounded: the evidence does not show it.",
        "Exit 0 only if every accusation is proved."
      })
  static final class Verify implements Callable<Integer> {
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call
    @ParentCommand
    Blame blame;

    @Mixin Output output = new Output();

    @Parameters(paramLabel = "FILE", description = "What blame show wrote.")
    Path file = Path.of("");

    @Option(
        names = "--committee",
        required = true,
        paramLabel = "FILE",
        description = "Your committee document, signed by all owners.")
    Path committee = Path.of("");

    @Override
    public Integer call() {
      return switch (OfflineBlame.judge(report(), document())) {
        case OfflineBlame.Judgement.Rejected(var reason) ->
            throw new CliProblem(ExitCode.DENIED, "the report is worth nothing: " + reason);
        case OfflineBlame.Judgement.Judged(var judged) -> {
          print(judged);
          yield judged.provesAll() ? ExitCode.DONE : ExitCode.DENIED;
        }
      };
    }

    private byte[] report() {
      var hex = Request.object(file, PemFiles.read(file, "the report")).path("report").asText();
      try {
        return HexFormat.of().parseHex(hex);
      } catch (IllegalArgumentException e) {
        throw new CliProblem(
            ExitCode.USAGE, file + " holds no report; blame show --out writes one");
      }
    }

    private DocumentFile document() {
      var document = Connection.document(committee);
      var problems = document.problems();
      if (!problems.isEmpty()) {
        throw new CliProblem(
            ExitCode.DENIED,
            committee + " is no ground to judge by: " + String.join("; ", problems));
      }
      return document;
    }

    private void print(OfflineBlame judged) {
      var json = JsonNodeFactory.instance.objectNode();
      json.put("accuser", judged.accuser());
      json.put("fault", judged.fault());
      json.put("session", judged.session());
      json.put("proved", judged.provesAll());
      var rows = new ArrayList<JsonNode>();
      for (var accused : judged.accused()) {
        rows.add(
            JsonNodeFactory.instance
                .objectNode()
                .put("party", accused.party())
                .put("finding", accused.finding())
                .put("sentence", accused.sentence()));
      }
      json.putArray("accused").addAll(rows);
      output.print(blame.parent.out(), json, COLUMNS, rows);
    }
  }
}
