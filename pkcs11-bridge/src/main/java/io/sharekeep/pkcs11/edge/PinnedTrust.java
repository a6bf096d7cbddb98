package io.sharekeep.pkcs11.edge;

import java.net.Socket;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Date;
import java.util.HexFormat;
import java.util.function.Predicate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Trusts exactly the keys whose SHA-256 over SubjectPublicKeyInfo is pinned, in certificates that
 * are valid today. No authority counts, so neither do names: a pin says who the peer is.
 */
public final class PinnedTrust extends X509ExtendedTrustManager {
  private final Predicate<String> pins;
  private final InstantSource clock;

  private PinnedTrust(Predicate<String> pins, InstantSource clock) {
    this.pins = pins;
    this.clock = clock;
  }

  /**
   * Trust in whatever is pinned at the time of a handshake.
   *
   * @param pins whether 64 lower-case hex digits, as {@link #pin} makes them, are known now; asked
   *     at every handshake
   */
  public static PinnedTrust of(Predicate<String> pins, InstantSource clock) {
    return new PinnedTrust(pins, clock);
  }

  /** What pins this key. */
  public static String pin(PublicKey key) {
    return HexFormat.of().formatHex(digest(key));
  }

  /** SHA-256 of the key's SubjectPublicKeyInfo: the pin's bytes. */
  public static byte[] digest(PublicKey key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }

  /** The same, of the key that a certificate is for. */
  public static String pin(X509Certificate certificate) {
    return pin(certificate.getPublicKey());
  }

  private void check(X509Certificate @Nullable [] chain) throws CertificateException {
    if (chain == null || chain.length == 0) {
      throw new CertificateException("no certificate");
    }
    var leaf = chain[0];
    var pin = pin(leaf);
    if (!pins.test(pin)) {
      throw new CertificateException("key " + pin + " is not pinned");
    }
    leaf.checkValidity(Date.from(clock.instant()));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, @Nullable Socket socket)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, @Nullable Socket socket)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkClientTrusted(
      X509Certificate[] chain, String authType, @Nullable SSLEngine engine)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkServerTrusted(
      X509Certificate[] chain, String authType, @Nullable SSLEngine engine)
      throws CertificateException {
    check(chain);
  }

  /** None: the list a server would send tells clients nothing here. */
  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
