package io.sharekeep.attestation.appraise;

import io.sharekeep.attestation.evidence.Octets;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Keys in the JDK, and certificates over them. */
public final class SoftKeys {
  public static final Instant BORN = Instant.parse("2026-06-01T00:00:00Z");
  public static final Instant DIES = Instant.parse("2029-06-01T00:00:00Z");

  private static final Map<Signed, Octets> SIGNED = new HashMap<>();

  private static long serial = 1;

  private record Signed(String algorithm, KeyPair key, Octets message) {}

  private SoftKeys() {}

  public static KeyPair p384() {
    return ec("secp384r1");
  }

  public static KeyPair p256() {
    return ec("secp256r1");
  }

  public static KeyPair of(String algorithm) {
    try {
      return KeyPairGenerator.getInstance(algorithm).generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair ec(String curve) {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(curve));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Signs; the same message again gets the same signature, which saves most cases most of them. */
  public static byte[] sign(String algorithm, KeyPair pair, byte[] message) {
    return SIGNED
        .computeIfAbsent(
            new Signed(algorithm, pair, new Octets(message)),
            _ -> new Octets(signed(algorithm, pair, message)))
        .value();
  }

  private static byte[] signed(String algorithm, KeyPair pair, byte[] message) {
    try {
      var signer = Signature.getInstance(algorithm);
      signer.initSign(pair.getPrivate());
      signer.update(message);
      return signer.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  public static byte[] es384(KeyPair pair, byte[] message) {
    return sign("SHA384withECDSAinP1363Format", pair, message);
  }

  public static byte[] es256(KeyPair pair, byte[] message) {
    return sign("SHA256withECDSAinP1363Format", pair, message);
  }

  public static byte[] spki(KeyPair pair) {
    return pair.getPublic().getEncoded();
  }

  /** Of an authority, by itself. */
  public static Octets root(String name, KeyPair pair) {
    return certificate(name, pair, name, pair, true, List.of(), BORN, DIES);
  }

  public static Octets certificate(
      String name,
      KeyPair subject,
      String issuer,
      KeyPair issuerKey,
      boolean isAuthority,
      List<String> uris,
      Instant from,
      Instant until) {
    try {
      var builder =
          new JcaX509v3CertificateBuilder(
              new X500Name("CN=" + issuer),
              BigInteger.valueOf(serial++),
              Date.from(from),
              Date.from(until),
              new X500Name("CN=" + name),
              subject.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(isAuthority));
      if (!uris.isEmpty()) {
        builder.addExtension(
            Extension.subjectAlternativeName,
            false,
            new GeneralNames(
                uris.stream()
                    .map(uri -> new GeneralName(GeneralName.uniformResourceIdentifier, uri))
                    .toArray(GeneralName[]::new)));
      }
      var signer = new JcaContentSignerBuilder("SHA384withECDSA").build(issuerKey.getPrivate());
      return new Octets(builder.build(signer).getEncoded());
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
