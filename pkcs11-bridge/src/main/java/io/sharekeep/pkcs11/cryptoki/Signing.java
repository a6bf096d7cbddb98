package io.sharekeep.pkcs11.cryptoki;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.sharekeep.pkcs11.terms.Digest;
import io.sharekeep.pkcs11.terms.KeyRef;
import io.sharekeep.pkcs11.terms.PublicKeyBytes;
import io.sharekeep.pkcs11.terms.TokenException.KeyAmbiguous;
import java.lang.foreign.Arena;
import java.util.Optional;

/** ECDSA in one session. */
final class Signing {
  private Signing() {}

  static byte[] sign(Session session, Arena arena, KeyRef key, Digest digest) {
    var held = session.key(arena, key);
    int size = held.curve().map(Curve::size).orElse(0);
    if (digest.length() != size) {
      throw new IllegalArgumentException(
          "a digest of " + digest.length() + " bytes is not for key " + key);
    }
    var signature = arena.allocate(2L * size);
    var length = arena.allocateFrom(JAVA_LONG, signature.byteSize());
    var functions = session.functions();
    functions.signInit(session.handle(), Mechanism.plain(arena, Ck.CKM_ECDSA), held.handle());
    functions.sign(
        session.handle(), arena.allocateFrom(JAVA_BYTE, digest.bytes()), signature, length);
    if (length.get(JAVA_LONG, 0) != signature.byteSize()) {
      throw new IllegalStateException("C_Sign wrote " + length.get(JAVA_LONG, 0) + " bytes");
    }
    return signature.toArray(JAVA_BYTE);
  }

  /** The public half, if there is exactly one and it is a point of the curve. */
  static Optional<PublicKeyBytes> publicKey(Session session, Arena arena, KeyRef key, Curve curve) {
    var found = session.objects(arena, Templates.namingPublicHalf(arena, key));
    if (found.size() > 1) {
      throw new KeyAmbiguous(session.token(), "public half of " + key);
    }
    return found.stream()
        .findFirst()
        .flatMap(object -> session.objects().value(arena, object, Attribute.EC_POINT))
        .flatMap(curve::spki)
        .map(PublicKeyBytes::of);
  }
}
