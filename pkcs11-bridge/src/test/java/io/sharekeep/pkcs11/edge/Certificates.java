package io.sharekeep.pkcs11.edge;

import io.sharekeep.pkcs11.terms.Digest;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.operator.ContentSigner;

/** Self-signed certificates over the token's key: how an appliance makes its own. */
final class Certificates {
  private Certificates() {}

  static X509Certificate selfSigned(TlsSigner signer, Instant from, Instant until)
      throws Exception {
    var name = new X500Name("CN=sharekeep");
    var holder =
        new X509v3CertificateBuilder(
                name,
                BigInteger.valueOf(from.getEpochSecond()),
                Date.from(from),
                Date.from(until),
                name,
                SubjectPublicKeyInfo.getInstance(signer.publicKey().spki()))
            .build(contentSigner(signer));
    var certificate = new JcaX509CertificateConverter().getCertificate(holder);
    certificate.verify(certificate.getPublicKey());
    return certificate;
  }

  private static ContentSigner contentSigner(TlsSigner signer) {
    var content = new ByteArrayOutputStream();
    return new ContentSigner() {
      @Override
      public AlgorithmIdentifier getAlgorithmIdentifier() {
        return new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
      }

      @Override
      public OutputStream getOutputStream() {
        return content;
      }

      @Override
      public byte[] getSignature() {
        return signer.signDer(Digest.sha256(content.toByteArray()));
      }
    };
  }
}
