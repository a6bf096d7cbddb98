package io.sharekeep.pkcs11;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.pkcs11.terms.TokenException;
import io.sharekeep.pkcs11.terms.TokenException.LibraryRejected;
import io.sharekeep.pkcs11.terms.TokenException.TokenAbsent;
import io.sharekeep.pkcs11.terms.TokenException.TokenAmbiguous;
import io.sharekeep.softhsm.SoftHsmTokens;
import io.sharekeep.softhsm.SoftTokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can be wrong before anybody logs in, and what the operator is told. */
@SoftTokens
final class TokensTest {
  private final SoftHsmTokens tokens;

  TokensTest(SoftHsmTokens tokens) {
    this.tokens = tokens;
  }

  @Test
  void aMissingLibraryIsNamedWithWhatToDo() {
    var message =
        refusal(LibraryRejected.class, TokenConfiguration.of(Path.of("/nowhere/libp11.so"), "x"));
    assertTrue(message.contains("/nowhere/libp11.so is not there"), message);
    assertTrue(message.contains("apt install softhsm2"), message);
  }

  @Test
  void aFileThatIsNoLibraryIsRefused(@TempDir Path directory) throws IOException {
    var text = Files.writeString(directory.resolve("lib.so"), "not a library");
    var message = refusal(LibraryRejected.class, TokenConfiguration.of(text, "x"));
    assertTrue(message.contains("cannot be loaded"), message);
  }

  @Test
  void aLibraryThatIsNotPkcs11IsRefused() {
    var message = refusal(LibraryRejected.class, TokenConfiguration.of(anotherLibrary(), "x"));
    assertTrue(message.contains("exports no C_GetFunctionList"), message);
  }

  @Test
  void aLibraryThatIsNotThePinnedOneIsRefused() {
    var configuration = TokenConfiguration.of(tokens.library(), tokens.coreLabel());
    var message = refusal(LibraryRejected.class, configuration.pinned("00".repeat(32)));
    assertTrue(message.contains("is pinned"), message);
    String actual;
    try (var token = Tokens.open(configuration)) {
      actual = token.report().librarySha256();
    }
    Tokens.open(configuration.pinned(actual)).close();
  }

  @Test
  void anAbsentTokenIsToldWithThoseThatArePresent() {
    var message =
        refusal(TokenAbsent.class, TokenConfiguration.of(tokens.library(), "no such token"));
    assertTrue(message.contains("'no such token'"), message);
    assertTrue(message.contains(tokens.coreLabel()), message);
  }

  @Test
  void aLabelOfTwoTokensIsAmbiguous() throws Exception {
    var label = tokens.edgeLabel() + "2";
    for (int i = 0; i < 2; i++) {
      tool("--init-token", "--free", "--label", label, "--so-pin", "12345678", "--pin", "1234");
    }
    var message = refusal(TokenAmbiguous.class, TokenConfiguration.of(tokens.library(), label));
    assertTrue(message.contains("label of 2 tokens"), message);
    tool("--delete-token", "--token", label);
    tool("--delete-token", "--token", label);
  }

  @Test
  void oneTokenIsOpenedOnlyOnce() {
    var configuration = TokenConfiguration.of(tokens.library(), tokens.coreLabel());
    try (var token = Tokens.open(configuration)) {
      var message = refusal(TokenAmbiguous.class, configuration);
      assertTrue(message.contains("already open"), message);
      assertEquals(tokens.coreLabel(), token.report().label());
    }
    Tokens.open(configuration).close();
  }

  private static <T extends TokenException> String refusal(
      Class<T> type, TokenConfiguration configuration) {
    return String.valueOf(
        assertThrows(type, () -> Tokens.open(configuration).close()).getMessage());
  }

  /** Any shared object of the machine that is not a token's. */
  private static Path anotherLibrary() {
    return List.of(
            Path.of("/lib/x86_64-linux-gnu/libz.so.1"),
            Path.of("/usr/lib/x86_64-linux-gnu/libm.so.6"),
            Path.of("/usr/lib/aarch64-linux-gnu/libm.so.6"),
            Path.of("/usr/lib64/libm.so.6"))
        .stream()
        .filter(Files::exists)
        .findFirst()
        .orElseThrow();
  }

  private void tool(String... arguments) throws Exception {
    var command = new ArrayList<>(List.of("softhsm2-util"));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put("SOFTHSM2_CONF", tokens.home().configuration().toString());
    builder.start().waitFor();
  }
}
