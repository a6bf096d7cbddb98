package io.sharekeep.appliance.http;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.vertx.core.datagram.DatagramSocketOptions;
import io.vertx.core.net.TcpConfig;
import io.vertx.core.spi.transport.Transport;
import java.net.SocketAddress;
import java.util.List;

/**
 * Vert.x's sockets of the JDK, but whoever connects is asked of {@link Connections} before anything
 * is made for it. Vert.x itself takes as many connections as there are.
 */
final class GuardedTransport implements Transport, io.vertx.core.transport.Transport {
  private final Transport sockets = io.vertx.core.transport.Transport.NIO.implementation();
  private final Connections connections;

  GuardedTransport(Connections connections) {
    this.connections = connections;
  }

  private static final class GuardedServerChannel extends NioServerSocketChannel {
    private final Connections connections;

    private GuardedServerChannel(Connections connections) {
      this.connections = connections;
    }

    @Override
    protected int doReadMessages(List<Object> accepted) throws Exception {
      if (connections.holdsBack(this)) {
        return 0;
      }
      int before = accepted.size();
      int result = super.doReadMessages(accepted);
      if (accepted.size() > before
          && accepted.getLast() instanceof Channel newcomer
          && !connections.admits(newcomer)) {
        accepted.removeLast();
        newcomer.unsafe().closeForcibly();
        return 0;
      }
      return result;
    }
  }

  @Override
  public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
    return domainSocket
        ? sockets.serverChannelFactory(true)
        : () -> new GuardedServerChannel(connections);
  }

  @Override
  public String name() {
    return "guarded";
  }

  @Override
  public boolean available() {
    return true;
  }

  @Override
  public Transport implementation() {
    return this;
  }

  @Override
  public boolean supportsDomainSockets() {
    return sockets.supportsDomainSockets();
  }

  @Override
  public boolean isAvailable() {
    return true;
  }

  @Override
  public Throwable unavailabilityCause() {
    throw new IllegalStateException("sockets of the JDK are always there");
  }

  @Override
  public SocketAddress convert(io.vertx.core.net.SocketAddress address) {
    return sockets.convert(address);
  }

  @Override
  public io.vertx.core.net.SocketAddress convert(SocketAddress address) {
    return sockets.convert(address);
  }

  @Override
  public IoHandlerFactory ioHandlerFactory() {
    return sockets.ioHandlerFactory();
  }

  @Override
  @SuppressWarnings("deprecation") // the interface still has it
  public DatagramChannel datagramChannel(InternetProtocolFamily family) {
    return sockets.datagramChannel(family);
  }

  @Override
  public ChannelFactory<? extends DatagramChannel> datagramChannelFactory() {
    return sockets.datagramChannelFactory();
  }

  @Override
  public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
    return sockets.channelFactory(domainSocket);
  }

  @Override
  public void configure(DatagramChannel channel, DatagramSocketOptions options) {
    sockets.configure(channel, options);
  }

  @Override
  public void configure(TcpConfig config, boolean domainSocket, Bootstrap bootstrap) {
    sockets.configure(config, domainSocket, bootstrap);
  }

  @Override
  public void configure(TcpConfig config, boolean domainSocket, ServerBootstrap bootstrap) {
    sockets.configure(config, domainSocket, bootstrap);
  }
}
