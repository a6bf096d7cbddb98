package io.sharekeep.pkcs11.cryptoki;

import io.sharekeep.pkcs11.terms.KeyRef;
import java.lang.foreign.Arena;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.RSAPublicKeySpec;
import java.util.Optional;

/** The public half of the key of suite 4. */
final class RsaPublicKey {
  private RsaPublicKey() {}

  /** SubjectPublicKeyInfo, if there is exactly one public half. */
  static Optional<byte[]> read(Session session, Arena arena, KeyRef kek) {
    var found = session.objects(arena, Templates.namingPublicHalf(arena, SealingKeys.rsa(kek)));
    if (found.size() != 1) {
      return Optional.empty();
    }
    var modulus = session.objects().value(arena, found.getFirst(), Attribute.MODULUS);
    var exponent = session.objects().value(arena, found.getFirst(), Attribute.PUBLIC_EXPONENT);
    return modulus.flatMap(n -> exponent.map(e -> spki(n, e)));
  }

  private static byte[] spki(byte[] modulus, byte[] exponent) {
    try {
      return KeyFactory.getInstance("RSA")
          .generatePublic(
              new RSAPublicKeySpec(new BigInteger(1, modulus), new BigInteger(1, exponent)))
          .getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }
}
