package io.sharekeep.appliance.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerAdapter;
import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.http.HttpConnection;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

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

  /** Those that gave way and are not closed yet; a listener with more takes nobody for a moment. */
  static final int LEAVING = 64;

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

    private int leaving;
    private Optional<Channel> heldBack = Optional.empty();

    private int size() {
      return strangers.size() + idle.size() + busy.size();
    }

    private void remove(Key key, Channel channel) {
      strangers.remove(key, channel);
      idle.remove(key, channel);
      busy.computeIfPresent(key, (_, one) -> one.channel.equals(channel) ? null : one);
    }

    private Optional<Channel> givesWay() {
      return first(strangers).or(() -> first(idle));
    }

    private static Optional<Channel> first(Map<Key, Channel> waiting) {
      var entries = waiting.values().iterator();
      if (!entries.hasNext()) {
        return Optional.empty();
      }
      var channel = entries.next();
      entries.remove();
      return Optional.of(channel);
    }
  }

  /**
   * Whether a listener takes nobody for now, since event loops have yet to close as many as gave
   * way: whoever comes waits in the system's queue, and is neither turned away nor kept on top of
   * them. The listener goes on by itself.
   */
  synchronized boolean holdsBack(Channel listener) {
    if (!(listener.localAddress() instanceof InetSocketAddress here)) {
      return false; // closed again already
    }
    var door = door(here.getPort());
    if (door.leaving < LEAVING) {
      return false;
    }
    door.heldBack = Optional.of(listener);
    listener.config().setAutoRead(false);
    return true;
  }

  /**
   * Takes a connection that was just accepted. False: all others are at work and there is no place;
   * it is to be closed.
   */
  synchronized boolean admits(Channel accepted) {
    if (!(accepted.localAddress() instanceof InetSocketAddress here)
        || !(accepted.remoteAddress() instanceof InetSocketAddress there)) {
      return false; // closed again already
    }
    var door = door(here.getPort());
    if (door.size() >= limit) {
      var leaves = door.givesWay();
      if (leaves.isEmpty()) {
        return false;
      }
      door.leaving++;
      leaves.get().closeFuture().addListener(_ -> left(door));
      cutOff(leaves.get());
    }
    var key = new Key(there.getAddress().getHostAddress(), there.getPort());
    door.strangers.put(key, accepted);
    accepted.closeFuture().addListener(_ -> closed(door, key, accepted));
    return true;
  }

  private synchronized void closed(Door door, Key key, Channel channel) {
    door.remove(key, channel);
  }

  private synchronized void left(Door door) {
    door.leaving--;
    door.heldBack.ifPresent(listener -> listener.config().setAutoRead(true));
    door.heldBack = Optional.empty();
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
    channel.pipeline().addFirst(new CutOff());
  }

  /**
   * Closes at once where it is added; in a connection that its event loop has yet to register, as
   * soon as it has. Netty knows no other way for those that does not race or complain aloud.
   */
  private static final class CutOff extends ChannelHandlerAdapter {
    @Override
    public void handlerAdded(ChannelHandlerContext context) {
      context.channel().unsafe().close(context.channel().voidPromise());
    }
  }

  private Door door(HttpConnection connection) {
    return door(connection.localAddress().port());
  }

  private Door door(int port) {
    return doors.computeIfAbsent(port, _ -> new Door());
  }

  private static Key key(HttpConnection connection) {
    var remote = connection.remoteAddress();
    return new Key(remote.hostAddress(), remote.port());
  }
}
