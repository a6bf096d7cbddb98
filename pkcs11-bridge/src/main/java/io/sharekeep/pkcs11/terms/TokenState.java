package io.sharekeep.pkcs11.terms;

import java.time.Instant;

/** What a token is able to do. Only {@link Ready} is fit for work. */
public sealed interface TokenState {
  /** Logged in, as far as we know. */
  record Ready() implements TokenState {}

  /** Nobody has logged in, or the PIN that is needed again is gone. */
  record LoggedOut() implements TokenState {}

  /**
   * Lost or slow since just now. Calls wait for it until their deadlines.
   *
   * @param why for operators
   */
  record Stalled(Instant since, String why) implements TokenState {}

  /**
   * The token did not answer for as long as its profile lets a call take. Calls fail at once; it is
   * looked for in the background.
   *
   * @param rv the last CK_RV, 0 if a call hangs
   */
  record Down(Instant since, long rv) implements TokenState {}

  /** Something that only a person can put right. */
  record Failed(String reason) implements TokenState {}
}
