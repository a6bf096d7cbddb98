package io.sharekeep.appliance.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyToolsTest {
  private static final Path EXAMPLES = Path.of("..", "examples", "policies");

  @TempDir Path folder;

  private record Said(int exit, String out, String err) {}

  private static Said run(String... arguments) {
    var out = new StringWriter();
    var err = new StringWriter();
    int exit =
        Sharekeep.run(
            Map.of("NO_COLOR", "1"), new PrintWriter(out), new PrintWriter(err), arguments);
    return new Said(exit, out.toString(), err.toString());
  }

  private static String example(String name) {
    return EXAMPLES.resolve(name).toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"treasury", "exchange-hot-wallet", "cold-vault"})
  void everyExampleSaysOfEveryCaseWhatItShould(String name) {
    var tried =
        run("policy", "test", "--strict", example(name + ".yaml"), example(name + ".cases.yaml"));
    assertEquals(0, tried.exit(), tried.out() + tried.err());
    assertTrue(tried.out().lines().count() > 10, tried.out());
    assertEquals(0, run("policy", "lint", example(name + ".yaml")).exit());
  }

  /** Each line: what stands in the treasury, what is put there, line and field that are named. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "kind: Policy; kind: policy; line 5: kind must be Policy",
        "initiator: svc-payments }; initiator: nobody }; line 56: rules[3].match.initiator names"
            + " nobody",
        "approver: [ treasury; approver: [ bored; line 28: roles.approver names bored",
        "decimals: 6; decimals: 6, decimals: 7; line 33: assets.usdc.decimals: stands here twice",
        "lte: \"5000\"; lte: 5000; line 56: rules[3].match.amount.lte must be a string",
        "lte: \"5000\"; lte: 0x52; line 56: rules[3].match.amount.lte: put it in quotes",
        "lte: \"5000\"; lte: 1.5; line 56: rules[3].match.amount.lte: put it in quotes",
        "lte: \"5000\"; lte: ; line 56: rules[3].match.amount.lte: has no value",
        "lte: \"5000\"; lte: !!str 5000; line 56: rules[3].match.amount.lte: anchors, aliases and"
            + " tags",
        "chains: [; chains: &all [; line 30: chains: anchors, aliases and tags",
        "count: 20; count: 020; line 43: limits[2].count: put it in quotes",
        "count: 20; count: twenty; line 43: limits[2].count must be an integer",
        "id: night; id: no-power; line 50: rules[2].id is that of rules[0] too",
        "timelockTightening:; timelockTightning:; missing field change.timelockTightening"
      })
  void everyMistakeIsNamedWithFileLineAndField(String before, String after, String said)
      throws IOException {
    var yaml = Files.readString(EXAMPLES.resolve("treasury.yaml"));
    var bent = yaml.replace(before, after);
    assertFalse(bent.equals(yaml));
    var file = folder.resolve("bent.yaml");
    Files.writeString(file, bent);
    var linted = run("policy", "lint", file.toString());
    assertEquals(2, linted.exit(), linted.err());
    assertTrue(linted.err().contains(file + " line "), linted.err());
    assertTrue(linted.err().contains(said), linted.err());
  }

  @Test
  void aCaseThatIsNotAsExpectedFailsAndARuleWithoutCaseIsNamed() throws IOException {
    var cases = Files.readString(EXAMPLES.resolve("treasury.cases.yaml"));
    var file = folder.resolve("cases.yaml");
    Files.writeString(
        file, cases.replace("{ decision: deferred, rule: large }", "{ decision: approved }"));
    var tried = run("policy", "test", example("treasury.yaml"), file.toString());
    assertEquals(3, tried.exit());
    assertTrue(tried.out().contains("expected approved, got deferred"), tried.out());
    Files.writeString(file, cases.substring(0, cases.indexOf("  - id: small-by-a-person")));
    assertEquals(0, run("policy", "test", example("treasury.yaml"), file.toString()).exit());
    var strict = run("policy", "test", "--strict", example("treasury.yaml"), file.toString());
    assertEquals(3, strict.exit());
    assertEquals("no case meets: no-power, screened, night, large\n", strict.err());
    Files.writeString(file, cases.replace("asset: usdc", "asset: usdd"));
    var broken = run("policy", "test", example("treasury.yaml"), file.toString());
    assertEquals(2, broken.exit());
    assertTrue(broken.err().contains("cases[0].transfers[0].asset"), broken.err());
    assertTrue(broken.err().contains(file + " line "), broken.err());
  }

  @Test
  void anExplanationNamesEveryRuleAndLimit() {
    var said =
        run(
            "policy",
            "explain",
            example("treasury.yaml"),
            example("treasury.cases.yaml"),
            "--case",
            "large-waits");
    assertEquals(0, said.exit(), said.err());
    assertTrue(said.out().contains("amount 12000 > 5000"), said.out());
    assertTrue(said.out().contains("DEFERRED by large, needs treasury weight 2"), said.out());
    var denied =
        run(
            "policy",
            "explain",
            example("treasury.yaml"),
            example("treasury.cases.yaml"),
            "--case",
            "daily-limit");
    assertTrue(denied.out().contains("does not fit"), denied.out());
    assertTrue(denied.out().contains("DENIED by usdc-day"), denied.out());
  }

  @Test
  void lintFindsWhatReadsWellAndIsWrong() throws IOException {
    var yaml = Files.readString(EXAMPLES.resolve("treasury.yaml"));
    var file = folder.resolve("bent.yaml");
    Files.writeString(
        file,
        yaml.replace("lte: \"250000\" }", "lte: \"4000\" }, initiator: svc-payments")
            .replace("distinct: 2 }, { group: risk }", "distinct: 5 }, { group: risk }")
            .replace("fees: { \"eip155:1\": { max: \"30000000000000000\" } }", "fees: {}")
            .replace("in: [ sanctions ]", "in: [ exchanges ]")
            .replace(
                "keygen:           { by: admins }", "keygen: { by: admins, timelock: \"1h\" }"));
    var linted = run("policy", "lint", file.toString());
    assertEquals(3, linted.exit(), linted.out() + linted.err());
    for (var code :
        List.of(
            "unreachable", "unsatisfiable", "no-fee-ceiling", "unread-screening", "never-ready")) {
      assertTrue(linted.out().contains(code), code + "\n" + linted.out());
    }
    assertEquals(3, run("policy", "lint", "--strict", example("exchange-hot-wallet.yaml")).exit());
    assertTrue(
        run("policy", "lint", "--committee", "2-of-3", example("treasury.yaml"))
            .out()
            .contains("750000000000 base units"));
  }

  /** Three people, a first version, and what may follow it. */
  @Test
  void aVersionFollowsUnderTheQuorumOfTheOneBefore() throws IOException {
    var people = List.of("alice", "bob", "dave");
    var yaml = Files.readString(EXAMPLES.resolve("treasury.yaml"));
    for (var person : people) {
      assertEquals(0, run("identity", "new", person, "--out", folder.toString()).exit());
      var json = Files.readString(folder.resolve(person + ".json"));
      var key = json.replaceAll("(?s).*\"key\" : \"([0-9a-f]+)\".*", "$1");
      yaml = yaml.replaceAll("(  " + person + ": .*key: \")[0-9a-f]+", "$1" + key);
    }
    // Weight 3 of two people without carol's passkey, who does not sign files.
    yaml =
        yaml.replace("erin: 1 } }\n  risk", "erin: 1 } }\n  risk")
            .replace("alice: 1, bob: 1, carol: 2", "alice: 2, bob: 1, carol: 2");
    var one = folder.resolve("one.yaml");
    var signed = folder.resolve("one.json");
    Files.writeString(one, yaml);
    sign(one, signed, "alice");
    var next = folder.resolve("two.yaml");
    var hash =
        run("policy", "verify", "-o", "json", signed.toString())
            .out()
            .replaceAll("(?s).*\"hash\" : \"([0-9a-f]+)\".*", "$1");
    Files.writeString(
        next,
        yaml.replace("version: 1", "version: 2, previous: \"" + hash + "\"")
            .replace("sum: \"500000\"", "sum: \"600000\""));
    var two = folder.resolve("two.json");
    sign(next, two, "alice");
    var early = activate(signed, two);
    assertEquals(3, early.exit(), early.err());
    assertTrue(early.out().contains("wants more signatures"), early.out());
    sign(two, two, "bob");
    sign(two, two, "dave");
    var ready = activate(signed, two);
    assertEquals(0, ready.exit(), ready.out() + ready.err());
    assertTrue(ready.out().contains("2027-01-02T00:00:00Z"), ready.out());
    var diff = run("policy", "diff", signed.toString(), two.toString());
    assertTrue(diff.out().contains("loosening  limit usdc-day  changed"), diff.out());
    // An edited document under the old signatures.
    Files.writeString(two, Files.readString(two).replace("600000", "700000"));
    assertEquals(2, activate(signed, two).exit());
    assertEquals(3, activate(signed, signed).exit());
  }

  private static void sign(Path from, Path to, String person) {
    var arguments = new ArrayList<>(List.of("policy", "sign", from.toString(), "--key"));
    arguments.add(to.resolveSibling(person + ".key.pem").toString());
    arguments.addAll(List.of("--out", to.toString()));
    var said = run(arguments.toArray(new String[0]));
    assertEquals(0, said.exit(), said.err());
  }

  private static Said activate(Path before, Path after) {
    return run(
        "policy",
        "activate",
        before.toString(),
        after.toString(),
        "--signed-at",
        "2027-01-01T00:00:00Z");
  }

  @Test
  void yamlIsSignedToAnotherFileOnly() {
    var said =
        run("policy", "sign", example("treasury.yaml"), "--key", folder.resolve("x").toString());
    assertEquals(2, said.exit());
    assertTrue(said.err().contains("--out"), said.err());
  }
}
