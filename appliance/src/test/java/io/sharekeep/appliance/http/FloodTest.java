package io.sharekeep.appliance.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.appliance.FakeCommittee;
import io.sharekeep.appliance.FakeEnclave;
import io.sharekeep.appliance.Initiator;
import io.sharekeep.enclave.KeyDescription;
import io.sharekeep.enclave.KeyId;
import io.sharekeep.pkcs11.edge.PinnedTrust;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Too many, too slow, and those who say nothing. */
class FloodTest {
  private static final byte[] PAYLOAD = {1, 2, 3};
  private static final int MANY = 400;
  private static final int AT_ONCE = 4;
  private static final int CONNECTIONS = 16;

  /** Far less than the bodies that were sent, and more than what the test itself keeps. */
  private static final long GROWTH = 16L << 20;

  private static final Duration SHORT = Duration.ofMillis(1500);
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Listeners.Patience PATIENCE =
      new Listeners.Patience(SHORT, SHORT, SHORT, Duration.ofSeconds(60));

  /** More than the server's patience, and less than any other time-out there is. */
  private static final int CUT_OFF_MILLIS = 10_000;

  private static FakeCommittee committee() {
    return new FakeCommittee(2, 2, AT_ONCE, CONNECTIONS, PATIENCE);
  }

  /** The preface, and settings that are as they are. */
  private static final byte[] HTTP2_BEGIN =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0".getBytes(US_ASCII);

  private static final byte[] ONE_REQUEST =
      "GET /v1/keys HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(US_ASCII);

  /** As anybody who is in a hurry. */
  private static void assertSigns(FakeCommittee committee, String id) throws Exception {
    var signed =
        committee.post(
            committee.node(1),
            "/v1/sign-requests",
            committee.initiator.signJson(id, Initiator.KEY, PAYLOAD));
    assertEquals(201, signed.statusCode(), signed.body());
  }

