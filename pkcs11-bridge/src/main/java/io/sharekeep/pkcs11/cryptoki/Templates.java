package io.sharekeep.pkcs11.cryptoki;

import static io.sharekeep.pkcs11.cryptoki.Attribute.*;

import io.sharekeep.pkcs11.terms.KeyName;
import io.sharekeep.pkcs11.terms.KeyRef;
import java.lang.foreign.Arena;
import java.util.Set;

/**
 * What keys are made from. Every usage is stated, also those refused: tokens default to more than
 * is wanted. The last attributes are sent only where the token's profile says that it takes them.
 */
final class Templates {
  private static final byte[] F4 = {1, 0, 1};
  private static final long RSA_BITS = 3072;

  private Templates() {}

  /** For AES-256 that encrypts and decrypts with one mechanism. */
  static Template aesKey(Arena arena, KeyRef key, long mechanism, Set<String> send) {
    return closed(
            named(arena, key)
                .numbers(CLASS, Ck.CKO_SECRET_KEY)
                .numbers(KEY_TYPE, Ck.CKK_AES)
                .numbers(VALUE_LEN, 32)
                .flags(true, PRIVATE, SENSITIVE, ENCRYPT, DECRYPT)
                .flags(false, EXTRACTABLE, WRAP, UNWRAP, DERIVE, SIGN, VERIFY),
            mechanism,
            send)
        .build();
  }

  /** For the HMAC of suite 3: we sign and compare, so the token need not verify. */
  static Template macKey(Arena arena, KeyRef key, Set<String> send) {
    return closed(
            named(arena, key)
                .numbers(CLASS, Ck.CKO_SECRET_KEY)
                .numbers(KEY_TYPE, Ck.CKK_GENERIC_SECRET)
                .numbers(VALUE_LEN, 32)
                .flags(true, PRIVATE, SENSITIVE, SIGN)
                .flags(false, EXTRACTABLE, WRAP, UNWRAP, DERIVE, ENCRYPT, DECRYPT, VERIFY),
            Ck.CKM_SHA256_HMAC,
            send)
        .build();
  }

  /** For the data keys of suite 4. */
  static Template rsaKey(Arena arena, KeyRef key, Set<String> send) {
    return closed(
            named(arena, key)
                .numbers(CLASS, Ck.CKO_PRIVATE_KEY)
                .numbers(KEY_TYPE, Ck.CKK_RSA)
                .flags(true, PRIVATE, SENSITIVE, DECRYPT)
                .flags(false, EXTRACTABLE, UNWRAP, DERIVE, SIGN, SIGN_RECOVER),
            Ck.CKM_RSA_PKCS_OAEP,
            send)
        .build();
  }

  /** Private too: whoever has it can seal. */
  static Template rsaPublicHalf(Arena arena, KeyRef key, Set<String> send) {
    return optional(
            named(arena, key)
                .numbers(CLASS, Ck.CKO_PUBLIC_KEY)
                .numbers(KEY_TYPE, Ck.CKK_RSA)
                .numbers(MODULUS_BITS, RSA_BITS)
                .bytes(PUBLIC_EXPONENT, F4)
                .flags(true, PRIVATE, ENCRYPT)
                .flags(false, VERIFY, WRAP),
            send,
            MODIFIABLE)
        .build();
  }

  static Template signingKey(Arena arena, KeyRef key, Set<String> send) {
    return closed(
            named(arena, key)
                .numbers(CLASS, Ck.CKO_PRIVATE_KEY)
                .numbers(KEY_TYPE, Ck.CKK_EC)
                .flags(true, PRIVATE, SENSITIVE, SIGN)
                .flags(false, EXTRACTABLE, DECRYPT, UNWRAP, DERIVE, SIGN_RECOVER),
            Ck.CKM_ECDSA,
            send)
        .build();
  }

  static Template publicHalf(Arena arena, KeyRef key, Curve curve, Set<String> send) {
    return optional(
            named(arena, key)
                .numbers(CLASS, Ck.CKO_PUBLIC_KEY)
                .numbers(KEY_TYPE, Ck.CKK_EC)
                .bytes(EC_PARAMS, curve.parameters())
                .flags(true, VERIFY)
                .flags(false, PRIVATE, ENCRYPT, WRAP),
            send,
            MODIFIABLE)
        .build();
  }

  /** A certificate beside a signing key, for readers that find keys by their certificates only. */
  static Template certificate(
      Arena arena, KeyRef key, byte[] subject, byte[] issuer, byte[] serial, byte[] certificate) {
    return named(arena, key)
        .numbers(CLASS, Ck.CKO_CERTIFICATE)
        .numbers(CERTIFICATE_TYPE, Ck.CKC_X_509)
        .bytes(SUBJECT, subject)
        .bytes(ISSUER, issuer)
        .bytes(SERIAL_NUMBER, serial)
        .flags(false, PRIVATE)
        .bytes(CERTIFICATE_VALUE, certificate)
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
    return namingOther(arena, key, Ck.CKO_PUBLIC_KEY);
  }

  /** Finds the certificate of a signing key. */
  static Template namingCertificate(Arena arena, KeyRef key) {
    return namingOther(arena, key, Ck.CKO_CERTIFICATE);
  }

  private static Template namingOther(Arena arena, KeyRef key, long objectClass) {
    return Template.in(arena)
        .numbers(CLASS, objectClass)
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

  /** Good for one mechanism, and not to be changed or copied. */
  private static Template.Builder closed(
      Template.Builder builder, long mechanism, Set<String> send) {
    optional(builder, send, MODIFIABLE, COPYABLE);
    if (send.contains(DESTROYABLE.name())) {
      builder.flags(true, DESTROYABLE);
    }
    return send.contains(ALLOWED_MECHANISMS.name())
        ? builder.numbers(ALLOWED_MECHANISMS, mechanism)
        : builder;
  }

  private static Template.Builder optional(
      Template.Builder builder, Set<String> send, Attribute... refused) {
    for (var attribute : refused) {
      if (send.contains(attribute.name())) {
        builder.flags(false, attribute);
      }
    }
    return builder;
  }
}
