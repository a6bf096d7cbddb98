package io.sharekeep.pkcs11;

import io.sharekeep.pkcs11.terms.Backend;
import io.sharekeep.pkcs11.terms.TokenLibrary;
import io.sharekeep.pkcs11.terms.TokenReport;
import io.sharekeep.softhsm.SoftHsmTokens;
import io.sharekeep.softhsm.SoftTokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;

/** The SunPKCS11 backend on SoftHSM. */
@SoftTokens
final class SunTokenConformanceTest extends TokenConformance {
  private final SoftHsmTokens tokens;
  private final Path library;

  SunTokenConformanceTest(SoftHsmTokens tokens, @TempDir Path directory) throws IOException {
    this.tokens = tokens;
    // Of its own: this JVM's other tests have the library open through the native backend.
    this.library = Files.copy(tokens.library(), directory.resolve(tokens.library().getFileName()));
  }

  @Override
  protected TokenConfiguration configuration() {
    return TokenConfiguration.of(TokenLibrary.at(library).through(Backend.SUN), tokens.coreLabel());
  }

  @Override
  protected Path pinFile() {
    return tokens.corePinFile();
  }

  @Override
  protected Set<String> limits() {
    return Set.of(
        TokenReport.PIN_ON_HEAP,
        TokenReport.EVIDENCE_BY_CHILD,
        TokenReport.NO_REINITIALISATION,
        TokenReport.RANDOM_MIXED);
  }

  @Override
  protected Set<String> exemptions() {
    return Set.of();
  }
}