  @Test
  void aFloodIsTurnedAwayAndLeavesNothingBehind() throws Exception {
    try (var committee = committee();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var node = committee.node(1);
      var release = new CountDownLatch(1);
      var inside = new CountDownLatch(1);
      node.enclave.beforeStep =
          () -> {
            inside.countDown();
            try {
              assertTrue(release.await(30, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          };
      var running = new ArrayList<Future<Integer>>();
      for (int i = 0; i < AT_ONCE; i++) {
        var body = committee.initiator.signJson("held-" + i, Initiator.KEY, PAYLOAD);
        running.add(
            threads.submit(() -> committee.post(node, "/v1/sign-requests", body).statusCode()));
      }
      assertTrue(inside.await(30, TimeUnit.SECONDS));
      while (committee.get(node, "/v1/keys").statusCode() == 200) {
        Thread.sleep(5);
      }
      var padding = "A".repeat(FakeCommittee.BODY_BYTES - 1024);
      flood(committee, node, padding, MANY / 5);
      long before = used();

      flood(committee, node, padding, MANY);

      long grown = used() - before;
      assertTrue(grown < GROWTH, "grew by " + grown + " bytes");
      release.countDown();
      for (var request : running) {
        assertEquals(201, request.get().intValue());
      }
    }
  }

  private static void flood(FakeCommittee committee, FakeCommittee.Node node, String body, int many)
      throws Exception {
    for (int i = 0; i < many; i++) {
      var answer = committee.post(node, "/v1/sign-requests", body);
      assertEquals(503, answer.statusCode());
      assertEquals("1", answer.headers().firstValue("retry-after").orElse(""));
    }
  }

  private static long used() {
    var memory = ManagementFactory.getMemoryMXBean();
    memory.gc();
    return memory.getHeapMemoryUsage().getUsed();
  }

  /** Long before anybody's patience ends, so that only the want of places can be the reason. */
  @Test
  void whoSaysNothingGivesWayToWhoComes() throws Exception {
    try (var committee =
        new FakeCommittee(2, 2, AT_ONCE, CONNECTIONS, Listeners.Patience.DEFAULT)) {
      int port = committee.node(1).listeners.clientPort();
      var silent = new ArrayList<Socket>();
      long began = System.nanoTime();
      for (int i = 0; i < 3 * CONNECTIONS; i++) {
        silent.add(new Socket(InetAddress.getLoopbackAddress(), port));
      }

      assertSigns(committee, "among-them");

      for (var socket : silent.subList(0, 2 * CONNECTIONS)) {
        assertCutOff(socket);
      }
      try (var youngest = silent.getLast()) {
        youngest.setSoTimeout(50);
        assertThrows(SocketTimeoutException.class, () -> youngest.getInputStream().read());
      }
      var took = Duration.ofNanos(System.nanoTime() - began);
      assertTrue(
          took.compareTo(Listeners.Patience.DEFAULT.handshake()) < 0,
          "they may have been cut off for their silence alone, after " + took);
      assertSigns(committee, "after-them");
      for (var socket : silent) {
        socket.close();
      }
    }
  }

  @Test
  void whoSaysNothingIsCutOffAfterAWhile() throws Exception {
    try (var committee = committee();
        var silent =
            new Socket(
                InetAddress.getLoopbackAddress(), committee.node(1).listeners.clientPort())) {
      assertCutOff(silent);
    }
  }

  /** Whoever has shown who it is and asks for nothing; by its silence alone. */
  @ParameterizedTest
  @ValueSource(strings = {"http/1.1", "h2"})
  void whoIsKnownAndAsksForNothingIsCutOffAfterAWhile(String protocol) throws Exception {
    var idle = new Listeners.Patience(LONG, LONG, LONG, SHORT);
    try (var committee = new FakeCommittee(2, 2, AT_ONCE, CONNECTIONS, idle);
        var socket = connect(committee, protocol)) {
      assertEquals(protocol, socket.getApplicationProtocol());
      socket.getOutputStream().write(protocol.equals("h2") ? HTTP2_BEGIN : ONE_REQUEST);
      socket.setSoTimeout(CUT_OFF_MILLIS);
      long began = System.nanoTime();
      int answered = socket.getInputStream().read(new byte[1]);
      assertEquals(1, answered);
      socket.getInputStream().transferTo(OutputStream.nullOutputStream());
      var took = Duration.ofNanos(System.nanoTime() - began);
      assertTrue(took.compareTo(SHORT.dividedBy(2)) > 0, "it had no time to ask again: " + took);
    }
  }

  @Test
  void aHandshakeByTheByteIsCutOff() throws Exception {
    try (var committee = committee();
        var socket =
            new Socket(
                InetAddress.getLoopbackAddress(), committee.node(1).listeners.clientPort())) {
      // A client hello of 256 bytes, of which no more than a few ever come.
      assertDrippingIsCutOff(
          socket, new byte[] {0x16, 3, 1, 1, 4, 1, 0, 1, 0, 3, 3, 1, 1, 1, 1, 1, 1, 1});
    }
  }

  @Test
  void aBodyByTheByteIsCutOffAndKeepsNobodyWaiting() throws Exception {
    try (var committee = committee();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var head =
          """
          POST /v1/sign-requests HTTP/1.1
          Host: a
          Content-Type: application/json
          Content-Length: 1000

          """
              .replace("\n", "\r\n");
      var cut = new ArrayList<Future<?>>();
      for (int i = 0; i < 2 * AT_ONCE; i++) {
        var socket = connect(committee);
        socket.getOutputStream().write(head.getBytes(US_ASCII));
        cut.add(
            threads.submit(() -> {
              assertDrippingIsCutOff(socket, " ".repeat(100).getBytes(US_ASCII));
              return 0;
            }));
      }

      assertSigns(committee, "among-them");

      for (var one : cut) {
        one.get();
      }
    }
  }

  @Test
  void headersByTheByteGiveWayToWhoComes() throws Exception {
    try (var committee = committee()) {
      var slow = new ArrayList<SSLSocket>();
      for (int i = 0; i < CONNECTIONS; i++) {
        var socket = connect(committee);
        socket.getOutputStream().write("GET /v1/keys HT".getBytes(US_ASCII));
        slow.add(socket);
      }

      assertSigns(committee, "among-them");

      // The first to come, or one whose handshake the other side had not seen the end of yet.
      assertOneIsCutOff(slow);
      slow.forEach(FloodTest::close);
    }
  }

  @Test
  void whoReadsNothingOfAFewAnswersIsCutOffAfterAWhile() throws Exception {
    try (var committee = committee();
        var socket = connect(committee)) {
      for (int i = 0; i < 10_000; i++) {
        var key = new KeyId(String.format("%032x", i));
        committee.node(1).enclave.keys.put(key, FakeEnclave.key(key, KeyDescription.Stage.USABLE));
      }
      var whole = committee.get(committee.node(1), "/v1/keys").body().length();
      int many = 20;
      var ask = "GET /v1/keys HTTP/1.1\r\nHost: a\r\n\r\n".repeat(many);
      socket.getOutputStream().write(ask.getBytes(US_ASCII));
      Thread.sleep(SHORT.multipliedBy(2));
      assertCutOffBeforeTheEnd(socket, (long) many * whole);
    }
  }

  @Test
  void whoAsksAndDoesNotReadIsCutOff() throws Exception {
    try (var committee = committee();
        var threads = Executors.newVirtualThreadPerTaskExecutor();
        var socket = connect(committee)) {
      var ask = "GET /v1/openapi HTTP/1.1\r\nHost: a\r\n\r\n".repeat(50).getBytes(US_ASCII);
      var asking =
          threads.submit(() -> {
            while (true) {
              socket.getOutputStream().write(ask);
            }
          });
      assertSigns(committee, "meanwhile");
      try {
        asking.get(CUT_OFF_MILLIS, TimeUnit.MILLISECONDS);
        throw new AssertionError("it asks for ever");
      } catch (java.util.concurrent.ExecutionException e) {
        assertTrue(e.getCause() instanceof IOException, String.valueOf(e.getCause()));
      }
    }
  }

  /** HTTP over TLS, as the client of the committee, by hand. */
  private static SSLSocket connect(FakeCommittee committee) throws Exception {
    return connect(committee, "http/1.1");
  }

  private static SSLSocket connect(FakeCommittee committee, String protocol) throws Exception {
    var tls = SSLContext.getInstance("TLSv1.3");
    var pin = committee.node(1).identity.pin();
    tls.init(
        new KeyManager[] {committee.client.keyManager()},
        new TrustManager[] {PinnedTrust.of(pin::equals, InstantSource.system())},
        null);
    var socket =
        (SSLSocket)
            tls.getSocketFactory()
                .createSocket(
                    InetAddress.getLoopbackAddress(), committee.node(1).listeners.clientPort());
    var parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {protocol});
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  /** A byte now and then, for as long as anybody takes them. */
  private static void assertDrippingIsCutOff(Socket socket, byte[] bytes) throws Exception {
    long end = System.nanoTime() + Duration.ofMillis(CUT_OFF_MILLIS).toNanos();
    socket.setSoTimeout(200);
    for (int i = 0; System.nanoTime() < end; i++) {
      try {
        socket.getOutputStream().write(bytes[i % bytes.length]);
        if (socket.getInputStream().read() < 0) {
          return;
        }
      } catch (SocketTimeoutException e) {
        // It still listens.
      } catch (IOException e) {
        return;
      }
    }
    throw new AssertionError("whoever drips is listened to for ever");
  }

  private static void assertCutOff(Socket socket) throws IOException {
    try (socket) {
      socket.setSoTimeout(CUT_OFF_MILLIS);
      assertEquals(-1, socket.getInputStream().read());
    } catch (SocketException e) {
      // A reset is as good an end.
    }
  }

  private static void assertOneIsCutOff(List<SSLSocket> sockets) throws IOException {
    long end = System.nanoTime() + Duration.ofMillis(CUT_OFF_MILLIS).toNanos();
    while (System.nanoTime() < end) {
      for (var socket : sockets) {
        try {
          socket.setSoTimeout(20);
          assertEquals(-1, socket.getInputStream().read());
          return;
        } catch (SocketTimeoutException e) {
          // It still listens.
        } catch (SocketException e) {
          return; // A reset is as good an end.
        }
      }
    }
    throw new AssertionError("nobody gave way");
  }

  private static void assertCutOffBeforeTheEnd(Socket socket, long whole) {
    long had = 0;
    try {
      socket.setSoTimeout(CUT_OFF_MILLIS);
      var buffer = new byte[1 << 16];
      for (int n = 0; n >= 0; n = socket.getInputStream().read(buffer)) {
        had += n;
      }
    } catch (IOException e) {
      // A reset is as good an end.
    }
    assertTrue(had < whole, "everything was kept for it");
  }

  private static void close(SSLSocket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It has been cut off.
    }
  }

  @Test
  void aSlowBodyGivesWayToOthersAndAQuickOneDoesNot() throws Exception {
    var bodies = new Bodies(100);
    var ended = new ArrayList<String>();
    var slow = bodies.take(60, () -> ended.add("slow")).orElseThrow();
    var read = bodies.take(40, () -> ended.add("read")).orElseThrow();
    read.arrived();
    assertTrue(bodies.take(1, () -> ended.add("early")).isEmpty());
    Thread.sleep(Duration.ofMillis(1100));

    var other = bodies.take(50, () -> ended.add("other")).orElseThrow();

    assertEquals(List.of("slow"), ended);
    assertTrue(bodies.take(11, () -> {}).isEmpty());
    slow.gone(); // has given its place already
    assertTrue(bodies.take(11, () -> {}).isEmpty());
    read.gone();
    read.gone();
    assertTrue(bodies.take(51, () -> {}).isEmpty());
    other.gone();
    assertTrue(bodies.take(100, () -> {}).isPresent());
    assertEquals(List.of("slow"), ended);
  }
}
