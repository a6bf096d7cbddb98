package io.sharekeep.bench;

import io.sharekeep.pkcs11.Aad;
import io.sharekeep.pkcs11.PinFile;
import io.sharekeep.pkcs11.TokenConfiguration;
import io.sharekeep.pkcs11.Tokens;
import io.sharekeep.pkcs11.terms.KeySpec;
import io.sharekeep.softhsm.SoftHsm;
import java.lang.foreign.Arena;
import java.util.Arrays;

/** How long a token takes to open a sealed key record. */
final class OpenBench {
  private static final int RECORD = 200;
  private static final int WARM_UP = 500;
  private static final int RUNS = 2001;

  private OpenBench() {}

  /** Median microseconds of wall time on fresh SoftHSM tokens, which are deleted afterwards. */
  static double micros() {
    try (var home = SoftHsm.ofThisProcess();
        var arena = Arena.ofConfined()) {
      var tokens = home.provision("bench");
      var token = Tokens.open(TokenConfiguration.of(tokens.library(), tokens.coreLabel()));
      try {
        token.login(new PinFile(tokens.corePinFile()));
        var kek = token.generate(KeySpec.KEK);
        var plain = arena.allocate(RECORD);
        var sealed = arena.allocate(token.sealedSize(kek, RECORD));
        var out = arena.allocate(RECORD + token.openSlack(kek));
        var aad = Aad.of(new byte[64]);
        int length = token.seal(kek, plain, aad, sealed);
        var took = new long[RUNS];
        for (int i = -WARM_UP; i < RUNS; i++) {
          long began = System.nanoTime();
          token.open(kek, sealed.asSlice(0, length), aad, out);
          if (i >= 0) {
            took[i] = System.nanoTime() - began;
          }
        }
        Arrays.sort(took);
        return took[RUNS / 2] / 1e3;
      } finally {
        token.close();
      }
    }
  }
}
