package io.sharekeep.attestation.hsm;

import io.sharekeep.attestation.evidence.Octets;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXCertPathValidatorResult;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/** X.509 chains to pinned roots, at an instant, without network and without the JDK's own roots. */
public final class Chains {
  private Chains() {}

  /** Empty for what is no certificate, or has bytes after it. */
  public static Optional<X509Certificate> certificate(Octets der) {
    try {
      var in = new ByteArrayInputStream(der.value());
      var certificate =
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
      return in.available() == 0 && der.holds(certificate.getEncoded())
          ? Optional.of(certificate)
          : Optional.empty();
    } catch (CertificateException e) {
      return Optional.empty();
    }
  }

  /** All of them, or empty if one is none. */
  public static Optional<List<X509Certificate>> certificates(List<Octets> chain) {
    var certificates = new ArrayList<X509Certificate>();
    for (var der : chain) {
      var certificate = certificate(der);
      if (certificate.isEmpty()) {
        return Optional.empty();
      }
      certificates.add(certificate.get());
    }
    return Optional.of(certificates);
  }

  /**
   * The root that a chain leads to.
   *
   * @param chain leaf first, without the root
   * @return empty with the reason left to {@link #fault} if it leads to none of them
   */
  public static Optional<X509Certificate> root(
      List<X509Certificate> chain, List<X509Certificate> roots, Instant at) {
    try {
      return Optional.of(validate(chain, roots, at));
    } catch (GeneralSecurityException e) {
      return Optional.empty();
    }
  }

  /** Why {@link #root} is empty, in a few words that hold nothing of the input. */
  public static String fault(List<X509Certificate> chain, List<X509Certificate> roots, Instant at) {
    for (var certificate : chain) {
      if (at.isAfter(certificate.getNotAfter().toInstant())) {
        return "a certificate has expired";
      }
      if (at.isBefore(certificate.getNotBefore().toInstant())) {
        return "a certificate is not valid yet";
      }
    }
    return root(chain, roots, at).isPresent()
        ? "none"
        : "the chain does not lead to a root that the policy pins";
  }

  private static X509Certificate validate(
      List<X509Certificate> chain, List<X509Certificate> roots, Instant at)
      throws GeneralSecurityException {
    if (chain.isEmpty() || roots.isEmpty()) {
      throw new CertificateException("nothing to validate");
    }
    var anchors = new HashSet<TrustAnchor>();
    roots.forEach(root -> anchors.add(new TrustAnchor(root, null)));
    var parameters = new PKIXParameters(anchors);
    parameters.setRevocationEnabled(false); // The auditor's own list says what is revoked.
    parameters.setDate(Date.from(at));
    var path = CertificateFactory.getInstance("X.509").generateCertPath(chain);
    var result =
        (PKIXCertPathValidatorResult)
            CertPathValidator.getInstance("PKIX").validate(path, parameters);
    var root = result.getTrustAnchor().getTrustedCert();
    // PKIX takes an anchor as given; a root that has expired is none to us.
    root.checkValidity(Date.from(at));
    return root;
  }

  /** URIs of the subject alternative name. */
  public static List<String> uris(X509Certificate certificate) {
    try {
      var names = certificate.getSubjectAlternativeNames();
      var uris = new ArrayList<String>();
      if (names != null) {
        for (var name : names) {
          if (name.getFirst() instanceof Integer type
              && type == 6
              && name.getLast() instanceof String uri) {
            uris.add(uri);
          }
        }
      }
      return uris;
    } catch (CertificateException e) {
      return List.of();
    }
  }
}
