package io.sharekeep.committee;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * TLS contexts of clients right and wrong. They trust every server: servers are judged elsewhere.
 */
final class TlsClient {
  private TlsClient() {}

  /** As somebody with the certificate that {@code identity new} made. */
  static SSLContext as(Identity identity) {
    return context(keys(key(identity), certificate(file(identity, ".tls.pem"))));
  }

  /** With the same key, which is pinned, and a certificate that has ended. */
  static SSLContext expired(Identity identity) {
    var valid = certificate(file(identity, ".tls.pem"));
    return context(keys(key(identity), expired(valid.getPublicKey(), key(identity))));
  }

  /** With a key that nobody has pinned. */
  static SSLContext stranger() {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      var pair = generator.generateKeyPair();
      var certificate =
          certificate(pair.getPublic(), pair.getPrivate(), Instant.now().plus(Duration.ofDays(1)));
      return context(keys(pair.getPrivate(), certificate));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Without any certificate. */
  static SSLContext nobody() {
    return context(new KeyManager[0]);
  }

  /** A certificate that ended an hour ago; its issuer's key is the caller's choice. */
  static X509Certificate expired(PublicKey key, PrivateKey issuer) {
    return certificate(key, issuer, Instant.now().minus(Duration.ofHours(1)));
  }

  static SSLContext context(KeyManager... keys) {
    try {
      var tls = SSLContext.getInstance("TLSv1.3");
      tls.init(keys, new TrustManager[] {new TrustsAll()}, null);
      return tls;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has TLS 1.3", e);
    }
  }

  private static X509Certificate certificate(PublicKey key, PrivateKey issuer, Instant end) {
    try {
      var name = new X500Name("CN=test");
      var der =
          new X509v3CertificateBuilder(
                  name,
                  BigInteger.ONE,
                  Date.from(end.minus(Duration.ofDays(30))),
                  Date.from(end),
                  name,
                  SubjectPublicKeyInfo.getInstance(key.getEncoded()))
              .build(new JcaContentSignerBuilder("SHA256withECDSA").build(issuer))
              .getEncoded();
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }

  static X509Certificate certificate(Path file) {
    try (var in = Files.newInputStream(file)) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static PrivateKey key(Identity identity) {
    return privateKey(file(identity, ".tls.key.pem"), "EC");
  }

  /** The key in a PKCS#8 PEM file. */
  static PrivateKey privateKey(Path file, String algorithm) {
    try {
      var pem = Files.readString(file).replaceAll("-----.*?-----", "");
      return KeyFactory.getInstance(algorithm)
          .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Path file(Identity identity, String suffix) {
    return identity.prefix().resolveSibling(identity.name() + suffix);
  }

  private static KeyManager[] keys(PrivateKey key, X509Certificate certificate) {
    try {
      var store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("client", key, new char[0], new Certificate[] {certificate});
      var factory = KeyManagerFactory.getInstance("PKIX");
      factory.init(store, new char[0]);
      return factory.getKeyManagers();
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class TrustsAll extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
