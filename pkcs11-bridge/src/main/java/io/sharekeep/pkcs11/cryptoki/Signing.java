package io.sharekeep.pkcs11.cryptoki;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.sharekeep.pkcs11.profile.Profile;
import io.sharekeep.pkcs11.terms.Digest;
import io.sharekeep.pkcs11.terms.EcdsaDer;
import io.sharekeep.pkcs11.terms.KeyClass;
import io.sharekeep.pkcs11.terms.KeyRef;
import io.sharekeep.pkcs11.terms.PublicKeyBytes;
import io.sharekeep.pkcs11.terms.TokenException.KeyAmbiguous;
import java.lang.foreign.Arena;
import java.util.Optional;

/** ECDSA in one session. */
final class Signing {
  /** A DER SEQUENCE of two INTEGERs of up to 49 bytes each. */
  private static final int LONGEST_DER = 2 + 2 * (2 + 49);

  private Signing() {}

  static byte[] sign(Session session, Arena arena, Profile profile, KeyRef key, Digest digest) {
    if (key.name().keyClass() != KeyClass.PRIVATE) {
      throw new IllegalArgumentException("key " + key + " does not sign");
    }
    var held = session.key(arena, key);
    int size = held.curve().map(Curve::size).orElse(0);
    if (digest.length() != size) {
      throw new IllegalArgumentException(
          "a digest of " + digest.length() + " bytes is not for key " + key);
    }
    boolean der = profile.signatures().der();
    var signature = arena.allocate(der ? LONGEST_DER : 2L * size);
    var length = arena.allocateFrom(JAVA_LONG, signature.byteSize());
    var functions = session.functions();
    functions.signInit(session.handle(), Mechanism.plain(arena, Ck.CKM_ECDSA), held.handle());
    if (profile.alwaysAuthenticate()) {
      session.login().authenticate(session.handle());
    }
    functions.sign(
        session.handle(), arena.allocateFrom(JAVA_BYTE, digest.bytes()), signature, length);
    long written = length.get(JAVA_LONG, 0);
    if (der) {
      return EcdsaDer.decode(signature.asSlice(0, written).toArray(JAVA_BYTE), size);
    }
    if (written != signature.byteSize()) {
      throw new IllegalStateException("C_Sign wrote " + written + " bytes");
    }
    return signature.toArray(JAVA_BYTE);
  }

  /** The public half, if there is exactly one and it is a point of the curve. */
  static Optional<PublicKeyBytes> publicKey(
      Session session, Arena arena, Profile profile, KeyRef key, Curve curve) {
    var found = session.objects(arena, Templates.namingPublicHalf(arena, key));
    if (found.size() > 1) {
      throw new KeyAmbiguous(session.token(), "public half of " + key);
    }
    return found.stream()
        .findFirst()
        .flatMap(object -> session.objects().value(arena, object, Attribute.EC_POINT))
        .flatMap(point -> curve.spki(point, profile.signatures().rawPoint()))
        .map(PublicKeyBytes::of);
  }
}
