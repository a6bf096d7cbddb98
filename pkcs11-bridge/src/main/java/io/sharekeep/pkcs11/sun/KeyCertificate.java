package io.sharekeep.pkcs11.sun;

import io.sharekeep.pkcs11.Token;
import io.sharekeep.pkcs11.terms.Digest;
import io.sharekeep.pkcs11.terms.EcdsaDer;
import io.sharekeep.pkcs11.terms.KeyRef;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A certificate (RFC 5280) that a key signs for itself, for ever. It vouches for nothing: the JDK's
 * provider sees a private key only beside one.
 */
final class KeyCertificate {
  private static final byte[] VERSION_3 = HexFormat.of().parseHex("a003020102");
  private static final byte[] SHA256 = HexFormat.of().parseHex("300a06082a8648ce3d040302");
  private static final byte[] SHA384 = HexFormat.of().parseHex("300a06082a8648ce3d040303");
  private static final byte[] COMMON_NAME = HexFormat.of().parseHex("0603550403");

  private KeyCertificate() {}

  static X509Certificate of(Token token, KeyRef key) {
    var spki = token.publicKey(key).spki();
    boolean p384 = spki.length > 100;
    var algorithm = p384 ? SHA384 : SHA256;
    var name =
        der(
            0x30,
            der(
                0x31,
                der(
                    0x30,
                    COMMON_NAME,
                    der(0x0c, key.name().label().getBytes(StandardCharsets.UTF_8)))));
    var serial = new byte[16];
    new SecureRandom().nextBytes(serial);
    serial[0] = (byte) ((serial[0] & 0x7f) | 0x40);
    var validity =
        der(
            0x30,
            der(0x18, "20200101000000Z".getBytes(StandardCharsets.US_ASCII)),
            der(0x18, "99991231235959Z".getBytes(StandardCharsets.US_ASCII)));
    var body = der(0x30, VERSION_3, der(0x02, serial), algorithm, name, validity, name, spki);
    var digest = p384 ? Digest.sha384(body) : Digest.sha256(body);
    var signature = EcdsaDer.encode(token.sign(key, digest));
    var encoded = der(0x30, body, algorithm, der(0x03, new byte[1], signature));
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(encoded));
    } catch (CertificateException e) {
      throw new IllegalStateException(e);
    }
  }

  /** One element with a definite length of up to two bytes. */
  private static byte[] der(int tag, byte[]... parts) {
    int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
    byte[] head =
        length < 128
            ? new byte[] {(byte) tag, (byte) length}
            : length < 256
                ? new byte[] {(byte) tag, (byte) 0x81, (byte) length}
                : new byte[] {(byte) tag, (byte) 0x82, (byte) (length >> 8), (byte) length};
    var out = Arrays.copyOf(head, head.length + length);
    int at = head.length;
    for (var part : parts) {
      System.arraycopy(part, 0, out, at, part.length);
      at += part.length;
    }
    return out;
  }
}
