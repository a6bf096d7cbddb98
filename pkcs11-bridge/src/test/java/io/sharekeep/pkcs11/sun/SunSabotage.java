package io.sharekeep.pkcs11.sun;

import io.sharekeep.pkcs11.Token;
import io.sharekeep.pkcs11.cryptoki.Bench;
import io.sharekeep.pkcs11.cryptoki.Sabotage;

/** What befalls a token of the SunPKCS11 backend. */
public final class SunSabotage {
  private SunSabotage() {}

  /**
   * Under the lock of that backend.
   *
   * @param token a SunToken
   */
  public static Sabotage of(Token token, Bench behind) {
    if (token instanceof SunToken sun) {
      return new Sabotage(behind, sun.lock().writeLock());
    }
    throw new IllegalArgumentException(token + " is of another backend");
  }
}
