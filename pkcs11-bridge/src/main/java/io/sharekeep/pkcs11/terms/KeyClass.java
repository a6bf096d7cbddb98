package io.sharekeep.pkcs11.terms;

/** The object classes that Sharekeep uses as keys (CKO_SECRET_KEY, CKO_PRIVATE_KEY). */
public enum KeyClass {
  SECRET,
  PRIVATE
}
