package io.sharekeep.appliance.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
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
    try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      channel.write(ByteBuffer.wrap("status\n".getBytes(UTF_8)));
      var json = new ObjectMapper().readTree(Channels.newInputStream(channel));
      if (json.has("error")) {
        throw new CliProblem(ExitCode.DENIED, json.path("error").asText());
      }
      return json;
    } catch (IOException e) {
      throw new CliProblem(
          ExitCode.UNAVAILABLE,
          "no appliance answers at "
              + path
              + "; start it (sharekeep serve), or run this as its user or root");
    }
  }
}
