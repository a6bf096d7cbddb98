package io.sharekeep.attestation.hsm;

import io.sharekeep.attestation.appraise.SoftKeys;
import io.sharekeep.attestation.evidence.Octets;
import java.io.IOException;
import java.security.KeyPair;
import org.bouncycastle.asn1.ASN1Boolean;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.DERUTF8String;

/** Evidence as the draft has it, by an independent writer of DER. */
public final class PkixForms {
  private static final String ARC = "1.3.6.1.5.5.999";

  private PkixForms() {}

  /** Everything but a signature, and a signer named: legal, and worth nothing. */
  public static byte[] unsigned() {
    var key = SoftKeys.p256();
    return evidence(body(key, 1, key, new Octets(new byte[8])));
  }

  public static byte[] signed(KeyPair signer, Octets certificate, KeyPair key, Octets nonce) {
    return signed(signer, certificate, key, nonce, 1);
  }

  public static byte[] signed(
      KeyPair signer, Octets certificate, KeyPair key, Octets nonce, int platforms) {
    var body = body(signer, platforms, key, nonce);
    try {
      byte[] signature = SoftKeys.sign("SHA384withECDSA", signer, body.getEncoded("DER"));
      return evidence(
          body,
          sequence(
              sequence(
                  new DERTaggedObject(true, 2, ASN1Primitive.fromByteArray(certificate.value()))),
              sequence(new ASN1ObjectIdentifier("1.2.840.10045.4.3.3")),
              new DEROctetString(signature)));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static DERSequence body(KeyPair signer, int platforms, KeyPair key, Octets nonce) {
    var elements = new ASN1EncodableVector();
    elements.add(
        element(
            ".0.0",
            claim(".1.0.0", new DEROctetString(nonce.value())),
            claim(".1.0.2", new DEROctetString(SoftKeys.spki(signer)))));
    for (int i = 0; i < platforms; i++) {
      elements.add(element(".0.1", claim(".1.1.4", new DERUTF8String("SN-1"))));
    }
    elements.add(
        element(
            ".0.2",
            claim(".1.2.1", new DEROctetString(SoftKeys.spki(key))),
            claim(".1.2.2", ASN1Boolean.FALSE),
            claim(".1.2.4", ASN1Boolean.TRUE),
            claim(".1.2.5", ASN1Boolean.TRUE),
            claim(".1.2.7", sequence(new ASN1ObjectIdentifier(ARC + ".2.4")))));
    return sequence(new ASN1Integer(1), new DERSequence(elements));
  }

  private static DERSequence element(String type, ASN1Encodable... claims) {
    return sequence(new ASN1ObjectIdentifier(ARC + type), sequence(claims));
  }

  private static DERSequence claim(String type, ASN1Encodable value) {
    return sequence(new ASN1ObjectIdentifier(ARC + type), value);
  }

  private static byte[] evidence(DERSequence body, ASN1Encodable... signatures) {
    try {
      return sequence(body, sequence(signatures)).getEncoded("DER");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static DERSequence sequence(ASN1Encodable... items) {
    return new DERSequence(items);
  }
}
