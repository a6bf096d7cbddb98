package io.sharekeep.pkcs11.cryptoki;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sharekeep.pkcs11.PinFile;
import io.sharekeep.pkcs11.TokenConfiguration;
import io.sharekeep.softhsm.SoftHsmTokens;
import io.sharekeep.softhsm.SoftTokens;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a trial finds at a token that is not as it should be. */
@SoftTokens
final class TrialTest {
  @Test
  void randomBytesThatRepeatAreFoundAndNothingElse(SoftHsmTokens tokens)
      throws ReflectiveOperationException {
    try (var shim = new ShimmedLibrary(tokens.library());
        var token =
            NativeToken.open(
                TokenConfiguration.of(tokens.library(), tokens.coreLabel())
                    .pulse(Duration.ofHours(1)),
                shim.use())) {
      token.login(new PinFile(tokens.corePinFile()));
      assertEquals(List.of(), failed(token));
      shim.frozen.set(true);
      assertEquals(List.of("random must be 64 bytes, is the same bytes twice"), failed(token));
    }
  }

  private static List<String> failed(NativeToken token) {
    return Trial.of(token).all().stream()
        .filter(outcome -> !outcome.passed())
        .map(Trial.Outcome::toString)
        .toList();
  }
}
