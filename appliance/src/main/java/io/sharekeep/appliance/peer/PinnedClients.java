package io.sharekeep.appliance.peer;

import io.sharekeep.pkcs11.edge.PinnedTrust;
import java.net.http.HttpClient;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509KeyManager;

/**
 * Makes HTTP/2 clients with mutual TLS 1.3, each of which trusts one pinned key and nothing else.
 */
public final class PinnedClients implements Function<String, HttpClient>, AutoCloseable {
  /** Handshakes sign in the HSM, which must not happen on virtual threads; a few are enough. */
  private static final int THREADS = 4;

  private final X509KeyManager key;
  private final Duration connectTimeout;
  private final ExecutorService executor =
      Executors.newFixedThreadPool(
          THREADS, Thread.ofPlatform().daemon().name("peer-tls-", 0).factory());

  /**
   * @param key the identity shown to servers
   */
  public PinnedClients(X509KeyManager key, Duration connectTimeout) {
    this.key = key;
    this.connectTimeout = connectTimeout;
  }

  /**
   * A client for one server.
   *
   * @param pin hex SHA-256 of the server's SubjectPublicKeyInfo
   */
  @Override
  public HttpClient apply(String pin) {
    try {
      var tls = SSLContext.getInstance("TLSv1.3");
      tls.init(
          new KeyManager[] {key},
          new TrustManager[] {PinnedTrust.of(pin::equals, InstantSource.system())},
          null);
      var parameters = new SSLParameters();
      parameters.setProtocols(new String[] {"TLSv1.3"});
      return HttpClient.newBuilder()
          .sslContext(tls)
          .sslParameters(parameters)
          .version(HttpClient.Version.HTTP_2)
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(connectTimeout)
          .executor(executor)
          .build();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has TLS 1.3", e);
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
