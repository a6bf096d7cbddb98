package io.sharekeep.appliance.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code sharekeep committee}. */
@Command(
    name = "committee",
    mixinStandardHelpOptions = true,
    description = "The document that says who holds keys together; every party's owner signs it.",
    subcommands = {Committee.Draft.class, SignDocument.class, Committee.Verify.class})
final class Committee implements Runnable, SignDocument.Parent {
  @SuppressWarnings("NullAway.Init") // picocli sets it before the call
  @ParentCommand
  Sharekeep parent;

  @Override
  public Sharekeep sharekeep() {
    return parent;
  }

  @Override
  public void run() {
    throw new CliProblem(ExitCode.USAGE, "say what to do: committee draft, sign or verify");
  }

  /** {@code sharekeep committee draft}. */
  @Command(
      name = "draft",
      mixinStandardHelpOptions = true,
      description = "Puts the descriptions that init printed into one document to be signed.")
  static final class Draft implements Callable<Integer> {
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call
    @ParentCommand
    Committee committee;

    @Mixin Output output = new Output();

    @Option(names = "--tenant", required = true, paramLabel = "NAME", description = "The tenant.")
    String tenant = "";

    @Option(names = "--id", required = true, paramLabel = "NAME", description = "Its name.")
    String id = "";

    @Option(
        names = "--threshold",
        required = true,
        paramLabel = "T",
        description = "How many evaluation points sign together.")
    int threshold;

    @Option(
        names = "--network",
        paramLabel = "NAME",
        defaultValue = "mainnet",
        description =
            "Bitcoin addresses are shown for mainnet, testnet or regtest"
                + " (default: ${DEFAULT-VALUE}).")
    String network = "mainnet";

    @Option(
        names = "--party",
        required = true,
        paramLabel = "FILE",
        description = "A description from init; repeat it for each party.")
    List<Path> parties = new ArrayList<>();

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "The document.")
    Path out = Path.of("committee.json");

    @Override
    public Integer call() {
      var json = JsonNodeFactory.instance.objectNode();
      json.put("apiVersion", "sharekeep.committee/v1");
      json.put("tenant", tenant);
      json.put("id", id);
      json.put("threshold", threshold);
      json.put("network", network);
      var list = json.putArray("parties");
      for (var file : parties) {
        try {
          list.add(new ObjectMapper().readTree(PemFiles.read(file, "the description")));
        } catch (IOException e) {
          throw new CliProblem(ExitCode.USAGE, file + " is not JSON; init --out writes it");
        }
      }
      DocumentCommands.draft(committee.parent, json, out, output);
      return ExitCode.DONE;
    }
  }

  /** {@code sharekeep committee verify}. */
  @Command(
      name = "verify",
      mixinStandardHelpOptions = true,
      description = "Shows the document's hash and what is missing; exit 0 only if nothing is.")
  static final class Verify implements Callable<Integer> {
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call
    @ParentCommand
    Committee committee;

    @Mixin Output output = new Output();

    @Parameters(paramLabel = "FILE", description = "The document.")
    Path file = Path.of("committee.json");

    @Override
    public Integer call() {
      return DocumentCommands.verify(committee.parent, file, output, List.of());
    }
  }
}
