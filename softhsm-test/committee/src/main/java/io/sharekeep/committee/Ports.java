package io.sharekeep.committee;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** Free ports of the loopback: the committee document names them before anybody listens. */
final class Ports {
  private Ports() {}

  /** They were free a moment ago; all are held at once, so that no two are the same. */
  static List<Integer> free(int count) {
    try {
      var held = new ArrayList<ServerSocket>();
      for (int i = 0; i < count; i++) {
        held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      var ports = held.stream().map(ServerSocket::getLocalPort).toList();
      for (var socket : held) {
        socket.close();
      }
      return ports;
    } catch (IOException e) {
      throw new UncheckedIOException("no free ports on the loopback", e);
    }
  }
}
