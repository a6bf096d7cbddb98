package io.sharekeep.attestation.hsm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.attestation.appraise.Draft;
import io.sharekeep.attestation.appraise.Laboratory;
import io.sharekeep.attestation.appraise.SoftKeys;
import io.sharekeep.attestation.evidence.Octets;
import io.sharekeep.cbor.Cbor;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HsmVerifierTest {
  private static final KeyPair VENDOR = SoftKeys.p384();
  private static final KeyPair DEVICE = SoftKeys.p384();
  private static final KeyPair KEY = SoftKeys.p256();
  private static final Octets ROOT = SoftKeys.root("vendor", VENDOR);
  private static final Octets DEVICE_CERTIFICATE =
      SoftKeys.certificate(
          "device", DEVICE, "vendor", VENDOR, true, List.of(), SoftKeys.BORN, SoftKeys.DIES);

  private static Reading verify(HsmKind kind, byte[] raw, List<Octets> chain, Octets root) {
    List<X509Certificate> roots = Chains.certificates(List.of(root)).orElseThrow();
    return HsmVerifier.verify(
        kind,
        Optional.of(new HsmEvidence("x", new Octets(raw), chain)),
        List.of(Laboratory.NONCE),
        roots,
        Laboratory.NOW);
  }

  /** Bytes that we made ourselves test a parser, not a vendor. */
  @ParameterizedTest
  @EnumSource(HsmKind.class)
  void noKindWithoutAVendorsSampleCanYieldVendorSigned(HsmKind kind) {
    assertEquals(Optional.empty(), Sample.of(kind), "a sample came: test it, then change this");
    for (var shown : Assurance.values()) {
      assertTrue(Sample.most(kind, shown).compareTo(Assurance.SELF_REPORTED) <= 0);
    }
  }

  @Test
  void goodPkixEvidenceIsReadAndStaysTheTokensOwnWord() {
    byte[] raw = PkixForms.signed(DEVICE, DEVICE_CERTIFICATE, KEY, Laboratory.NONCE);
    var read =
        assertInstanceOf(
            Reading.Verified.class, verify(HsmKind.PKIX_EVIDENCE, raw, List.of(), ROOT));
    assertEquals(Assurance.SELF_REPORTED, read.assurance());
    assertEquals(Optional.of("SN-1"), read.serial());
    var key = read.keys().getFirst();
    assertTrue(key.spki().holds(SoftKeys.spki(KEY)));
    assertEquals(Optional.of(false), key.extractable());
    assertEquals(Optional.of(true), key.neverExtractable());
    assertEquals(List.of("sign"), key.purposes());
  }

  @Test
  void pkixEvidenceIsFreshOnlyWithTheNonce() {
    var roots = Chains.certificates(List.of(ROOT)).orElseThrow();
    for (var nonce : List.of(Laboratory.NONCE, new Octets(new byte[8]))) {
      byte[] raw = PkixForms.signed(DEVICE, DEVICE_CERTIFICATE, KEY, nonce);
      var read =
          assertInstanceOf(
              Reading.Verified.class,
              PkixEvidence.verify(
                  new HsmEvidence("x", new Octets(raw), List.of()),
                  List.of(Laboratory.NONCE),
                  roots,
                  Laboratory.NOW));
      assertEquals(
          nonce.equals(Laboratory.NONCE) ? Assurance.VENDOR_SIGNED_FRESH : Assurance.VENDOR_SIGNED,
          read.assurance());
    }
  }

  @Test
  void pkixEvidenceWithoutASignatureARootOrWithTwoPlatformsIsNone() {
    assertInstanceOf(
        Reading.Untrusted.class,
        verify(HsmKind.PKIX_EVIDENCE, PkixForms.unsigned(), List.of(), ROOT));
    byte[] good = PkixForms.signed(DEVICE, DEVICE_CERTIFICATE, KEY, Laboratory.NONCE);
    assertInstanceOf(
        Reading.Untrusted.class,
        verify(HsmKind.PKIX_EVIDENCE, good, List.of(), Laboratory.SHARED.applianceRootCertificate));
    assertInstanceOf(
        Reading.Malformed.class,
        verify(
            HsmKind.PKIX_EVIDENCE,
            PkixForms.signed(DEVICE, DEVICE_CERTIFICATE, KEY, Laboratory.NONCE, 2),
            List.of(),
            ROOT));
    byte[] other = PkixForms.signed(VENDOR, DEVICE_CERTIFICATE, KEY, Laboratory.NONCE);
    assertInstanceOf(
        Reading.Untrusted.class, verify(HsmKind.PKIX_EVIDENCE, other, List.of(), ROOT));
  }

  @Test
  void alteredPkixEvidenceIsNeverVerified() {
    byte[] good = PkixForms.signed(DEVICE, DEVICE_CERTIFICATE, KEY, Laboratory.NONCE);
    for (int i = 0; i < good.length; i += 13) {
      byte[] altered = good.clone();
      altered[i] ^= 4;
      var read = verify(HsmKind.PKIX_EVIDENCE, altered, List.of(), ROOT);
      assertTrue(!(read instanceof Reading.Verified), "byte " + i);
    }
  }

  @Test
  void yubiHsmCertificatesAreReadAndStayTheTokensOwnWord() {
    byte[] raw = yubi(0x20, 1);
    var read =
        assertInstanceOf(
            Reading.Verified.class,
            verify(HsmKind.YUBIHSM2, raw, List.of(DEVICE_CERTIFICATE), ROOT));
    assertEquals(Assurance.SELF_REPORTED, read.assurance());
    assertEquals(Optional.of("7550123"), read.serial());
    assertEquals(Optional.of(false), read.keys().getFirst().extractable());
    assertEquals(List.of("sign"), read.keys().getFirst().purposes());
    var exportable =
        assertInstanceOf(
            Reading.Verified.class,
            verify(HsmKind.YUBIHSM2, yubi(0x10020, 1), List.of(DEVICE_CERTIFICATE), ROOT));
    assertEquals(Optional.of(true), exportable.keys().getFirst().extractable());
    var imported =
        assertInstanceOf(
            Reading.Verified.class,
            verify(HsmKind.YUBIHSM2, yubi(0x20, 2), List.of(DEVICE_CERTIFICATE), ROOT));
    assertEquals(Optional.of(false), imported.keys().getFirst().local());
    assertInstanceOf(
        Reading.Untrusted.class,
        verify(
            HsmKind.YUBIHSM2,
            raw,
            List.of(DEVICE_CERTIFICATE),
            Laboratory.SHARED.custodianRootCertificate));
    assertInstanceOf(
        Reading.Malformed.class,
        verify(HsmKind.YUBIHSM2, new byte[] {0}, List.of(DEVICE_CERTIFICATE), ROOT));
  }

  @Test
  void otherVendorsAreUnsupported() {
    for (var kind :
        List.of(
            HsmKind.LUNA_PKC, HsmKind.NSHIELD_KLF2, HsmKind.MARVELL, HsmKind.PRIMUS, HsmKind.CVC)) {
      assertInstanceOf(Reading.Unsupported.class, verify(kind, new byte[1], List.of(), ROOT));
    }
  }

  private static byte[] yubi(long capabilities, int origin) {
    try {
      var builder =
          new JcaX509v3CertificateBuilder(
              new X500Name("CN=device"),
              java.math.BigInteger.TEN,
              java.util.Date.from(SoftKeys.BORN),
              java.util.Date.from(SoftKeys.DIES),
              new X500Name("CN=key"),
              KEY.getPublic());
      var arc = "1.3.6.1.4.1.41482.4.";
      builder.addExtension(new ASN1ObjectIdentifier(arc + "2"), false, new ASN1Integer(7_550_123));
      builder.addExtension(
          new ASN1ObjectIdentifier(arc + "3"), false, new DERBitString(new byte[] {(byte) origin}));
      builder.addExtension(
          new ASN1ObjectIdentifier(arc + "5"),
          false,
          new DERBitString(java.nio.ByteBuffer.allocate(8).putLong(capabilities).array()));
      var signer = new JcaContentSignerBuilder("SHA384withECDSA").build(DEVICE.getPrivate());
      return Draft.encode(Cbor.list(Cbor.bytes(builder.build(signer).getEncoded())));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
