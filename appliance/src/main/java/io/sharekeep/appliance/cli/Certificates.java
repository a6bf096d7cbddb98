package io.sharekeep.appliance.cli;

import io.sharekeep.pkcs11.edge.TlsSigner;
import io.sharekeep.pkcs11.terms.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Self-signed certificates. They only carry a key and its dates: trust comes from pins, so no name
 * or issuer in them matters.
 */
final class Certificates {
  private static final int SERIAL_BITS = 127;
  private static final Duration CLOCK_SLACK = Duration.ofMinutes(5);

  private Certificates() {}

  /** Over the edge token's key, signed inside the token. */
  static byte[] over(TlsSigner signer, String name, Duration life) {
    return certificate(signer.publicKey().spki(), name, life, new HsmSigner(signer));
  }

  /** Over a key in memory. */
  static byte[] over(PrivateKey key, byte[] spki, String name, Duration life) {
    try {
      return certificate(
          spki, name, life, new JcaContentSignerBuilder("SHA256withECDSA").build(key));
    } catch (OperatorCreationException e) {
      throw new IllegalStateException("a fresh P-256 key does not sign", e);
    }
  }

  private static byte[] certificate(byte[] spki, String name, Duration life, ContentSigner signer) {
    var now = Instant.now();
    var subject = new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, name).build();
    try {
      return new X509v3CertificateBuilder(
              subject,
              new BigInteger(SERIAL_BITS, new SecureRandom()).add(BigInteger.ONE),
              Date.from(now.minus(CLOCK_SLACK)),
              Date.from(now.plus(life)),
              subject,
              SubjectPublicKeyInfo.getInstance(spki))
          .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
          .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
          .addExtension(
              Extension.extendedKeyUsage,
              false,
              new ExtendedKeyUsage(
                  new KeyPurposeId[] {
                    KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
                  }))
          .build(signer)
          .getEncoded();
    } catch (IOException e) {
      throw new IllegalStateException("a certificate that was built does not encode", e);
    }
  }

  /** Hashes what is to be signed and lets the token sign the hash. */
  private static final class HsmSigner implements ContentSigner {
    private static final ASN1ObjectIdentifier ALGORITHM = X9ObjectIdentifiers.ecdsa_with_SHA256;

    private final TlsSigner signer;
    private final ByteArrayOutputStream toBeSigned = new ByteArrayOutputStream();

    private HsmSigner(TlsSigner signer) {
      this.signer = signer;
    }

    @Override
    public AlgorithmIdentifier getAlgorithmIdentifier() {
      return new AlgorithmIdentifier(ALGORITHM);
    }

    @Override
    public OutputStream getOutputStream() {
      return toBeSigned;
    }

    @Override
    public byte[] getSignature() {
      return signer.signDer(Digest.sha256(toBeSigned.toByteArray()));
    }
  }
}
