package io.sharekeep.pkcs11.edge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.pkcs11.terms.Digest;
import io.sharekeep.pkcs11.terms.TokenException.KeyMissing;
import io.sharekeep.pkcs11.terms.TokenException.PinIncorrect;
import io.sharekeep.pkcs11.terms.TokenState;
import io.sharekeep.softhsm.SoftHsmTokens;
import io.sharekeep.softhsm.SoftTokens;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Security;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** TLS 1.3, mutual, with a SoftHSM key at both ends. */
@SoftTokens
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class EdgeTlsTest {
  private final SoftHsmTokens tokens;
  private final EdgeToken server;
  private final EdgeToken client;

  EdgeTlsTest(SoftHsmTokens tokens) {
    this.tokens = tokens;
    var other = tokens.provision("client");
    EdgeTls.register();
    server = EdgeToken.provision(edge(tokens));
    client = EdgeToken.provision(edge(other));
  }

  @AfterAll
  void close() {
    server.close();
    client.close();
  }

  @Test
  void bothSidesSignWithTheirTokensAndTalk() throws Exception {
    assertEquals("ping", exchange(keys(server), keys(client), pins(client), pins(server)));
  }

  @Test
  void manyHandshakesAtOnceAllEndWell() throws Exception {
    var serverKeys = keys(server);
    var clientKeys = keys(client);
    // On virtual threads too: the signature itself is made on a thread of the provider's.
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<String> handshake =
          () -> exchange(serverKeys, clientKeys, pins(client), pins(server));
      for (var result : threads.invokeAll(Collections.nCopies(16, handshake))) {
        assertEquals("ping", result.get());
      }
    }
  }

  @Test
  void aClientWithoutCertificateIsRefused() {
    assertRefused(keys(server), new KeyManager[0], pins(client), pins(server));
  }

  @Test
  void aClientThatIsNotPinnedIsRefused() {
    assertRefused(keys(server), keys(client), pins(server), pins(server));
  }

  @Test
  void aServerThatIsNotPinnedIsRefused() {
    assertRefused(keys(server), keys(client), pins(client), pins(client));
  }

  @Test
  void anExpiredCertificateIsRefusedThoughItsKeyIsPinned() throws Exception {
    var expired = keys(client, now().minus(Duration.ofDays(9)), now().minus(Duration.ofDays(1)));
    assertRefused(keys(server), expired, pins(client), pins(server));
    assertRefused(expired, keys(server), pins(server), pins(client));
  }

  @Test
  void aCertificateOfTheFutureIsRefused() throws Exception {
    var future = keys(client, now().plus(Duration.ofDays(1)), now().plus(Duration.ofDays(9)));
    assertRefused(keys(server), future, pins(client), pins(server));
  }

  @Test
  void aPinTakenAwayCountsAtTheNextHandshake() throws Exception {
    var now = new AtomicReference<>(Set.of(pin(client)));
    var trust = PinnedTrust.of(pin -> now.get().contains(pin), InstantSource.system());
    assertEquals("ping", exchange(keys(server), keys(client), trust, pins(server)));
    now.set(Set.of());
    assertRefused(keys(server), keys(client), trust, pins(server));
  }

  @Test
  void aCertificateForAnotherKeyIsNotTaken() throws Exception {
    var certificate = certificate(client, now(), now().plusSeconds(60));
    assertThrows(IllegalArgumentException.class, () -> server.certified(List.of(certificate)));
    assertThrows(IllegalArgumentException.class, () -> server.certified(List.of()));
    assertThrows(IllegalArgumentException.class, () -> EdgeTls.keyManager(server));
  }

  @Test
  void theKeyHasNoEncodingAndDoesNotSerialise() throws IOException {
    var key = manager(server).getPrivateKey("tls");
    assertNull(key.getEncoded());
    assertNull(key.getFormat());
    assertEquals("EC", key.getAlgorithm());
    try (var out = new ObjectOutputStream(new ByteArrayOutputStream())) {
      assertThrows(NotSerializableException.class, () -> out.writeObject(key));
    }
  }

  @Test
  void theProviderTakesNoOtherKeyAndIsRegisteredOnceAndLast() throws Exception {
    EdgeTls.register();
    var providers = Security.getProviders();
    var provider = providers[providers.length - 1];
    assertEquals("SharekeepEdge", provider.getName());
    var signature = Signature.getInstance("SHA256withECDSA", provider);
    var foreign = KeyPairGenerator.getInstance("EC").generateKeyPair();
    assertThrows(InvalidKeyException.class, () -> signature.initSign(foreign.getPrivate()));
    assertThrows(InvalidKeyException.class, () -> signature.initVerify(foreign.getPublic()));
    assertTrue(assertDoesNotThrow(() -> signsWithDefaultProviders(foreign)));
  }

  private static boolean signsWithDefaultProviders(KeyPair pair) throws Exception {
    var signer = Signature.getInstance("SHA256withECDSA");
    signer.initSign(pair.getPrivate());
    signer.update((byte) 1);
    return signer.sign().length > 60;
  }

  @Test
  void aTokenWithoutKeyOpensOnlyOnceProvisioned() {
    var fresh = tokens.provision("fresh");
    assertThrows(KeyMissing.class, () -> EdgeToken.open(edge(fresh)));
    byte[] made;
    try (var edge = EdgeToken.provision(edge(fresh))) {
      made = edge.publicKey().spki();
    }
    try (var edge = EdgeToken.open(edge(fresh))) {
      assertArrayEquals(made, edge.publicKey().spki());
      assertEquals(new TokenState.Ready(), edge.state());
    }
  }

  @Test
  void aFailedOpenLetsGoOfTheToken() {
    var fresh = tokens.provision("wrongpin");
    var wrong = EdgeConfiguration.of(fresh.library(), fresh.edgeLabel(), fresh.corePinFile());
    assertThrows(PinIncorrect.class, () -> EdgeToken.provision(wrong));
    EdgeToken.provision(edge(fresh)).close();
  }

  @Test
  void aSignatureInDerIsOneThatTheJdkAccepts() throws Exception {
    var message = new byte[] {1, 2, 3};
    for (int i = 0; i < 32; i++) { // r or s begins with a zero or a high bit in most of these
      message[0] = (byte) i;
      var verifier = Signature.getInstance("SHA256withECDSA");
      verifier.initVerify(server.publicKey().decoded());
      verifier.update(message);
      assertTrue(verifier.verify(server.signDer(Digest.sha256(message))));
    }
  }

  private static Instant now() {
    return Instant.now();
  }

  private static EdgeConfiguration edge(SoftHsmTokens tokens) {
    return EdgeConfiguration.of(tokens.library(), tokens.edgeLabel(), tokens.edgePinFile());
  }

  private static X509Certificate certificate(EdgeToken token, Instant from, Instant until)
      throws Exception {
    return Certificates.selfSigned(token, from, until);
  }

  private static KeyManager[] keys(EdgeToken token, Instant from, Instant until) throws Exception {
    var certificate = certificate(token, from, until);
    return new KeyManager[] {EdgeTls.keyManager(token.certified(List.of(certificate)))};
  }

  private static X509ExtendedKeyManager manager(EdgeToken token) {
    return (X509ExtendedKeyManager) keys(token)[0];
  }

  private static KeyManager[] keys(EdgeToken token) {
    try {
      return keys(token, now().minus(Duration.ofHours(1)), now().plus(Duration.ofHours(1)));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static String pin(EdgeToken token) {
    return PinnedTrust.pin(token.publicKey().decoded());
  }

  private static PinnedTrust pins(EdgeToken token) {
    return PinnedTrust.of(pin(token)::equals, InstantSource.system());
  }

  private static void assertRefused(
      KeyManager[] serverKeys,
      KeyManager[] clientKeys,
      PinnedTrust ofServer,
      PinnedTrust ofClient) {
    assertThrows(IOException.class, () -> exchange(serverKeys, clientKeys, ofServer, ofClient));
  }

  /** The client says ping; the server says it back once it has trusted the client. */
  private static String exchange(
      KeyManager[] serverKeys, KeyManager[] clientKeys, PinnedTrust ofServer, PinnedTrust ofClient)
      throws Exception {
    var loopback = InetAddress.getLoopbackAddress();
    try (var listener =
            (SSLServerSocket)
                context(serverKeys, ofServer)
                    .getServerSocketFactory()
                    .createServerSocket(0, 8, loopback);
        var thread = Executors.newSingleThreadExecutor()) {
      listener.setNeedClientAuth(true);
      listener.setEnabledProtocols(new String[] {"TLSv1.3"});
      listener.setSoTimeout(10_000);
      thread.execute(() -> serve(listener));
      try (var socket =
          (SSLSocket)
              context(clientKeys, ofClient)
                  .getSocketFactory()
                  .createSocket(loopback, listener.getLocalPort())) {
        socket.setEnabledProtocols(new String[] {"TLSv1.3"});
        socket.setSoTimeout(10_000);
        socket.startHandshake();
        socket.getOutputStream().write("ping".getBytes(StandardCharsets.UTF_8));
        var echo = socket.getInputStream().readNBytes(4);
        assertEquals("TLSv1.3", socket.getSession().getProtocol());
        if (echo.length < 4) {
          throw new SSLException("the server hung up");
        }
        return new String(echo, StandardCharsets.UTF_8);
      }
    }
  }

  private static void serve(SSLServerSocket listener) {
    try (var socket = (SSLSocket) listener.accept()) {
      socket.setSoTimeout(10_000);
      var said = socket.getInputStream().readNBytes(4);
      socket.getOutputStream().write(said);
    } catch (IOException e) {
      // A refusal: the client's side of it is what the tests look at.
    }
  }

  private static SSLContext context(KeyManager[] keys, PinnedTrust trust) throws Exception {
    var context = SSLContext.getInstance("TLSv1.3");
    context.init(keys, new TrustManager[] {trust}, null);
    return context;
  }
}
