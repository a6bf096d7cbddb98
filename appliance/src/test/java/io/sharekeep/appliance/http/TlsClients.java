package io.sharekeep.appliance.http;

import io.sharekeep.pkcs11.edge.PinnedTrust;
import java.net.http.HttpClient;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/** Clients that do it wrong. */
final class TlsClients {
  private TlsClients() {}

  static HttpClient withoutCertificate(String pin) {
    try {
      var tls = SSLContext.getInstance("TLSv1.3");
      tls.init(
          null, new TrustManager[] {PinnedTrust.of(pin::equals, InstantSource.system())}, null);
      return HttpClient.newBuilder().sslContext(tls).build();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
