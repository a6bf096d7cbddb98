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

/** Asks the appliance that runs on this host. */
final class AdminClient {
  private AdminClient() {}

  /**
   * One command, one answer.
   *
   * @throws CliProblem if nobody answers, or this user may not ask
   */
  static JsonNode ask(Path socket, String command) {
    try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      channel.write(ByteBuffer.wrap((command + "\n").getBytes(UTF_8)));
      var json = new ObjectMapper().readTree(Channels.newInputStream(channel));
      if (json.has("error")) {
        throw new CliProblem(ExitCode.DENIED, json.path("error").asText());
      }
      return json;
    } catch (IOException e) {
      throw new CliProblem(
          ExitCode.UNAVAILABLE,
          "no appliance answers at "
              + socket
              + "; start it (sharekeep serve), or run this as its user or root");
    }
  }
}
