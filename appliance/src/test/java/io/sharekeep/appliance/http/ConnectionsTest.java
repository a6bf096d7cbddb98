package io.sharekeep.appliance.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A listener whose event loop is too busy to register anybody, and those who come meanwhile. */
class ConnectionsTest {
  private static final int LIMIT = 4;
  private static final int BACKLOG = 512;
  private static final int SETTLED_MILLIS = 10_000;

  private final EventLoopGroup acceptor =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final EventLoopGroup worker =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final CountDownLatch free = new CountDownLatch(1);
  private final AtomicInteger accepted = new AtomicInteger();
  private Channel listener;

  @BeforeEach
  void open() throws Exception {
    var transport = new GuardedTransport(new Connections(LIMIT));
    listener =
        new ServerBootstrap()
            .group(acceptor, worker)
            .channelFactory(transport.serverChannelFactory(false))
            .option(io.netty.channel.ChannelOption.SO_BACKLOG, BACKLOG)
            .handler(
                new ChannelInboundHandlerAdapter() {
                  @Override
                  public void channelRead(ChannelHandlerContext context, Object child) {
                    accepted.incrementAndGet();
                    context.fireChannelRead(child);
                  }
                })
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    // It says nothing and is told nothing.
                  }
                })
            .bind(InetAddress.getLoopbackAddress(), 0)
            .sync()
            .channel();
    var busy = new CountDownLatch(1);
    worker.execute(() -> {
      busy.countDown();
      try {
        assertTrue(free.await(30, TimeUnit.SECONDS));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
    assertTrue(busy.await(30, TimeUnit.SECONDS));
  }

  @AfterEach
  void close() {
    free.countDown();
    listener.close().syncUninterruptibly();
    acceptor.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    worker.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private List<Socket> connect(int many) throws IOException {
    var sockets = new ArrayList<Socket>();
    for (int i = 0; i < many; i++) {
      sockets.add(
          new Socket(
              InetAddress.getLoopbackAddress(),
              ((InetSocketAddress) listener.localAddress()).getPort()));
    }
    return sockets;
  }

  private void awaitAccepted(int many) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(SETTLED_MILLIS);
    while (accepted.get() < many && System.nanoTime() < end) {
      Thread.sleep(1);
    }
    assertEquals(many, accepted.get());
  }

  /** All but the youngest, and those stay. */
  private static void assertOldestGaveWay(List<Socket> sockets) throws IOException {
    int youngest = sockets.size() - LIMIT;
    for (var socket : sockets.subList(0, youngest)) {
      try (socket) {
        socket.setSoTimeout(SETTLED_MILLIS);
        assertEquals(-1, socket.getInputStream().read());
      } catch (SocketException e) {
        // A reset is as good an end.
      }
    }
    for (var socket : sockets.subList(youngest, sockets.size())) {
      try (socket) {
        socket.setSoTimeout(20);
        assertThrows(SocketTimeoutException.class, () -> socket.getInputStream().read());
      }
    }
  }

  @Test
  void newcomersAreTakenThoughNobodyIsRegisteredYet() throws Exception {
    var sockets = connect(3 * LIMIT);
    awaitAccepted(3 * LIMIT);

    free.countDown();

    assertOldestGaveWay(sockets);
  }

  @Test
  void whoComesFasterThanOthersCanLeaveWaitsOutside() throws Exception {
    int most = LIMIT + Connections.LEAVING;
    var sockets = connect(2 * most);
    awaitAccepted(most);
    Thread.sleep(50);
    assertEquals(most, accepted.get(), "more were taken than may be open");

    free.countDown();

    awaitAccepted(2 * most);
    assertOldestGaveWay(sockets);
  }
}
