package io.sharekeep.pkcs11.terms;

import java.time.Instant;

/** What a token is able to do. */
public sealed interface TokenState {
  /** Logged in, as far as we know. */
  record Ready() implements TokenState {}

  /** Nobody has logged in, or the PIN that is needed again is gone. */
  record LoggedOut() implements TokenState {}

  /**
   * The token does not answer.
   *
   * @param rv the last CK_RV
   */
  record Down(Instant since, long rv) implements TokenState {}

  /** Something that only a person can put right. */
  record Failed(String reason) implements TokenState {}
}
