package io.sharekeep.appliance.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code sharekeep status}. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = {
      "Shows the state of an appliance: on its host through the admin socket, from "
          + "elsewhere by --url."
    })
final class Status implements Callable<Integer> {
  @SuppressWarnings("NullAway.Init") // picocli sets it before the call
  @ParentCommand
  Sharekeep parent;

  @Mixin Configured configured = new Configured();
  @Mixin Connection connection = new Connection();
  @Mixin Output output = new Output();

  @Option(
      names = "--socket",
      paramLabel = "PATH",
      description = "The admin socket (default: that of the configuration).")
  @Nullable Path socket;

  @Override
  public Integer call() {
    var status = connection.remote() ? remote() : local();
    output.print(parent.out(), status);
    return "OPERATIONAL".equals(status.path("state").asText()) ? ExitCode.DONE : ExitCode.STATE;
  }

  private JsonNode remote() {
    try (var client = connection.open()) {
      return client.get("/v1/status");
    }
  }

  private JsonNode local() {
    var path = socket != null ? socket : configured.read(parent.environment()).adminSocket();
    return AdminClient.ask(path, "status");
  }
}
