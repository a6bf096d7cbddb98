package io.sharekeep.pkcs11.cryptoki;

import static io.sharekeep.pkcs11.cryptoki.Attribute.*;

import io.sharekeep.pkcs11.terms.KeyName;
import io.sharekeep.pkcs11.terms.KeyRef;
import java.lang.foreign.Arena;

/**
 * What keys are made from. Every usage is stated, also those refused: tokens default to more than
 * is wanted.
 */
final class Templates {
  private Templates() {}

  static Template sealingKey(Arena arena, KeyRef key) {
    return named(arena, key)
        .numbers(CLASS, Ck.CKO_SECRET_KEY)
        .numbers(KEY_TYPE, Ck.CKK_AES)
        .numbers(VALUE_LEN, 32)
        .flags(true, PRIVATE, SENSITIVE, ENCRYPT, DECRYPT)
        .flags(false, EXTRACTABLE, WRAP, UNWRAP, DERIVE, SIGN, VERIFY, MODIFIABLE, COPYABLE)
        .flags(true, DESTROYABLE)
        .numbers(ALLOWED_MECHANISMS, Ck.CKM_AES_GCM)
        .build();
  }

  static Template signingKey(Arena arena, KeyRef key) {
    return named(arena, key)
        .numbers(CLASS, Ck.CKO_PRIVATE_KEY)
        .numbers(KEY_TYPE, Ck.CKK_EC)
        .flags(true, PRIVATE, SENSITIVE, SIGN)
        .flags(false, EXTRACTABLE, DECRYPT, UNWRAP, DERIVE, SIGN_RECOVER, MODIFIABLE, COPYABLE)
        .flags(true, DESTROYABLE)
        .numbers(ALLOWED_MECHANISMS, Ck.CKM_ECDSA)
        .build();
  }

  static Template publicHalf(Arena arena, KeyRef key, Curve curve) {
    return named(arena, key)
        .numbers(CLASS, Ck.CKO_PUBLIC_KEY)
        .numbers(KEY_TYPE, Ck.CKK_EC)
        .bytes(EC_PARAMS, curve.parameters())
        .flags(true, VERIFY)
        .flags(false, PRIVATE, ENCRYPT, WRAP, MODIFIABLE)
        .build();
  }

  /** Finds the key of a reference. */
  static Template naming(Arena arena, KeyRef key) {
    return naming(arena, key.name()).bytes(ID, key.idBytes()).build();
  }

  /** Finds every key of a name. */
  static Template.Builder naming(Arena arena, KeyName name) {
    long keyClass =
        switch (name.keyClass()) {
          case SECRET -> Ck.CKO_SECRET_KEY;
          case PRIVATE -> Ck.CKO_PRIVATE_KEY;
        };
    return Template.in(arena).numbers(CLASS, keyClass).text(LABEL, name.label());
  }

  /** Finds the public half of a signing key. */
  static Template namingPublicHalf(Arena arena, KeyRef key) {
    return Template.in(arena)
        .numbers(CLASS, Ck.CKO_PUBLIC_KEY)
        .text(LABEL, key.name().label())
        .bytes(ID, key.idBytes())
        .build();
  }

  private static Template.Builder named(Arena arena, KeyRef key) {
    return Template.in(arena)
        .flags(true, TOKEN)
        .text(LABEL, key.name().label())
        .bytes(ID, key.idBytes());
  }
}
