package io.sharekeep.pkcs11;

import io.sharekeep.softhsm.SoftHsmTokens;
import io.sharekeep.softhsm.SoftTokens;
import java.nio.file.Path;
import java.util.Set;

/** The native backend on SoftHSM. */
@SoftTokens
final class NativeTokenConformanceTest extends TokenConformance {
  private final SoftHsmTokens tokens;

  NativeTokenConformanceTest(SoftHsmTokens tokens) {
    this.tokens = tokens;
  }

  @Override
  protected TokenConfiguration configuration() {
    return TokenConfiguration.of(tokens.library(), tokens.coreLabel());
  }

  @Override
  protected Path pinFile() {
    return tokens.corePinFile();
  }

  @Override
  protected Set<String> limits() {
    return Set.of();
  }

  @Override
  protected Set<String> exemptions() {
    return Set.of();
  }
}
