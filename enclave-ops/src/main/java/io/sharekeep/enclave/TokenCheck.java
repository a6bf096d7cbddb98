package io.sharekeep.enclave;

import io.sharekeep.pkcs11.terms.TokenState;
import java.util.Optional;

/** What a token's state means for readiness. */
public final class TokenCheck {
  private TokenCheck() {}

  /**
   * The check that fails because of it; empty if the token is fit for work.
   *
   * @param name of the check
   */
  public static Optional<Check> lost(String name, TokenState state) {
    return switch (state) {
      case TokenState.Ready _ -> Optional.empty();
      case TokenState.LoggedOut _ -> Optional.of(new Check(name, false, "nobody is logged in"));
      case TokenState.Stalled(var since, var why) ->
          Optional.of(
              new Check(name, false, why + ", since " + since + "; it is repaired by itself"));
      case TokenState.Down(var since, var rv) ->
          Optional.of(
              new Check(
                  name,
                  false,
                  "gone since "
                      + since
                      + (rv == 0 ? ", a call hangs" : ", with 0x" + Long.toHexString(rv))
                      + "; look at the HSM and the way to it; it is looked for by itself"));
      case TokenState.Failed(var reason) -> Optional.of(new Check(name, false, reason));
    };
  }
}
