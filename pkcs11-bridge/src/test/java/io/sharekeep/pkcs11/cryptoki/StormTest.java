package io.sharekeep.pkcs11.cryptoki;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.pkcs11.PinFile;
import io.sharekeep.pkcs11.Token;
import io.sharekeep.pkcs11.TokenConfiguration;
import io.sharekeep.pkcs11.terms.TokenLibrary;
import io.sharekeep.softhsm.NssDatabase;
import io.sharekeep.softhsm.SoftHsmTokens;
import io.sharekeep.softhsm.SoftTokens;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The short form of {@link HsmCampaign}. */
@SoftTokens({SoftTokens.Kind.SOFTHSM, SoftTokens.Kind.NSS})
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class StormTest {
  private final SoftHsmTokens tokens;
  private final NssDatabase nss;

  StormTest(SoftHsmTokens tokens, NssDatabase nss) {
    this.tokens = tokens;
    this.nss = nss;
  }

  @Test
  void nothingIsLostOnSoftHsmThoughItIsTakenAwayAndItsFailOverIsSwapped() throws Exception {
    var library = TokenLibrary.at(tokens.library());
    var folder = tokens.home().configuration().resolveSibling("softhsm");
    var before = Sabotage.directories(folder);
    var mine = tokens.provision("storm");
    var directory = Sabotage.newest(folder, before, mine.coreLabel());
    try (var bench = Bench.of(library, mine.coreLabel(), mine.corePinFile());
        var one = open(library, mine.coreLabel(), mine.corePinFile());
        var two = open(library, mine.edgeLabel(), mine.edgePinFile())) {
      var sabotage = Sabotage.of(bench);
      var storm = new Storm(List.of(one, two));
      var result =
          storm.blow(
              Duration.ofSeconds(3),
              Duration.ofMillis(60),
              7,
              List.of(
                  sabotage.closeSessions(),
                  sabotage.logout(),
                  sabotage.reinitialise(),
                  sabotage.absence(directory, 400, false),
                  storm.swap()));
      assertCalm(result);
      assertTrue(result.failovers() > 0, result.toString());
    }
  }

  @Test
  void nothingIsLostOnNss() throws Exception {
    var library = TokenLibrary.at(nss.library()).with(Optional.of(nss.parameters()));
    try (var bench = Bench.of(library, nss.label(), nss.pinFile());
        var token = open(library, nss.label(), nss.pinFile())) {
      var sabotage = Sabotage.of(bench);
      var result =
          new Storm(List.of(token))
              .blow(
                  Duration.ofSeconds(2),
                  Duration.ofMillis(60),
                  8,
                  List.of(sabotage.closeSessions(), sabotage.logout(), sabotage.reinitialise()));
      assertCalm(result);
    }
  }

  private static void assertCalm(Storm.Result result) {
    assertEquals(List.of(), result.failures());
    assertEquals(0, result.wrong());
    assertEquals(0, result.hung());
    assertTrue(result.operations() > 50, result.toString());
    assertTrue(result.injected() >= 5, result.toString());
    assertTrue(result.relogins() > 0, result.toString());
  }

  private static Token open(TokenLibrary library, String label, Path pin) {
    var token = NativeToken.open(TokenConfiguration.of(library, label));
    token.login(new PinFile(pin));
    return token;
  }
}
