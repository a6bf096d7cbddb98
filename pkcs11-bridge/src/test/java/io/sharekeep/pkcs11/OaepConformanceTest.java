package io.sharekeep.pkcs11;

import io.sharekeep.pkcs11.terms.SealSuite;
import io.sharekeep.pkcs11.terms.TokenLibrary;
import io.sharekeep.pkcs11.terms.TokenReport;
import io.sharekeep.softhsm.SoftHsmTokens;
import io.sharekeep.softhsm.SoftTokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;

/** The native backend on a token that is used as if it had RSA-OAEP alone. */
@SoftTokens
final class OaepConformanceTest extends TokenConformance {
  private final SoftHsmTokens tokens;
  private final Path profile;

  OaepConformanceTest(SoftHsmTokens tokens, @TempDir Path directory) throws IOException {
    this.tokens = tokens;
    this.profile =
        Files.writeString(
            directory.resolve("own.profile"),
            """
            name = degraded
            title = SoftHSM without its AES-GCM
            measured = no
            source = this test
            aead = RSA_OAEP_DEK
            """);
  }

  @Override
  protected TokenConfiguration configuration() {
    return TokenConfiguration.of(
        TokenLibrary.at(tokens.library()).under(profile), tokens.coreLabel());
  }

  @Override
  protected Path pinFile() {
    return tokens.corePinFile();
  }

  @Override
  protected Set<String> limits() {
    return Set.of(TokenReport.DEGRADED_SEAL, TokenReport.PROFILE_UNMEASURED);
  }

  @Override
  protected Set<String> exemptions() {
    return Set.of();
  }

  @Override
  protected SealSuite suite() {
    return SealSuite.RSA_OAEP_GCM;
  }
}
