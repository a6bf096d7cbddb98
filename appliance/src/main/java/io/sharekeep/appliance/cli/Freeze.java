package io.sharekeep.appliance.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharekeep.enclave.AdministratorStatement;
import io.sharekeep.enclave.AdministratorStatement.Action;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code sharekeep freeze}. */
@Command(
    name = "freeze",
    mixinStandardHelpOptions = true,
    description = {
      "Stops signing at one administrator's word, at once: by the whole appliance, or by one key.",
      "The answer's id is what unfreeze names. Each party is told by itself."
    })
final class Freeze implements Callable<Integer> {
  @SuppressWarnings("NullAway.Init") // picocli sets it before the call
  @ParentCommand
  Sharekeep parent;

  @Mixin Connection connection = new Connection();
  @Mixin Output output = new Output();

  @Option(
      names = "--key-id",
      paramLabel = "ID",
      defaultValue = "appliance",
      description = "One key alone (default: the whole appliance).")
  String scope = "appliance";

  @Option(
      names = "--key",
      required = true,
      paramLabel = "FILE",
      description = "An administrator's signing key: PKCS#8 PEM.")
  Path key = Path.of("");

  @Override
  public Integer call() {
    try (var client = connection.open()) {
      var body = JsonNodeFactory.instance.objectNode();
      body.set("statement", statement(client, Action.FREEZE, scope, key));
      output.print(parent.out(), client.post("/v1/system/freeze", body));
    }
    return ExitCode.DONE;
  }

  /** An administrator's word, good for an hour. */
  static ObjectNode statement(ApiClient client, Action action, String about, Path key) {
    var tenant = client.get("/v1/status").path("tenant").asText();
    var signer = PemFiles.signingKey(key);
    return Request.object(
        key,
        AdministratorStatement.signed(
            tenant,
            action,
            about,
            Instant.now().plus(Duration.ofHours(1)).truncatedTo(ChronoUnit.SECONDS),
            signer.algorithm(),
            signer.spki(),
            signer::sign));
  }

  /** {@code sharekeep unfreeze}. */
  @Command(
      name = "unfreeze",
      mixinStandardHelpOptions = true,
      description = {
        "Lets signing go on, at the words of the quorum that the policy names.",
        "Each of them signs within the hour: with --id, --key and --out. Then one brings all"
            + " statements."
      })
  static final class Unfreeze implements Callable<Integer> {
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call
    @ParentCommand
    Sharekeep parent;

    @Mixin Connection connection = new Connection();
    @Mixin Output output = new Output();

    @Option(names = "--id", paramLabel = "ID", description = "What freeze answered.")
    @Nullable String id;

    @Option(names = "--key", paramLabel = "FILE", description = "Your signing key: PKCS#8 PEM.")
    @Nullable Path key;

    @Option(names = "--out", paramLabel = "FILE", description = "Where your statement goes.")
    @Nullable Path out;

    @Option(
        names = "--statement",
        paramLabel = "FILE",
        description = "A signed statement to bring; may be repeated.")
    List<Path> statements = new ArrayList<>();

    @Override
    public Integer call() {
      try (var client = connection.open()) {
        if (id != null && key != null && out != null) {
          var signed = statement(client, Action.UNFREEZE, id, key);
          PemFiles.write(out, signed.toString().getBytes(UTF_8));
          return ExitCode.DONE;
        }
        if (statements.isEmpty()) {
          throw new CliProblem(
              ExitCode.USAGE, "give --id, --key and --out to sign, or --statement to bring");
        }
        var body = JsonNodeFactory.instance.objectNode();
        var list = body.putArray("statements");
        statements.forEach(
            file -> list.add(Request.object(file, PemFiles.read(file, "the statement"))));
        output.print(parent.out(), client.post("/v1/system/unfreeze", body));
      }
      return ExitCode.DONE;
    }
  }
}
