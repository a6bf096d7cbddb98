package io.sharekeep.pkcs11.terms;

/** Through what a token is reached. In one process never both on one library. */
public enum Backend {
  /** The library's C functions, called directly. It does everything. */
  NATIVE,
  /** The JDK's SunPKCS11 provider; what it cannot do stands in {@link TokenReport#limits}. */
  SUN
}
