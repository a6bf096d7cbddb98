package io.sharekeep.enclave.vault;

import io.sharekeep.pkcs11.Token;
import io.sharekeep.pkcs11.terms.KeyRef;
import io.sharekeep.pkcs11.terms.TokenException;

/**
 * One kek: a key on one of the party's tokens that seals shares, or that opens what it has sealed
 * before a newer one came.
 *
 * @param generation of its token's keks, from 1
 * @param seals how often it has sealed
 */
public record Kek(KekHome home, KeyRef key, int generation, SealCount seals) {
  /** As seals name it. */
  public String id() {
    return key.id();
  }

  /**
   * The token.
   *
   * @throws TokenException.Unavailable while it was not seen since the start
   */
  Token token() {
    return home.token()
        .orElseThrow(() ->
            new TokenException.Unavailable(home.role().label(), "it was not there at the start"));
  }
}
