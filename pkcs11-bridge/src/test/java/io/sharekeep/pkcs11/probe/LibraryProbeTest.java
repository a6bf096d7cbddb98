package io.sharekeep.pkcs11.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.pkcs11.PinFile;
import io.sharekeep.pkcs11.TokenConfiguration;
import io.sharekeep.pkcs11.Tokens;
import io.sharekeep.pkcs11.cryptoki.CompiledShim;
import io.sharekeep.pkcs11.terms.KeySpec;
import io.sharekeep.pkcs11.terms.TokenLibrary;
import io.sharekeep.softhsm.SoftHsmTokens;
import io.sharekeep.softhsm.SoftTokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Libraries that nobody vouches for, looked at in a process of their own. */
@SoftTokens
final class LibraryProbeTest {
  private final SoftHsmTokens tokens;

  @TempDir private Path directory;

  LibraryProbeTest(SoftHsmTokens tokens) {
    this.tokens = tokens;
  }

  @ParameterizedTest
  @CsvSource({"-DCRASH, signal", "-DLEAVE, status 3"})
  void aLibraryThatEndsItsProcessAtTheStartIsAMessageHere(String how, String words) {
    var shim = CompiledShim.before(tokens.library(), directory, how);
    var outcome = LibraryProbe.of(TokenLibrary.at(shim.library())).run();
    var broke = assertInstanceOf(LibraryProbe.Outcome.Broke.class, outcome);
    assertTrue(broke.message().contains(shim.library().toString()), broke.message());
    assertTrue(broke.message().contains(words), broke.message());
    assertTrue(broke.message().contains("during loading and C_Initialize"), broke.message());
  }

  @Test
  void whatIsNoLibraryIsACheckThatFailed() throws IOException {
    var text = Files.writeString(directory.resolve("lib.so"), "not a library");
    for (var wrong : List.of(text, Path.of("/nowhere/lib.so"))) {
      var json = told(LibraryProbe.of(TokenLibrary.at(wrong)));
      assertTrue(json.contains("\"check\":\"library\",\"passed\":false"), json);
      assertTrue(json.contains(wrong.toString()), json);
    }
  }

  @Test
  void aWrongProfileFileIsACheckThatFailedWithItsLine() throws IOException {
    var profile = Files.writeString(directory.resolve("own.profile"), "name = x\ngcm.prams = 48\n");
    var json = told(LibraryProbe.of(TokenLibrary.at(tokens.library()).under(profile)));
    assertTrue(json.contains("own.profile, line 2 has an unknown field 'gcm.prams'"), json);
    assertFalse(json.contains("\"passed\":true"), json);
  }

  @Test
  void aTokenIsDescribedTriedAndItsKeysAreShown() {
    try (var token = Tokens.open(TokenConfiguration.of(tokens.library(), tokens.coreLabel()))) {
      token.login(new PinFile(tokens.corePinFile()));
      token.generate(KeySpec.KEK);
    }
    var json =
        told(
            new LibraryProbe(
                TokenLibrary.at(tokens.library()),
                Optional.of(tokens.coreLabel()),
                Optional.of(tokens.corePinFile()),
                true));
    assertFalse(json.contains("\"passed\":false"), json);
    for (var part :
        List.of(
            "\"label\":\"" + tokens.coreLabel() + "\"",
            "\"profile\":\"softhsm\"",
            "\"check\":\"login\",\"passed\":true",
            "\"check\":\"seal and open\",\"passed\":true",
            "\"check\":\"open under another binding\",\"passed\":true",
            "\"check\":\"SIGNING_P384: sign\",\"passed\":true",
            "\"key\":\"kek\"",
            "\"EXTRACTABLE\":\"0\"",
            "\"violations\":[]",
            "\"suite\":\"GCM\"")) {
      assertTrue(json.contains(part), part + " in " + json);
    }
    // Nothing is left of the throw-away keys.
    try (var token = Tokens.open(TokenConfiguration.of(tokens.library(), tokens.coreLabel()))) {
      token.login(new PinFile(tokens.corePinFile()));
      token.destroy(token.find(KeySpec.KEK.name()).orElseThrow());
    }
  }

  @Test
  void aWrongPinAndAnUnknownTokenAreChecksThatFailed() throws IOException {
    var absent =
        told(
            new LibraryProbe(
                TokenLibrary.at(tokens.library()),
                Optional.of("nobody"),
                Optional.of(tokens.corePinFile()),
                false));
    assertTrue(absent.contains("\"check\":\"token\",\"passed\":false"), absent);
    assertTrue(absent.contains(tokens.coreLabel()), absent);
    var wrong = directory.resolve("pin");
    Files.copy(tokens.edgePinFile(), wrong);
    Files.setPosixFilePermissions(wrong, Files.getPosixFilePermissions(tokens.edgePinFile()));
    var json =
        told(
            new LibraryProbe(
                TokenLibrary.at(tokens.library()),
                Optional.of(tokens.coreLabel()),
                Optional.of(wrong),
                true));
    assertTrue(json.contains("\"check\":\"login\",\"passed\":false"), json);
    assertTrue(json.contains("refused the PIN"), json);
  }

  @Test
  void jsonIsEscaped() {
    assertEquals(
        "{\"a\\\"b\":[true,1,\"\\\\\\u000a\\u00e4\"]}",
        Json.of(Map.of("a\"b", List.of(true, 1L, "\\\nä"))));
  }

  private static String told(LibraryProbe probe) {
    return assertInstanceOf(LibraryProbe.Outcome.Told.class, probe.run()).json();
  }
}
