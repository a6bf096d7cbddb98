package io.sharekeep.pkcs11.cryptoki;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.sharekeep.pkcs11.profile.Profile;
import io.sharekeep.pkcs11.terms.KeyRef;
import io.sharekeep.pkcs11.terms.KeySpec;
import io.sharekeep.pkcs11.terms.SealSuite;
import io.sharekeep.pkcs11.terms.TokenException.NotWritable;
import java.lang.foreign.Arena;
import java.util.Set;

/** Makes keys on the token, from the templates of their kinds. */
final class KeyMaker {
  private final Session session;
  private final Arena arena;
  private final Profile profile;

  KeyMaker(Session session, Arena arena, Profile profile) {
    this.session = session;
    this.arena = arena;
    this.profile = profile;
  }

  /**
   * Makes a key.
   *
   * @throws NotWritable if the token takes no new objects
   */
  void make(KeySpec.Kind kind, KeyRef key) {
    try {
      switch (kind) {
        case SEALING_AES_256 -> sealing(key, profile.suite());
        case SIGNING_P256 -> pair(key, Curve.P256);
        case SIGNING_P384 -> pair(key, Curve.P384);
      }
    } catch (CkException e) {
      if (Ck.notWritable(e.rv())) {
        throw new NotWritable(
            session.token(),
            e.rv() == Ck.DEVICE_MEMORY
                ? "is full: it has no room for another key; remove what nobody needs"
                : "is write-protected: it takes no new key; see its vendor's documentation");
      }
      throw e;
    }
  }

  private void sealing(KeyRef key, SealSuite suite) {
    var send = profile.attributes().send();
    switch (suite) {
      case GCM, GCM_TOKEN_IV ->
          secret(Ck.CKM_AES_KEY_GEN, Templates.aesKey(arena, key, Ck.CKM_AES_GCM, send));
      case CBC_HMAC -> {
        secret(Ck.CKM_AES_KEY_GEN, Templates.aesKey(arena, key, Ck.CKM_AES_CBC, send));
        secret(Ck.CKM_GENERIC_SECRET_KEY_GEN, Templates.macKey(arena, SealingKeys.mac(key), send));
      }
      case RSA_OAEP_GCM -> {
        var rsa = SealingKeys.rsa(key);
        pair(
            Ck.CKM_RSA_PKCS_KEY_PAIR_GEN,
            Templates.rsaPublicHalf(arena, rsa, send),
            Templates.rsaKey(arena, rsa, send));
      }
    }
  }

  private void pair(KeyRef key, Curve curve) {
    Set<String> send = profile.attributes().send();
    pair(
        Ck.CKM_EC_KEY_PAIR_GEN,
        Templates.publicHalf(arena, key, curve, send),
        Templates.signingKey(arena, key, send));
  }

  private void secret(long mechanism, Template template) {
    session
        .functions()
        .generateKey(
            session.handle(),
            Mechanism.plain(arena, mechanism),
            template,
            arena.allocate(JAVA_LONG));
  }

  private void pair(long mechanism, Template publicHalf, Template privateHalf) {
    session
        .functions()
        .generateKeyPair(
            session.handle(),
            Mechanism.plain(arena, mechanism),
            publicHalf,
            privateHalf,
            arena.allocate(JAVA_LONG),
            arena.allocate(JAVA_LONG));
  }
}
