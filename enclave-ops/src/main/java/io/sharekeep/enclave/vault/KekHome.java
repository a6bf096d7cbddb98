package io.sharekeep.enclave.vault;

import io.sharekeep.pkcs11.Token;
import io.sharekeep.pkcs11.terms.TokenException;
import io.sharekeep.pkcs11.terms.TokenState;
import java.util.Optional;

/** A token that holds keks, as far as it is there. */
public interface KekHome {
  /** What the token is to this party. */
  enum Role {
    CORE("core"),
    FALLBACK("fallback");

    private final String label;

    Role(String label) {
      this.label = label;
    }

    /** As state folder, log and metrics say it. */
    public String label() {
      return label;
    }
  }

  Role role();

  /** The token, logged in and proven; empty as long as it was never seen since the start. */
  Optional<Token> token();

  /** What it is able to do now. Asks nothing of it. */
  TokenState state();

  /** Whether it is worth asking before another one. */
  default boolean isFit() {
    return state() instanceof TokenState.Ready;
  }

  /**
   * Whether the token did not do its part, so that another may. What a token says of the blob or of
   * its keys is the last word.
   */
  static boolean isLost(TokenException e) {
    return switch (e) {
      case TokenException.Busy _,
          TokenException.Unavailable _,
          TokenException.LoggedOut _,
          TokenException.PinIncorrect _,
          TokenException.PinLocked _,
          TokenException.PinUnreadable _,
          TokenException.KeyMissing _,
          TokenException.TokenFault _,
          TokenException.TokenAbsent _ ->
          true;
      case TokenException.SealRejected _,
          TokenException.KeyAmbiguous _,
          TokenException.KeyExists _,
          TokenException.KeyWeak _,
          TokenException.Unsupported _,
          TokenException.NotWritable _,
          TokenException.LibraryRejected _,
          TokenException.TokenAmbiguous _,
          TokenException.ProfileRejected _ ->
          false;
    };
  }
}
