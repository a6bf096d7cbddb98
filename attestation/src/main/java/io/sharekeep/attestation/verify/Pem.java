package io.sharekeep.attestation.verify;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sharekeep.attestation.cose.CoseAlgorithm;
import io.sharekeep.attestation.cose.PublicKeys;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Pattern;

/** The auditor's own keys, as {@code openssl} writes them. */
final class Pem {
  private static final int MAX = 1 << 16;

  private Pem() {}

  /** SubjectPublicKeyInfo of a P-384 key. */
  static byte[] publicKey(Path file) {
    byte[] spki = block(file, "PUBLIC KEY");
    if (PublicKeys.ec(spki).filter(CoseAlgorithm.ES384::fits).isEmpty()) {
      throw expected(file, "a public key on P-384");
    }
    return spki;
  }

  /** A PKCS#8 private key on P-384. */
  static PrivateKey privateKey(Path file) {
    try {
      return KeyFactory.getInstance("EC")
          .generatePrivate(new PKCS8EncodedKeySpec(block(file, "PRIVATE KEY")));
    } catch (GeneralSecurityException e) {
      throw expected(file, "a private key on P-384, in PKCS#8");
    }
  }

  static byte[] sign(PrivateKey key, byte[] message) {
    try {
      var signer = Signature.getInstance("SHA384withECDSAinP1363Format");
      signer.initSign(key);
      signer.update(message);
      return signer.sign();
    } catch (GeneralSecurityException e) {
      throw new Unusable("the key does not sign with ES384");
    }
  }

  private static byte[] block(Path file, String label) {
    var text = new String(InputFile.read(file, MAX), US_ASCII);
    var matcher =
        Pattern.compile("-----BEGIN " + label + "-----\\s([A-Za-z0-9+/=\\s]+)-----END " + label)
            .matcher(text);
    if (!matcher.find()) {
      throw expected(file, label);
    }
    return Base64.getMimeDecoder().decode(matcher.group(1));
  }

  private static Unusable expected(Path file, String what) {
    return new Unusable(file + ": " + what + " was expected, in PEM");
  }
}
