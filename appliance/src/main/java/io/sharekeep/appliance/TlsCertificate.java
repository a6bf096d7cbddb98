package io.sharekeep.appliance;

import io.sharekeep.enclave.StartupException;
import io.sharekeep.pkcs11.edge.EdgeTls;
import io.sharekeep.pkcs11.edge.EdgeToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.X509ExtendedKeyManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate over the edge token's TLS key, from its file. When the file changes, handshakes
 * from then on show the new one; connections that are open stay. A file that is not fit leaves the
 * old one in force.
 */
final class TlsCertificate implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TlsCertificate.class);
  private static final Duration LOOK = Duration.ofSeconds(2);

  private final Path file;
  private final EdgeToken edge;
  private final InstantSource clock;
  private final NewestKeyManager keyManager;
  private volatile Instant end;
  private volatile FileTime seen;
  private Optional<Thread> watch = Optional.empty();

  private TlsCertificate(Path file, EdgeToken edge, InstantSource clock) {
    this.file = file;
    this.edge = edge;
    this.clock = clock;
    this.seen = changed();
    var chain = chain();
    this.keyManager = new NewestKeyManager(keyManager(chain));
    this.end = end(chain);
  }

  /**
   * Reads it.
   *
   * @throws StartupException saying why it cannot be used and what to do
   */
  static TlsCertificate open(Path file, EdgeToken edge, InstantSource clock) {
    return new TlsCertificate(file, edge, clock);
  }

  /** Looks at the file from time to time. */
  void watch() {
    watch =
        Optional.of(
            Thread.ofPlatform()
                .daemon()
                .name("tls-certificate")
                .start(() -> {
                  while (!Thread.currentThread().isInterrupted()) {
                    try {
                      Thread.sleep(LOOK);
                    } catch (InterruptedException e) {
                      return; // Closed.
                    }
                    if (!changed().equals(seen)) {
                      var _ = renew();
                    }
                  }
                }));
  }

  /** For listeners and clients; it always shows the newest. */
  X509ExtendedKeyManager keyManager() {
    return keyManager;
  }

  /** When the one in force ends. */
  Instant end() {
    return end;
  }

  /**
   * Reads the file anew.
   *
   * @return why the old one stays, if it does
   */
  synchronized Optional<String> renew() {
    seen = changed();
    try {
      var chain = chain();
      keyManager.show(keyManager(chain));
      end = end(chain);
      LOG.atInfo()
          .addKeyValue("event.action", "renew-certificate")
          .addKeyValue("sharekeep.certificate.end", end.toString())
          .log("handshakes show the certificate that is in its file now");
      return Optional.empty();
    } catch (StartupException e) {
      var why = String.valueOf(e.getMessage());
      LOG.atWarn()
          .addKeyValue("event.action", "renew-certificate")
          .log("the old certificate stays: {}", why);
      return Optional.of(why);
    }
  }

  private FileTime changed() {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      return FileTime.fromMillis(0); // Said when it is read.
    }
  }

  private X509ExtendedKeyManager keyManager(List<X509Certificate> chain) {
    return EdgeTls.keyManager(edge.certified(chain));
  }

  private static Instant end(List<X509Certificate> chain) {
    return chain.getFirst().getNotAfter().toInstant();
  }

  private List<X509Certificate> chain() {
    try (var in = Files.newInputStream(file)) {
      var chain =
          CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (chain.isEmpty()) {
        throw unusable("holds no certificate");
      }
      if (!Arrays.equals(chain.getFirst().getPublicKey().getEncoded(), edge.publicKey().spki())) {
        throw unusable("is not for the tls key of the edge token");
      }
      chain.getFirst().checkValidity(Date.from(clock.instant()));
      return chain;
    } catch (IOException e) {
      throw unusable("cannot be read");
    } catch (CertificateException e) {
      throw unusable("does not parse or is not valid today");
    }
  }

  private StartupException unusable(String why) {
    return new StartupException(
        StartupException.Code.CONFIGURATION,
        "the TLS certificate "
            + file
            + " "
            + why
            + "; sharekeep init --certificate-only makes a new one for the same key and pin");
  }

  @Override
  public void close() {
    watch.ifPresent(Thread::interrupt);
  }
}
