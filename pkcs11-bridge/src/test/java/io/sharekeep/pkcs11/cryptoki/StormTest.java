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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
    var before = directories(folder);
    var mine = tokens.provision("storm");
    var directory = newest(folder, before, mine.coreLabel());
    try (var bench = Bench.of(library, mine.coreLabel(), mine.corePinFile());
        var one = open(library, mine.coreLabel(), mine.corePinFile());
        var two = open(library, mine.edgeLabel(), mine.edgePinFile())) {
      var sabotage = Sabotage.of(bench);
      var storm = new Storm(List.of(one, two));
      var result =
          storm.blow(
              Duration.ofSeconds(5),
              Duration.ofMillis(60),
              7,
              List.of(
                  sabotage.closeSessions(),
                  sabotage.logout(),
                  sabotage.reinitialise(),
                  sabotage.absence(directory, 400, false),
                  storm.swap()));
      assertCalm(result);
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
                  Duration.ofSeconds(4),
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

  static Set<Path> directories(Path folder) throws IOException {
    try (var all = Files.list(folder)) {
      return new HashSet<>(all.toList());
    }
  }

  /** The directory of the token of that label among those that were made since. */
  static Path newest(Path folder, Set<Path> before, String label) throws IOException {
    for (var directory : directories(folder)) {
      if (!before.contains(directory)) {
        try (var files = Files.list(directory)) {
          for (var file : files.filter(f -> f.endsWith("token.object")).toList()) {
            var text =
                new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1);
            if (text.contains(label)) {
              return directory;
            }
          }
        }
      }
    }
    throw new IllegalStateException("no token " + label + " in " + folder);
  }
}
