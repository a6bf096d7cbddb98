package io.sharekeep.pkcs11;

import io.sharekeep.pkcs11.terms.Backend;
import io.sharekeep.pkcs11.terms.TokenLibrary;
import io.sharekeep.pkcs11.terms.TokenReport;
import io.sharekeep.softhsm.NssDatabase;
import io.sharekeep.softhsm.SoftTokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;

/** The SunPKCS11 backend on NSS. */
@SoftTokens(SoftTokens.Kind.NSS)
final class SunNssConformanceTest extends TokenConformance {
  private final NssDatabase nss;
  private final Path library;

  SunNssConformanceTest(NssDatabase nss, @TempDir Path directory) throws IOException {
    this.nss = nss;
    // Of its own: this JVM's other tests have the library open through the native backend.
    this.library = Files.copy(nss.library(), directory.resolve(nss.library().getFileName()));
  }

  @Override
  protected TokenConfiguration configuration() {
    return TokenConfiguration.of(
        TokenLibrary.at(library).with(Optional.of(nss.parameters())).through(Backend.SUN),
        nss.label());
  }

  @Override
  protected Path pinFile() {
    return nss.pinFile();
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
    return Set.of("LOCAL", "KEY_GEN_MECHANISM", "COPYABLE", "DESTROYABLE", "ALLOWED_MECHANISMS");
  }
}
