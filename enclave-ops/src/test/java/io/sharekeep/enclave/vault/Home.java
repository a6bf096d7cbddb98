package io.sharekeep.enclave.vault;

import io.sharekeep.pkcs11.Token;
import io.sharekeep.pkcs11.terms.TokenState;
import java.util.Optional;

/** A token that is there. */
record Home(Role role, Token itself) implements KekHome {
  @Override
  public Optional<Token> token() {
    return Optional.of(itself);
  }

  @Override
  public TokenState state() {
    return itself.state();
  }
}
