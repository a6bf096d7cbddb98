package io.sharekeep.pkcs11.cryptoki;

/** A PKCS#11 function returned something other than CKR_OK. It never leaves this package. */
final class CkException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final String function;
  private final long rv;

  CkException(String function, long rv) {
    super(function + " returned 0x" + Long.toHexString(rv));
    this.function = function;
    this.rv = rv;
  }

  String function() {
    return function;
  }

  long rv() {
    return rv;
  }
}
