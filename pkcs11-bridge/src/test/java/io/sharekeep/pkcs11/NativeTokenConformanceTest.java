package io.sharekeep.pkcs11;

import io.sharekeep.softhsm.SoftHsmTokens;
import io.sharekeep.softhsm.SoftTokens;
import org.junit.jupiter.api.AfterAll;

/** The native backend on SoftHSM. */
@SoftTokens
final class NativeTokenConformanceTest extends TokenConformance {
  private final Token token;

  NativeTokenConformanceTest(SoftHsmTokens tokens) {
    token = Tokens.open(TokenConfiguration.of(tokens.library(), tokens.coreLabel()));
    token.login(new PinFile(tokens.corePinFile()));
  }

  @Override
  protected Token token() {
    return token;
  }

  @AfterAll
  void close() {
    token.close();
  }
}
