package io.sharekeep.appliance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.sharekeep.appliance.admin.AdminSocket;
import io.sharekeep.enclave.StartupException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminSocketTest {
  @TempDir private Path folder;

  private static AdminSocket open(Path path) {
    return AdminSocket.open(
        path,
        Map.of("status", () -> JsonNodeFactory.instance.objectNode().put("state", "OPERATIONAL")));
  }

  private static String ask(Path path, String command) throws IOException {
    try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      channel.write(ByteBuffer.wrap((command + "\n").getBytes(UTF_8)));
      return new String(Channels.newInputStream(channel).readAllBytes(), UTF_8).strip();
    }
  }

  @Test
  void itAnswersItsCommandsAndNothingElseToItsOwner() throws Exception {
    var path = folder.resolve("admin.sock");
    try (var _ = open(path)) {
      assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
      assertEquals("{\"state\":\"OPERATIONAL\"}", ask(path, "status"));
      assertEquals(
          "{\"error\":\"there is no such command; there are [status]\"}", ask(path, "unlock"));
      assertThrows(StartupException.class, () -> open(path), "it is served already");
    }
    assertFalse(Files.exists(path));
  }

  @Test
  void aSocketThatAKilledProcessLeftIsReplaced() throws Exception {
    var path = folder.resolve("admin.sock");
    Files.createFile(path);
    try (var _ = open(path)) {
      assertEquals("{\"state\":\"OPERATIONAL\"}", ask(path, "status"));
    }
  }

  @Test
  void aPathThatCannotBeUsedSaysSo() {
    assertThrows(StartupException.class, () -> open(folder.resolve("none/admin.sock")));
    assertThrows(StartupException.class, () -> open(folder.resolve("x".repeat(120))));
  }
}
