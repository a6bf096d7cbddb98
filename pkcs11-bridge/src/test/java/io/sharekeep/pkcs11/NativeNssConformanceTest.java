package io.sharekeep.pkcs11;

import io.sharekeep.pkcs11.terms.TokenLibrary;
import io.sharekeep.softhsm.NssDatabase;
import io.sharekeep.softhsm.SoftTokens;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** The native backend on NSS. */
@SoftTokens(SoftTokens.Kind.NSS)
final class NativeNssConformanceTest extends TokenConformance {
  private final NssDatabase nss;

  NativeNssConformanceTest(NssDatabase nss) {
    this.nss = nss;
  }

  @Override
  protected TokenConfiguration configuration() {
    return TokenConfiguration.of(
        TokenLibrary.at(nss.library()).with(Optional.of(nss.parameters())), nss.label());
  }

  @Override
  protected Path pinFile() {
    return nss.pinFile();
  }

  @Override
  protected Set<String> limits() {
    return Set.of();
  }

  @Override
  protected Set<String> exemptions() {
    return Set.of("LOCAL", "KEY_GEN_MECHANISM", "COPYABLE", "DESTROYABLE", "ALLOWED_MECHANISMS");
  }
}
