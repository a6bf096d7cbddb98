package io.sharekeep.appliance.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.sharekeep.enclave.AdministratorStatement.Action;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code sharekeep policy cancel}. */
@Command(
    name = "cancel",
    mixinStandardHelpOptions = true,
    description = {
      "Cancels a version of the policy that waits for its time, at one administrator's word.",
      "That very document never comes into force. Each party is told by itself."
    })
final class PolicyCancel implements Callable<Integer> {
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

  @SuppressWarnings("NullAway.Init") // picocli sets it before the call
  @ParentCommand
  Policy policy;

  @Mixin Connection connection = new Connection();
  @Mixin Output output = new Output();

  @Parameters(
      paramLabel = "HASH",
      description = "The document's hash, as policy submit answered and status shows.")
  String hash = "";

  @Option(
      names = "--key",
      required = true,
      paramLabel = "FILE",
      description = "An administrator's signing key: PKCS#8 PEM.")
  Path key = Path.of("");

  @Override
  public Integer call() {
    if (!HASH.matcher(hash).matches()) {
      throw new CliProblem(ExitCode.USAGE, "a document's hash is 64 lower-case hex digits");
    }
    try (var client = connection.open()) {
      var body = JsonNodeFactory.instance.objectNode();
      body.set("statement", Freeze.statement(client, Action.CANCEL_POLICY, hash, key));
      output.print(policy.parent.out(), client.post("/v1/policy/cancel", body));
    }
    return ExitCode.DONE;
  }
}
