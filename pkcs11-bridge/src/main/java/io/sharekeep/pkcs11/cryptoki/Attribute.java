package io.sharekeep.pkcs11.cryptoki;

import java.util.OptionalLong;

/** The attributes that templates set and evidence reads; a constant is named as CKA_ names it. */
enum Attribute {
  CLASS(0x00, Form.KEY_CLASS),
  TOKEN(0x01, Form.FLAG),
  PRIVATE(0x02, Form.FLAG),
  LABEL(0x03, Form.TEXT),
  CERTIFICATE_VALUE(0x11, Form.BYTES),
  CERTIFICATE_TYPE(0x80, Form.NUMBER),
  ISSUER(0x81, Form.BYTES),
  SERIAL_NUMBER(0x82, Form.BYTES),
  SUBJECT(0x101, Form.BYTES),
  KEY_TYPE(0x100, Form.KEY_TYPE),
  ID(0x102, Form.BYTES),
  SENSITIVE(0x103, Form.FLAG),
  ENCRYPT(0x104, Form.FLAG),
  DECRYPT(0x105, Form.FLAG),
  WRAP(0x106, Form.FLAG),
  UNWRAP(0x107, Form.FLAG),
  SIGN(0x108, Form.FLAG),
  SIGN_RECOVER(0x109, Form.FLAG),
  VERIFY(0x10a, Form.FLAG),
  DERIVE(0x10c, Form.FLAG),
  MODULUS(0x120, Form.BYTES),
  MODULUS_BITS(0x121, Form.NUMBER),
  PUBLIC_EXPONENT(0x122, Form.BYTES),
  VALUE_LEN(0x161, Form.NUMBER),
  EXTRACTABLE(0x162, Form.FLAG),
  LOCAL(0x163, Form.FLAG),
  NEVER_EXTRACTABLE(0x164, Form.FLAG),
  ALWAYS_SENSITIVE(0x165, Form.FLAG),
  KEY_GEN_MECHANISM(0x166, Form.MECHANISMS),
  MODIFIABLE(0x170, Form.FLAG),
  COPYABLE(0x171, Form.FLAG),
  DESTROYABLE(0x172, Form.FLAG),
  EC_PARAMS(0x180, Form.CURVE),
  EC_POINT(0x181, Form.BYTES),
  ALLOWED_MECHANISMS(0x40000600L, Form.MECHANISMS);

  /** The secret itself: asked for only to see it refused. */
  static final long VALUE = 0x11;

  /** The secret of an RSA key, likewise. */
  static final long PRIVATE_EXPONENT = 0x123;

  /** What is not asked of keys: CERTIFICATE_VALUE is the number of a key's own value. */
  boolean ofCertificates() {
    return switch (this) {
      case CERTIFICATE_VALUE, CERTIFICATE_TYPE, ISSUER, SERIAL_NUMBER, SUBJECT -> true;
      default -> false;
    };
  }

  /** How a value is to be read. */
  enum Form {
    FLAG,
    NUMBER,
    TEXT,
    BYTES,
    KEY_CLASS,
    KEY_TYPE,
    CURVE,
    MECHANISMS
  }

  private final long type;
  private final Form form;

  Attribute(long type, Form form) {
    this.type = type;
    this.form = form;
  }

  long type() {
    return type;
  }

  Form form() {
    return form;
  }

  /** Bytes of a value, where the type fixes it. */
  OptionalLong length() {
    if (this == KEY_GEN_MECHANISM) {
      return OptionalLong.of(Long.BYTES);
    }
    return switch (form) {
      case FLAG -> OptionalLong.of(1);
      case NUMBER, KEY_CLASS, KEY_TYPE -> OptionalLong.of(Long.BYTES);
      case TEXT, BYTES, CURVE, MECHANISMS -> OptionalLong.empty();
    };
  }
}
