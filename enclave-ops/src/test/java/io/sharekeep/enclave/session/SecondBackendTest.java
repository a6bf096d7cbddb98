package io.sharekeep.enclave.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.enclave.Check;
import io.sharekeep.enclave.EnclaveConfiguration;
import io.sharekeep.enclave.Outcome;
import io.sharekeep.enclave.Scheme;
import io.sharekeep.enclave.TokenPlace;
import io.sharekeep.enclave.session.Parties.Shape;
import io.sharekeep.leftovers.LeavesNothing;
import io.sharekeep.softhsm.SoftHsmTokens;
import io.sharekeep.softhsm.SoftTokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A party whose core token is used through the JDK's provider does all that others do. */
@SoftTokens
@LeavesNothing
class SecondBackendTest {
  @TempDir private Path home;

  @Test
  void aPartyOnTheJdksProviderMakesKeysAndSignsAndSaysWhereItsPinIs(SoftHsmTokens tokens)
      throws IOException {
    // Another copy of the library: in one process no library is used through both backends.
    var copy = Files.copy(tokens.library(), home.resolve("libsofthsm2.so"));
    UnaryOperator<EnclaveConfiguration> second =
        usual -> {
          var core = usual.core();
          return new EnclaveConfiguration(
              usual.stateDirectory(),
              TokenPlace.at(copy, core.label(), core.pinFile()).through("sunpkcs11"),
              usual.fallback(),
              usual.secretMemory(),
              usual.signingThreads(),
              usual.sessionLimit());
        };
    try (var parties =
        Parties.start(
            home,
            tokens,
            2,
            Map.of("both", new Shape(2, List.of(List.of(1), List.of(2)))),
            Map.of(1, second))) {
      var key = parties.generate("both", Scheme.FROST_ED25519);
      var order = parties.order(key);
      assertInstanceOf(
          Outcome.Signed.class, Relay.run(parties.all(), parties.propose(1, order), order));

      var enclave = parties.enclave(1);
      assertTrue(
          enclave.readiness().stream().allMatch(Check::passed), enclave.readiness().toString());
      assertEquals("sunpkcs11", enclave.status().tokenBackend());
      assertTrue(enclave.status().limits().contains("pin-on-heap"));
      assertEquals("native", parties.enclave(2).status().tokenBackend());
      assertTrue(!parties.enclave(2).status().limits().contains("pin-on-heap"));
    }
  }
}
