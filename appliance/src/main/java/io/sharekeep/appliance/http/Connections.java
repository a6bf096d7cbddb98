package io.sharekeep.appliance.http;

import io.netty.channel.Channel;
import io.vertx.core.http.HttpConnection;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The connections of each listener, so many at most. Where there is no place for one that comes,
 * the oldest of those that have not shown who they are gives way; else the one that has asked for
 * nothing the longest. So whoever opens connections and says nothing takes a place from others of
 * its kind only. Safe for any thread.
 */
final class Connections {
  /** For each listener. One takes some 50 KiB with its TLS engine. */
  static final int LIMIT = 256;

  /** Requests of one connection whose answer it has not taken; HTTP/2 has at most 100. */
  private static final int UNANSWERED = 128;

  private final int limit;
  private final Map<Integer, Door> doors = new HashMap<>();

  Connections(int limit) {
    this.limit = limit;
  }

  private record Key(String host, int port) {}

  private static final class Busy {
    private final Channel channel;
    private int requests;

    private Busy(Channel channel) {
      this.channel = channel;
    }
  }

  /** The connections of one listening port; those who wait longest come first. */
  private static final class Door {
    private final Map<Key, Channel> strangers = new LinkedHashMap<>();
    private final Map<Key, Channel> idle = new LinkedHashMap<>();
    private final Map<Key, Busy> busy = new HashMap<>();

    private int size() {
      return strangers.size() + idle.size() + busy.size();
    }

    private void remove(Key key) {
      strangers.remove(key);
      idle.remove(key);
      busy.remove(key);
    }

    private boolean makesRoom() {
      return closesFirst(strangers) || closesFirst(idle);
    }

    /** Netty complains aloud of one that is closed before it is registered; that takes no time. */
    private static boolean closesFirst(Map<Key, Channel> waiting) {
      for (var entries = waiting.values().iterator(); entries.hasNext(); ) {
        var channel = entries.next();
        if (channel.isRegistered()) {
          entries.remove();
          cutOff(channel);
          return true;
        }
      }
      return false;
    }
  }

  /**
   * Takes a connection that was just accepted. False: there is no place, and it is to be closed.
   */
  synchronized boolean admits(Channel accepted) {
    if (!(accepted.localAddress() instanceof InetSocketAddress here)
        || !(accepted.remoteAddress() instanceof InetSocketAddress there)) {
      return false; // closed again already
    }
    var door = doors.computeIfAbsent(here.getPort(), _ -> new Door());
    if (door.size() >= limit && !door.makesRoom()) {
      return false;
    }
    var key = new Key(there.getAddress().getHostAddress(), there.getPort());
    door.strangers.put(key, accepted);
    accepted.closeFuture().addListener(_ -> closed(door, key));
    return true;
  }

  private synchronized void closed(Door door, Key key) {
    door.remove(key);
  }

  /** It has shown who it is. */
  synchronized void known(HttpConnection connection) {
    var door = door(connection);
    var channel = door.strangers.remove(key(connection));
    if (channel != null) {
      door.idle.put(key(connection), channel);
    }
  }

  /** It has asked for something, until {@link #answered}; whoever takes no answers is cut off. */
  synchronized void asked(HttpConnection connection) {
    var door = door(connection);
    var key = key(connection);
    var channel = door.idle.remove(key);
    if (channel != null) {
      door.busy.put(key, new Busy(channel));
    }
    var busy = door.busy.get(key);
    if (busy != null && ++busy.requests > UNANSWERED) {
      cutOff(busy.channel);
    }
  }

  synchronized void answered(HttpConnection connection) {
    var door = door(connection);
    var key = key(connection);
    var busy = door.busy.get(key);
    if (busy != null && --busy.requests == 0) {
      door.busy.remove(key);
      door.idle.put(key, busy.channel);
    }
  }

  /** Ends it now: what was written and not taken is dropped. */
  synchronized void cutOff(HttpConnection connection) {
    var door = door(connection);
    var key = key(connection);
    var busy = door.busy.get(key);
    var channel = busy == null ? door.idle.get(key) : busy.channel;
    if (channel != null) {
      cutOff(channel);
    }
  }

  /** Below TLS and HTTP, whose ways of closing wait until the other side has taken all there is. */
  private static void cutOff(Channel channel) {
    channel.eventLoop().execute(() -> channel.unsafe().close(channel.voidPromise()));
  }

  private Door door(HttpConnection connection) {
    return doors.computeIfAbsent(connection.localAddress().port(), _ -> new Door());
  }

  private static Key key(HttpConnection connection) {
    var remote = connection.remoteAddress();
    return new Key(remote.hostAddress(), remote.port());
  }
}
