package io.sharekeep.appliance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.appliance.cli.EdgeCertificates;
import io.sharekeep.appliance.http.Listeners;
import io.sharekeep.appliance.peer.Coordinator;
import io.sharekeep.appliance.peer.PinnedClients;
import io.sharekeep.enclave.CallerIdentity;
import io.sharekeep.enclave.CallerIdentity.Role;
import io.sharekeep.enclave.SignatureKeys;
import io.sharekeep.enclave.StartupException;
import io.sharekeep.pkcs11.edge.EdgeConfiguration;
import io.sharekeep.pkcs11.edge.EdgeTls;
import io.sharekeep.pkcs11.edge.EdgeToken;
import io.sharekeep.pkcs11.edge.PinnedTrust;
import io.sharekeep.pkcs11.terms.Backend;
import io.sharekeep.pkcs11.terms.TokenLibrary;
import io.sharekeep.softhsm.SoftHsmTokens;
import io.sharekeep.softhsm.SoftTokens;
import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A certificate is exchanged under listeners that go on, through either backend. */
@SoftTokens
class TlsCertificateTest {
  @TempDir private Path folder;

  private final SoftHsmTokens given;

  TlsCertificateTest(SoftHsmTokens given) {
    this.given = given;
  }

  /** In one process no library is used through both backends. */
  private EdgeToken edge(Backend backend) throws Exception {
    var tokens = given.provision("renewal");
    var library =
        backend == Backend.NATIVE
            ? tokens.library()
            : Files.copy(tokens.library(), folder.resolve("libsofthsm2.so"));
    return EdgeToken.provision(
        new EdgeConfiguration(
            TokenLibrary.at(library).through(backend), tokens.edgeLabel(), tokens.edgePinFile()));
  }

  /** What a new connection is shown. */
  private static BigInteger shown(int port, TestIdentity client, String pin) throws Exception {
    var tls = SSLContext.getInstance("TLSv1.3");
    tls.init(
        new KeyManager[] {client.keyManager()},
        new TrustManager[] {PinnedTrust.of(pin::equals, InstantSource.system())},
        null);
    try (var socket = (SSLSocket) tls.getSocketFactory().createSocket("127.0.0.1", port)) {
      socket.startHandshake();
      return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber();
    }
  }

  @ParameterizedTest
  @EnumSource(Backend.class)
  void newConnectionsSeeTheNewOneAndOldOnesStay(Backend backend) throws Exception {
    EdgeTls.register();
    var file = folder.resolve("tls.pem");
    var enclave = new FakeEnclave(1);
    var client = TestIdentity.create("client");
    enclave.callers.put(client.pin(), new CallerIdentity("alice", EnumSet.allOf(Role.class)));
    var any = InetSocketAddress.createUnresolved("127.0.0.1", 0);
    try (var token = edge(backend)) {
      var pin = SignatureKeys.pin(token.publicKey().spki());
      EdgeCertificates.write(file, token, Duration.ofDays(2));
      try (var certificate = TlsCertificate.open(file, token, InstantSource.system());
          var peers =
              new PinnedClients(certificate.keyManager(), FakeCommittee.TIMEOUTS.connect());
          var coordinator =
              new Coordinator(enclave, peers, FakeCommittee.BODY_BYTES, FakeCommittee.TIMEOUTS);
          var listeners =
              new Listeners(
                  new Listeners.Settings(any, any, any, FakeCommittee.BODY_BYTES, 16),
                  enclave,
                  coordinator,
                  certificate.keyManager(),
                  new FakeEdge(),
                  "test");
          var clients = new PinnedClients(client.keyManager(), Duration.ofSeconds(20))) {
        certificate.watch();
        int port = listeners.clientPort();
        var first = shown(port, client, pin);
        var http = clients.apply(pin);
        var request =
            HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + "/v1/status")).build();
        var before = http.send(request, BodyHandlers.ofString());
        assertEquals(200, before.statusCode(), before.body());

        EdgeCertificates.write(file, token, Duration.ofDays(9));
        assertEquals(Optional.empty(), certificate.renew());
        var second = shown(port, client, pin);
        assertNotEquals(first, second);
        assertTrue(certificate.end().isAfter(Instant.now().plus(Duration.ofDays(8))));
        var after = http.send(request, BodyHandlers.ofString());
        assertEquals(200, after.statusCode());
        assertEquals(
            serial(before.sslSession().orElseThrow().getPeerCertificates()[0]),
            serial(after.sslSession().orElseThrow().getPeerCertificates()[0]),
            "the open connection goes on as it began");

        refused(certificate, "expired", () -> EdgeCertificates.writeExpired(file, token));
        refused(
            certificate, "another key", () -> Files.write(file, client.certificate().getEncoded()));
        refused(certificate, "no certificate", () -> Files.writeString(file, "nothing"));
        refused(certificate, "no file", () -> Files.delete(file));
        assertEquals(second, shown(port, client, pin), "the old one stays");

        EdgeCertificates.write(file, token, Duration.ofDays(3));
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(60)));
        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (shown(port, client, pin).equals(second)) {
          assertTrue(System.nanoTime() < end, "nobody looked at the file");
          Thread.sleep(200);
        }
      }
    }
  }

  private static BigInteger serial(java.security.cert.Certificate certificate) {
    return ((X509Certificate) certificate).getSerialNumber();
  }

  private interface Change {
    void make() throws Exception;
  }

  private static void refused(TlsCertificate certificate, String what, Change change)
      throws Exception {
    var end = certificate.end();
    change.make();
    assertTrue(certificate.renew().orElseThrow().contains("--certificate-only"), what);
    assertEquals(end, certificate.end(), what);
  }

  @Test
  void aStartWithoutOneSaysWhatToDo() throws Exception {
    try (var token = edge(Backend.NATIVE)) {
      assertThrows(
          StartupException.class,
          () ->
              TlsCertificate.open(folder.resolve("none.pem"), token, InstantSource.system())
                  .close());
    }
  }
}
