package io.sharekeep.committee;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The network before a member's peer listener, which listens elsewhere: bytes arrive late, in one
 * direction not at all, or nobody gets through. It sees nothing but TLS.
 */
final class Wire implements AutoCloseable {
  private static final int CHUNK = 16 * 1024;
  private static final long SEED = 7;

  private final ServerSocket server;
  private final int behind;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicLong connections = new AtomicLong();
  private volatile Weather weather = Weather.FINE;

  /**
   * What happens to bytes.
   *
   * @param delay each way
   * @param more at most so much on top, by chance, so that what goes to one overtakes what goes to
   *     another; within one connection TCP keeps the order
   * @param there whether they reach the member
   * @param back whether its own get out
   */
  record Weather(Duration delay, Duration more, boolean there, boolean back) {
    static final Weather FINE = late(Duration.ZERO);

    static Weather late(Duration delay) {
      return new Weather(delay, Duration.ZERO, true, true);
    }

    static Weather uneven(Duration most) {
      return new Weather(Duration.ZERO, most, true, true);
    }

    /** It hears, and nobody hears it. */
    static Weather mute() {
      return new Weather(Duration.ZERO, Duration.ZERO, true, false);
    }

    private long nanos(Random random) {
      return delay.toNanos() + random.nextLong(more.toNanos() + 1);
    }
  }

  private Wire(ServerSocket server, int behind) {
    this.server = server;
    this.behind = behind;
    thread(this::accept);
  }

  /** In place of the member's listener, which opens {@code behind} instead. */
  static Wire before(Member member, int behind) {
    try {
      var server = new ServerSocket();
      server.setReuseAddress(true);
      server.bind(
          new InetSocketAddress(
              InetAddress.getLoopbackAddress(), URI.create(member.peerUrl()).getPort()));
      return new Wire(server, behind);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** From now on, also on connections that are open. */
  void turns(Weather now) {
    weather = now;
  }

  /** Ends what is open; nobody gets through until the next {@link #turns}. */
  void cut() {
    turns(new Weather(Duration.ZERO, Duration.ZERO, false, false));
    sockets.forEach(Wire::end);
  }

  private void accept() {
    try {
      while (true) {
        var near = server.accept();
        var far = new Socket(InetAddress.getLoopbackAddress(), behind);
        near.setTcpNoDelay(true);
        far.setTcpNoDelay(true);
        sockets.add(near);
        sockets.add(far);
        carry(near, far, true);
        carry(far, near, false);
      }
    } catch (IOException e) {
      sockets.forEach(Wire::end); // Closed, or the member is gone.
    }
  }

  private record Chunk(byte[] bytes, long due) implements Delayed {
    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(due - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(due, ((Chunk) other).due);
    }
  }

  private void carry(Socket from, Socket to, boolean there) {
    var chunks = new DelayQueue<Chunk>();
    thread(() -> {
      try (from) {
        byte[] buffer = new byte[CHUNK];
        long last = 0;
        var random = new Random(SEED + connections.getAndIncrement());
        for (int read = 0; read >= 0; read = from.getInputStream().read(buffer)) {
          var now = weather;
          if (read > 0 && (there ? now.there() : now.back())) {
            // Never before an earlier one: it is one stream.
            last = Math.max(last + 1, System.nanoTime() + now.nanos(random));
            chunks.add(new Chunk(Arrays.copyOf(buffer, read), last));
          }
        }
      } catch (IOException e) {
        // Cut; the other half ends with it.
      } finally {
        end(to);
      }
    });
    thread(() -> {
      try (to) {
        while (!to.isClosed()) {
          var chunk = chunks.poll(1, TimeUnit.SECONDS);
          if (chunk != null) {
            to.getOutputStream().write(chunk.bytes());
            to.getOutputStream().flush();
          }
        }
      } catch (IOException e) {
        end(from);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
  }

  private static void thread(Runnable work) {
    Thread.ofVirtual().name("wire").start(work);
  }

  private static void end(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    sockets.forEach(Wire::end);
  }
}
