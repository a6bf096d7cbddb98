package io.sharekeep.appliance.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sharekeep.appliance.FakeCommittee;
import io.sharekeep.appliance.Initiator;
import io.sharekeep.enclave.CallerIdentity;
import io.sharekeep.enclave.CallerIdentity.Role;
import io.sharekeep.enclave.Outcome;
import io.sharekeep.enclave.State;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands, in process, against appliances with fake enclaves. */
class CliTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  @TempDir private static Path shared;
  @TempDir private Path folder;
  private static FakeCommittee committee;
  private static String alice = "";

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

  @BeforeAll
  static void start() throws Exception {
    committee = new FakeCommittee(3, 2);
    var made = run("identity", "new", "alice", "--out", shared.toString(), "-o", "json");
    assertEquals(0, made.exit(), made.err());
    alice = shared.resolve("alice").toString();
    var pin = made.json().path("tlsPin").asText();
    for (var node : committee.nodes) {
      node.enclave.callers.put(pin, new CallerIdentity("alice", EnumSet.allOf(Role.class)));
    }
  }

  @AfterAll
  static void stop() {
    committee.close();
  }

  @AfterEach
  void heal() {
    for (var node : committee.nodes) {
      node.enclave.state = State.OPERATIONAL;
      node.enclave.ending = Optional.empty();
    }
  }

  private static Run client(String... command) {
    var all = new ArrayList<>(List.of(command));
    all.addAll(
        List.of(
            "--url",
            committee.node(1).clientUrl(),
            "--pin",
            committee.node(1).identity.pin(),
            "--identity",
            alice));
    return run(all.toArray(String[]::new));
  }

  private Run sign(String... more) throws Exception {
    var payload = folder.resolve("payload");
    Files.writeString(payload, "010203\n");
    var all =
        new ArrayList<>(
            List.of(
                "sign",
                "--key",
                Initiator.KEY.hex(),
                "--purpose",
                "sol.tx",
                "--payload",
                payload.toString(),
                "-o",
                "json"));
    all.addAll(List.of(more));
    return client(all.toArray(String[]::new));
  }

  @Test
  void anIdentityIsPrivateAndNeverWrittenOver() throws Exception {
    var key = Path.of(alice + ".key.pem");
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(key)));
    var before = Files.readString(key);
    var again = run("identity", "new", "alice", "--out", shared.toString());
    assertEquals(ExitCode.USAGE, again.exit());
    assertEquals(before, Files.readString(key));
    assertEquals(ExitCode.USAGE, run("identity", "new", "../eve").exit());
  }

  @Test
  void signShowsTheSignatureAndSaysHowItReadThePayload() throws Exception {
    var run = sign();
    assertEquals(0, run.exit(), run.err());
    assertEquals("010203", run.json().path("signatures").path(0).path("message").asText());
    assertTrue(run.err().contains("3 bytes, read as hex"), run.err());
  }

  @Test
  void theSameRequestIdWithTheSameFileIsAConflictOnlyIfTheRequestDiffers() throws Exception {
    assertEquals(0, sign("--request-id", "cli-1").exit());
    // notAfter is another, so this is another request.
    assertEquals(ExitCode.STATE, sign("--request-id", "cli-1", "--valid-for", "1h").exit());
  }

  @Test
  void whatSignSaysToAskAgainBringsTheStoredOutcome() throws Exception {
    var first = sign();
    var hint = first.err().lines().filter(l -> l.startsWith("to ask again")).findFirst();
    var again = sign(hint.orElseThrow().replaceFirst(".*?--", "--").split(" "));
    assertEquals(0, again.exit(), again.err());
    assertEquals(first.json(), again.json());
    var other = first.json().path("requestId").asText();
    assertEquals(ExitCode.STATE, sign("--request-id", other, "--valid-for", "7m").exit());
  }

  @Test
  void anIdentityIsRenewedUnderTheSamePin() throws Exception {
    var made = run("identity", "new", "erin", "--out", folder.toString(), "-o", "json");
    var certificate = folder.resolve("erin.tls.pem");
    var before = Files.readString(certificate);
    var prefix = folder.resolve("erin").toString();
    var renewed = run("identity", "renew", prefix, "-o", "json");
    assertEquals(0, renewed.exit(), renewed.err());
    assertEquals(made.json().path("tlsPin"), renewed.json().path("tlsPin"));
    assertFalse(before.equals(Files.readString(certificate)));
    assertEquals(ExitCode.USAGE, run("identity", "renew", "/nowhere/erin").exit());
  }

  @Test
  void aReportIsFetchedToAFileAndJudgedByASignedCommitteeDocumentAlone() throws Exception {
    for (var node : committee.nodes) {
      node.enclave.blames.put("aborted-1", new byte[] {1, 2, 3});
    }
    var file = folder.resolve("report.json").toString();
    var shown = client("blame", "show", "aborted-1", "--out", file);
    assertEquals(0, shown.exit(), shown.err());
    assertEquals("010203", JSON.readTree(Path.of(file).toFile()).path("report").asText());
    var none = client("blame", "show", "nothing-aborted");
    assertEquals(ExitCode.USAGE, none.exit(), none.err());

    var document = folder.resolve("committee.json");
    Files.writeString(document, "{}");
    var judged = run("blame", "verify", file, "--committee", document.toString());
    assertEquals(ExitCode.USAGE, judged.exit(), judged.err());
    assertTrue(judged.err().contains("not a valid document"), judged.err());
    var holding = folder.resolve("holding.json");
    Files.writeString(holding, "{\"report\": \"zz\"}");
    var broken = run("blame", "verify", holding.toString(), "--committee", document.toString());
    assertEquals(ExitCode.USAGE, broken.exit());
    assertTrue(broken.err().contains("holds no report"), broken.err());
  }

  @Test
  void keysAreGeneratedListedAndShown() throws Exception {
    var generated =
        client(
            "key",
            "generate",
            "--label",
            "treasury",
            "--scheme",
            "frost-ed25519",
            "--purpose",
            "sol.tx",
            "-o",
            "json");
    assertEquals(0, generated.exit(), generated.err());
    var id = generated.json().path("key").path("id").asText();
    var list = client("key", "list");
    assertEquals(0, list.exit(), list.err());
    assertTrue(list.out().startsWith("ID"), list.out());
    assertTrue(list.out().contains(id), list.out());
    var shown = client("key", "show", id, "-o", "json");
    assertEquals("usable", shown.json().path("stage").asText(), shown.err());
  }

  @Test
  void aDerivedKeyIsShownByItsPath() throws Exception {
    var derived = client("key", "derive", Initiator.KEY.hex(), "m/44/60/0", "-o", "json");
    assertEquals(0, derived.exit(), derived.err());
    assertEquals("m/44/60/0", derived.json().path("path").asText());
    assertEquals("0x3", derived.json().at("/addresses/evm.tx").asText());
    var hardened = client("key", "derive", Initiator.KEY.hex(), "m/44h/60");
    assertEquals(ExitCode.USAGE, hardened.exit());
    assertTrue(hardened.err().contains("hardened"), hardened.err());
    assertEquals(
        ExitCode.USAGE, client("key", "derive", Initiator.KEY.hex(), "m/1/2/3/4/5/6/7/8/9").exit());
  }

  @Test
  void aPairIsMadeAnewByTwoOperators() throws Exception {
    var pairs = client("key", "pairs", Initiator.KEY.hex());
    assertEquals(0, pairs.exit(), pairs.err());
    assertTrue(pairs.out().contains("burnt"), pairs.out());
    var file = folder.resolve("rekey.json").toString();
    var first = client("key", "rekey-pair", Initiator.KEY.hex(), "--with", "2", "--out", file);
    assertEquals(0, first.exit(), first.err());
    assertTrue(first.err().contains("generation 2"), first.err());
    var second = client("key", "rekey-pair", Initiator.KEY.hex(), "--first", file, "-o", "json");
    assertEquals(0, second.exit(), second.err());
    assertEquals("pair-rekeyed", second.json().path("outcome").asText());
    assertEquals(2, second.json().path("generation").asInt());
    var other = client("key", "rekey-pair", "ff".repeat(16), "--first", file);
    assertEquals(ExitCode.USAGE, other.exit(), other.err());
    var nobody = client("key", "rekey-pair", Initiator.KEY.hex(), "--with", "9", "--out", file);
    assertEquals(ExitCode.USAGE, nobody.exit(), nobody.err());
  }

  @Test
  void exitCodesTellWhatHappened() throws Exception {
    for (var node : committee.nodes) {
      node.enclave.ending = Optional.of(new Outcome.Denied("x", "default-deny"));
    }
    var denied = sign();
    assertEquals(ExitCode.DENIED, denied.exit(), denied.err());
    assertTrue(denied.err().contains("default-deny"), denied.err());
    for (var node : committee.nodes) {
      node.enclave.ending = Optional.of(new Outcome.Aborted("x", "bad-share", List.of(2)));
    }
    var aborted = sign();
    assertEquals(ExitCode.ABORTED, aborted.exit(), aborted.err());
    assertTrue(aborted.err().contains("culprits: 2"), aborted.err());
    committee.node(1).enclave.state = State.FROZEN;
    assertEquals(ExitCode.STATE, sign().exit());
    assertEquals(ExitCode.USAGE, client("key", "show", "ff".repeat(16)).exit());
  }

  @Test
  void aWrongPinAnUnknownClientAndNobodyThereAreToldApart() {
    var base =
        new String[] {
          "key", "list", "--url", committee.node(1).clientUrl(), "--identity", alice, "--pin"
        };
    var wrong = new ArrayList<>(List.of(base));
    wrong.add("0".repeat(64));
    var run = run(wrong.toArray(String[]::new));
    assertEquals(ExitCode.DENIED, run.exit(), run.err());
    assertTrue(run.err().contains("pinned"), run.err());
    run("identity", "new", "mallory", "--out", folder.toString());
    var stranger =
        run(
            "key",
            "list",
            "--url",
            committee.node(1).clientUrl(),
            "--pin",
            committee.node(1).identity.pin(),
            "--identity",
            folder.resolve("mallory").toString());
    assertTrue(
        stranger.exit() == ExitCode.DENIED || stranger.exit() == ExitCode.UNAVAILABLE,
        stranger.err());
    var nobody =
        run(
            "key",
            "list",
            "--url",
            "https://127.0.0.1:1",
            "--pin",
            "0".repeat(64),
            "--identity",
            alice);
    assertEquals(ExitCode.UNAVAILABLE, nobody.exit(), nobody.err());
  }

  @Test
  void statusOverTheNetworkFollowsTheState() {
    assertEquals(0, client("status").exit());
    committee.node(1).enclave.state = State.FAILED;
    var failed = client("status");
    assertEquals(ExitCode.STATE, failed.exit());
    assertTrue(failed.out().contains("log does not verify"), failed.out());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nonsense",
        "key",
        "committee",
        "policy",
        "identity",
        "sign",
        "key show",
        "key derive ab m/0'",
        "key pairs",
        "key rekey-pair ab",
        "status --url x",
        "serve --config /nowhere.yaml",
        "doctor --nonsense",
        "sign --valid-for soon",
        "sign --not-after soon",
        "init",
        "status"
      })
  void aWrongCommandLineIsUsageWithOneSentenceAndNoStackTrace(String line) {
    var run = run(line.isEmpty() ? new String[0] : line.split(" "));
    assertEquals(ExitCode.USAGE, run.exit(), run.err());
    assertTrue(run.err().startsWith("error: "), run.err());
    assertFalse(run.err().contains("\tat "), run.err());
    assertFalse(run.err().contains("java."), run.err());
    assertTrue(line.isEmpty() || run.err().lines().count() <= 2, run.err());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "init",
        "serve",
        "status",
        "doctor",
        "key",
        "key generate",
        "key list",
        "key show",
        "key derive",
        "key pairs",
        "key rekey-pair",
        "sign",
        "committee",
        "committee draft",
        "committee sign",
        "committee verify",
        "policy",
        "policy draft",
        "policy sign",
        "policy verify",
        "identity",
        "identity new",
        "identity renew"
      })
  void everyCommandExplainsItself(String command) {
    var arguments = (command + " --help").strip().split(" ");
    var run = run(arguments);
    assertEquals(0, run.exit(), run.err());
    assertTrue(run.out().contains("Usage: sharekeep"), run.out());
    assertFalse(run.out().contains("\u001b["), "NO_COLOR is set");
  }

  @Test
  void documentsAreDraftedSignedAndVerified() throws Exception {
    var parties = new ArrayList<String>();
    for (int i = 1; i <= 2; i++) {
      var owner = run("identity", "new", "owner-" + i, "--out", folder.toString(), "-o", "json");
      assertEquals(0, owner.exit(), owner.err());
      var party = folder.resolve("party-" + i + ".json");
      Files.writeString(
          party,
          """
          {"id":%d,"name":"party-%d","url":"https://127.0.0.1:844%d","identity":"%s","log":"%s",
           "tls":"%s","owner":"%s","recoveryRecipient":"%s","points":[%d]}
          """
              .formatted(
                  i,
                  i,
                  i,
                  p256(),
                  p256(),
                  Integer.toString(i).repeat(64),
                  owner.json().path("publicKey").asText(),
                  Integer.toString(i + 2).repeat(64),
                  i));
      parties.addAll(List.of("--party", party.toString()));
    }
    var file = folder.resolve("committee.json").toString();
    var draft =
        new ArrayList<>(
            List.of(
                "committee",
                "draft",
                "--tenant",
                "demo",
                "--id",
                "duo",
                "--threshold",
                "2",
                "--out",
                file));
    draft.addAll(parties);
    var drafted = run(draft.toArray(String[]::new));
    assertEquals(0, drafted.exit(), drafted.err());
    for (int i = 1; i <= 2; i++) {
      var missing = run("committee", "verify", file, "-o", "json");
      assertEquals(ExitCode.DENIED, missing.exit(), missing.out());
      assertTrue(missing.out().contains("party-" + i), missing.out());
      var signed =
          run(
              "committee",
              "sign",
              file,
              "--owner-key",
              folder.resolve("owner-" + i + ".key.pem").toString());
      assertEquals(0, signed.exit(), signed.err());
    }
    var complete = run("committee", "verify", file, "-o", "json");
    assertEquals(0, complete.exit(), complete.out());

    var policy = folder.resolve("policy.json").toString();
    var owner = folder.resolve("owner-1").toString();
    var written =
        run(
            "policy",
            "draft",
            "--tenant",
            "demo",
            "--id",
            "main",
            "--party",
            "party-1",
            "--committee",
            file,
            "--person",
            alice + ".json",
            "--grant",
            "initiator=alice",
            "--grant",
            "administrator=alice",
            "--purpose",
            "sol.tx",
            "--out",
            policy);
    assertEquals(0, written.exit(), written.err());
    assertEquals(
        ExitCode.DENIED, run("policy", "verify", policy, "--owner", owner + ".json").exit());
    assertEquals(0, run("policy", "sign", policy, "--owner-key", owner + ".key.pem").exit());
    assertEquals(0, run("policy", "verify", policy, "--owner", owner + ".json").exit());
    assertEquals(
        ExitCode.DENIED,
        run("policy", "verify", policy, "--owner", folder.resolve("owner-2.json").toString())
            .exit());
  }

  private static String p256() throws Exception {
    var generator = java.security.KeyPairGenerator.getInstance("EC");
    generator.initialize(new java.security.spec.ECGenParameterSpec("secp256r1"));
    return java.util.HexFormat.of().formatHex(generator.generateKeyPair().getPublic().getEncoded());
  }

  @Test
  void theShellCompletesWhatTheCommandHas() throws Exception {
    var script = run("completion", "bash");
    assertEquals(0, script.exit(), script.err());
    var file = Files.writeString(folder.resolve("completion"), script.out());
    assertEquals("derive generate list pairs rekey-pair show", completed(file, "key", ""));
    assertEquals("--payload --payload-format", completed(file, "sign", "--payload"));
    assertEquals(2, run("completion", "fish").exit());
  }

  /** What bash offers after those words; the last one is being typed. */
  private static String completed(Path script, String... words) throws Exception {
    var line =
        "source "
            + script
            + "; COMP_WORDS=(sharekeep "
            + String.join(" ", words).replaceFirst(" $", " ''")
            + "); COMP_CWORD="
            + words.length
            + "; _complete_sharekeep; echo ${COMPREPLY[@]}";
    var bash = new ProcessBuilder("bash", "-c", line).start();
    // It grumbles that no key was pressed.
    bash.getErrorStream().transferTo(OutputStream.nullOutputStream());
    bash.getOutputStream().close();
    var offered = new String(bash.getInputStream().readAllBytes(), UTF_8).strip();
    assertEquals(0, bash.waitFor(), offered);
    return String.join(" ", new TreeSet<>(List.of(offered.split("\\s+"))));
  }
}
