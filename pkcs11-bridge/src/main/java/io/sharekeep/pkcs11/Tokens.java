package io.sharekeep.pkcs11;

import io.sharekeep.pkcs11.cryptoki.NativeToken;
import io.sharekeep.pkcs11.sun.SunToken;
import io.sharekeep.pkcs11.terms.TokenException;

/** Opens tokens through the backend that the configuration names. */
public final class Tokens {
  private Tokens() {}

  /**
   * Loads the library if it is not yet loaded and finds the token by its label. Nobody is logged in
   * afterwards.
   *
   * @throws TokenException.LibraryRejected if the library is missing, not the pinned one, or not
   *     PKCS#11
   * @throws TokenException.ProfileRejected if a profile file is wrong or is for another token
   * @throws TokenException.TokenAbsent if no token has the label; the message lists those present
   * @throws TokenException.TokenAmbiguous if two tokens have it, or this process has it open
   */
  public static Token open(TokenConfiguration configuration) {
    return switch (configuration.library().backend()) {
      case NATIVE -> NativeToken.open(configuration);
      case SUN -> SunToken.open(configuration);
    };
  }
}
