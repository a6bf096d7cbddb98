package io.sharekeep.appliance.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sharekeep.softhsm.SoftHsmTokens;
import io.sharekeep.softhsm.SoftTokens;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sharekeep hsm} on real SoftHSM tokens, each looked at in a process of its own. */
@SoftTokens
class HsmTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final SoftHsmTokens given;

  @TempDir private Path folder;

  HsmTest(SoftHsmTokens given) {
    this.given = given;
  }

  private record Run(int exit, String out, String err) {
    JsonNode json() throws Exception {
      return JSON.readTree(out);
    }
  }

  private static Run run(String... arguments) {
    var out = new StringWriter();
    var err = new StringWriter();
    int exit =
        Sharekeep.run(
            Map.of("NO_COLOR", "1"),
            new PrintWriter(out, true),
            new PrintWriter(err, true),
            arguments);
    return new Run(exit, out.toString(), err.toString());
  }

  private String configuration(SoftHsmTokens tokens, String edge) throws Exception {
    return Files.writeString(
            folder.resolve(edge + ".yaml"),
            """
            stateDirectory: state
            hsm:
              library: %s
              coreToken: %s
              edgeToken: %s
              corePinFile: %s
              edgePinFile: %s
            listeners:
              peer: 127.0.0.1:0
              client: 127.0.0.1:0
              health: 127.0.0.1:0
            """
                .formatted(
                    tokens.library(),
                    tokens.coreLabel(),
                    edge,
                    tokens.corePinFile(),
                    edge.equals(tokens.edgeLabel()) ? tokens.edgePinFile() : tokens.corePinFile()))
        .toString();
  }

  /** Check → result, of one token. */
  private static Map<String, String> results(JsonNode rows, String token) {
    var results = new TreeMap<String, String>();
    for (var row : rows) {
      if (row.path("token").asText().equals(token)) {
        results.put(row.path("check").asText(), row.path("result").asText());
      }
    }
    return results;
  }

  @Test
  void aPartyIsProbedThenMadeOnceThenProven() throws Exception {
    var tokens = given.provision("cli-made");
    var config = configuration(tokens, tokens.edgeLabel());
    var owner = run("identity", "new", "owner", "--out", folder.toString());
    assertEquals(0, owner.exit(), owner.err());

    var probe = run("hsm", "probe", "--config", config, "-o", "json");
    assertEquals(0, probe.exit(), probe.out() + probe.err());
    var token = probe.json().at("/described/0/tokens/0");
    assertEquals(tokens.coreLabel(), token.path("label").asText());
    assertEquals("softhsm", token.path("profile").asText());
    assertTrue(token.path("profileWhy").asText().contains("matches"), token.toString());
    assertEquals("ok", results(probe.json().path("checks"), "core").get("login"));
    assertEquals("ok", results(probe.json().path("checks"), "both").get("two tokens"));

    var before = run("hsm", "evidence", "--config", config, "-o", "json");
    assertEquals(ExitCode.USAGE, before.exit(), "five keys that are not there");
    assertEquals(5, before.json().path("evidence").size());

    String[] provision = {
      "hsm",
      "provision",
      "--config",
      config,
      "--owner",
      folder.resolve("owner.json").toString(),
      "--id",
      "1",
      "--name",
      "one",
      "-o",
      "json"
    };
    var made = run(provision);
    assertEquals(0, made.exit(), made.out() + made.err());
    assertEquals(1, made.json().at("/party/points/0").asInt());
    assertEquals(64, made.json().at("/party/tls").asText().length());
    assertEquals(5, made.json().path("evidence").size());
    for (var key : made.json().path("evidence")) {
      assertEquals("ok", key.path("result").asText(), key.toString());
      assertEquals("0", key.at("/findings/EXTRACTABLE").asText(), key.toString());
    }

    var again = run(provision);
    assertEquals(ExitCode.USAGE, again.exit(), again.out());
    var after = run("hsm", "evidence", "--config", config, "-o", "json");
    assertEquals(0, after.exit(), after.out());
    assertEquals(
        made.json().at("/evidence/0/id"), after.json().at("/evidence/0/id"), "nothing made anew");
  }

  @Test
  void oneTokenForCoreAndEdgeIsRefusedBeforeAKeyIsMade() throws Exception {
    var config = configuration(given, given.coreLabel());
    var owner = run("identity", "new", "second", "--out", folder.toString());
    assertEquals(0, owner.exit(), owner.err());
    var refused =
        run(
            "hsm",
            "provision",
            "--config",
            config,
            "--owner",
            folder.resolve("second.json").toString(),
            "-o",
            "json");
    assertEquals(ExitCode.USAGE, refused.exit(), refused.out());
    assertEquals(Map.of("two tokens", "change"), results(refused.json().path("failed"), "both"));
    assertTrue(refused.err().contains("no key was made"), refused.err());
    assertFalse(Files.exists(folder.resolve("state")));
  }

  @Test
  void aLibraryThatCrashesIsARowThatSaysSo() throws Exception {
    var source =
        Files.writeString(
            folder.resolve("crash.c"),
            "#include <stdlib.h>\n__attribute__((constructor)) void now(void) { abort(); }\n");
    var library = folder.resolve("crash.so");
    var compiler =
        new ProcessBuilder("cc", "-shared", "-fPIC", "-o", library.toString(), source.toString())
            .inheritIO()
            .start();
    assertEquals(0, compiler.waitFor());
    var probe = run("hsm", "probe", "--library", library.toString(), "-o", "json");
    assertEquals(ExitCode.USAGE, probe.exit(), probe.out());
    var row = probe.json().at("/checks/0");
    assertEquals("change", row.path("result").asText());
    assertTrue(row.path("found").asText().contains("signal"), row.toString());

    var table = run("hsm", "probe", "--library", source.toString());
    assertEquals(ExitCode.USAGE, table.exit());
    assertTrue(table.out().contains("REMEDY"), table.out());
    assertTrue(table.out().contains(source.toString()), table.out());
  }

  @Test
  void whatDoesNotFitTogetherIsSaidBeforeALibraryIsLoaded() {
    assertEquals(ExitCode.USAGE, run("hsm").exit());
    assertTrue(run("hsm", "probe", "--token", "x").err().contains("--library"));
    assertTrue(
        run("hsm", "probe", "--library", "/x.so", "--pin-file", "p").err().contains("--token"));
    assertTrue(run("hsm", "probe", "--library", "/x.so", "--trial").err().contains("--pin-file"));
    assertTrue(run("hsm", "probe", "--trial", "--no-login").err().contains("--no-login"));
    assertTrue(run("hsm", "provision").err().contains("--owner"));
  }
}
