package io.sharekeep.appliance.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.sharekeep.enclave.StartupException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Supplier;
import jdk.net.ExtendedSocketOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Unix socket that only this process's user and root can use: the file's permissions say so and
 * the kernel is asked who calls. One line with a command, one line of JSON back.
 */
public final class AdminSocket implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AdminSocket.class);
  private static final int MAX_COMMAND_BYTES = 256;

  private final Path path;
  private final ServerSocketChannel server;
  private final Map<String, Supplier<? extends JsonNode>> commands;
  private final String owner;

  private AdminSocket(
      Path path,
      ServerSocketChannel server,
      Map<String, Supplier<? extends JsonNode>> commands,
      String owner) {
    this.path = path;
    this.server = server;
    this.commands = Map.copyOf(commands);
    this.owner = owner;
  }

  /**
   * Opens the socket; what an earlier process left at its path is replaced. The state folder's lock
   * is held by then, so that process is gone.
   *
   * @param commands what answers each, on this socket's thread, one at a time
   * @throws StartupException if the path cannot be used
   */
  public static AdminSocket open(Path path, Map<String, Supplier<? extends JsonNode>> commands) {
    try {
      if (Files.exists(path) && answers(path)) {
        throw new StartupException(
            StartupException.Code.STATE_IN_USE,
            "another appliance serves " + path + "; give each its own adminSocket");
      }
      Files.deleteIfExists(path);
      var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      try {
        server.bind(UnixDomainSocketAddress.of(path));
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        var socket = new AdminSocket(path, server, commands, Files.getOwner(path).getName());
        Thread.ofPlatform().daemon().name("admin-socket").start(socket::serve);
        return socket;
      } catch (IOException | RuntimeException e) {
        server.close();
        throw e;
      }
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      throw new StartupException(
          StartupException.Code.CONFIGURATION,
          "cannot open the admin socket "
              + path
              + "; its folder must exist and be this user's, and the path be under 108 bytes",
          e);
    }
  }

  private static boolean answers(Path path) {
    try (var other = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      return other.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private void serve() {
    while (server.isOpen()) {
      try (var caller = server.accept()) {
        answer(caller);
      } catch (java.nio.channels.ClosedChannelException e) {
        return;
      } catch (IOException | RuntimeException e) {
        // A caller that went away or a status that failed costs this one answer and no more.
        LOG.warn("an admin command failed", e);
      }
    }
  }

  private void answer(SocketChannel caller) throws IOException {
    var user = caller.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName();
    JsonNode reply;
    if (!user.equals(owner) && !user.equals("root")) {
      reply = error("only " + owner + " and root may ask here");
    } else {
      var command = command(caller);
      var known = commands.get(command);
      reply =
          known == null
              ? error("there is no such command; there are " + new TreeSet<>(commands.keySet()))
              : known.get();
    }
    var bytes = ByteBuffer.wrap((reply + "\n").getBytes(UTF_8));
    while (bytes.hasRemaining()) {
      caller.write(bytes);
    }
  }

  private static String command(SocketChannel caller) throws IOException {
    var bytes = ByteBuffer.allocate(MAX_COMMAND_BYTES);
    while (bytes.hasRemaining() && caller.read(bytes) >= 0) {
      if (bytes.get(bytes.position() - 1) == '\n') {
        break;
      }
    }
    return new String(bytes.array(), 0, bytes.position(), UTF_8).strip();
  }

  private static JsonNode error(String why) {
    return JsonNodeFactory.instance.objectNode().put("error", why);
  }

  @Override
  public void close() {
    try {
      server.close();
      Files.deleteIfExists(path);
    } catch (IOException e) {
      LOG.warn("closing the admin socket", e);
    }
  }
}
