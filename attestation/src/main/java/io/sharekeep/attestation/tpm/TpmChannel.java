package io.sharekeep.attestation.tpm;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * A way to a TPM: a command goes in, a response comes out. One client at a time, one thread.
 *
 * <p>The device form is not tested: this is written for {@code /dev/tpmrm0} by its documentation.
 */
public final class TpmChannel implements AutoCloseable {
  private static final int HEADER = 10;
  private static final int MAX = 4096;

  private final ByteChannel channel;
  private final boolean isDevice;

  private TpmChannel(ByteChannel channel, boolean isDevice) {
    this.channel = channel;
    this.isDevice = isDevice;
  }

  /** An emulator on a Unix socket. */
  public static TpmChannel unix(Path socket) throws TpmFailure {
    return connected(StandardProtocolFamily.UNIX, UnixDomainSocketAddress.of(socket));
  }

  /** An emulator on this host's loopback. */
  public static TpmChannel loopback(int port) throws TpmFailure {
    return connected(
        StandardProtocolFamily.INET, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
  }

  private static TpmChannel connected(StandardProtocolFamily family, SocketAddress address)
      throws TpmFailure {
    try {
      var channel = SocketChannel.open(family);
      channel.connect(address);
      return new TpmChannel(channel, false);
    } catch (IOException e) {
      throw new TpmFailure("no TPM answers at " + address, e);
    }
  }

  /** The kernel's resource manager. */
  public static TpmChannel device(Path device) throws TpmFailure {
    try {
      return new TpmChannel(
          FileChannel.open(device, StandardOpenOption.READ, StandardOpenOption.WRITE), true);
    } catch (IOException e) {
      throw new TpmFailure("the TPM " + device + " cannot be opened", e);
    }
  }

  byte[] exchange(byte[] command) throws TpmFailure {
    try {
      var out = ByteBuffer.wrap(command);
      while (out.hasRemaining()) {
        channel.write(out);
      }
      return isDevice ? whole() : framed();
    } catch (IOException e) {
      throw new TpmFailure("the TPM's connection broke", e);
    }
  }

  /** A device gives a response in one read. */
  private byte[] whole() throws IOException {
    var in = ByteBuffer.allocate(MAX);
    int length = channel.read(in);
    return Arrays.copyOf(in.array(), Math.max(length, 0));
  }

  private byte[] framed() throws IOException, TpmFailure {
    var header = read(HEADER);
    int size = ByteBuffer.wrap(header).getInt(2);
    if (size < HEADER || size > MAX) {
      throw new TpmFailure("the TPM's response has no sensible size", 0);
    }
    var response = Arrays.copyOf(header, size);
    System.arraycopy(read(size - HEADER), 0, response, HEADER, size - HEADER);
    return response;
  }

  private byte[] read(int length) throws IOException, TpmFailure {
    var in = ByteBuffer.allocate(length);
    while (in.hasRemaining()) {
      if (channel.read(in) < 0) {
        throw new TpmFailure("the TPM closed the connection", 0);
      }
    }
    return in.array();
  }

  @Override
  public void close() throws TpmFailure {
    try {
      channel.close();
    } catch (IOException e) {
      throw new TpmFailure("the TPM's connection does not close", e);
    }
  }
}
