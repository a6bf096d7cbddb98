package io.sharekeep.committee;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharekeep.enclave.OfflineRequest;
import io.sharekeep.enclave.SignedRequest.KeyAlgorithm;
import io.sharekeep.intent.ChainId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Appliances that begin under typed rules, and their people at the command: who may let what pass,
 * what is answered to everybody else, and that every decision comes out again of its record.
 */
class TypedRulesTest {
  private static final Shape SHAPE = Shape.equal("rules", 2, 2);
  private static final Path REPOSITORY = Trio.REPOSITORY;
  private static final Sharekeep COMMAND = new InThisJvm();
  private static final int DENIED = 3;
  private static final int DEFERRED = 4;
  private static final int STATE = 5;
  private static final int SMALL = 1_000_000;
  private static final int LARGE = 1_500_001;

  private static final Map<String, Identity> people = new TreeMap<>();
  private static Path folder;
  private static Committee committee;
  private static Key key;

  @BeforeAll
  static void start(@TempDir Path home) {
    folder = home;
    var operator = new Operator(COMMAND);
    for (var name : List.of("ben", "cleo", "dan", "eve")) {
      people.put(name, operator.identity(name, home.resolve("approvers")));
    }
    committee =
        Committee.inOneJvm(home.resolve("committee"), List.of(SHAPE), TypedRulesTest::policy);
    people.put("ada", committee.administrator());
    people.put("svc", committee.service());
    versions.add(committee.policy(first()));
    committee.start();
    key = committee.generate(SHAPE, "frost-ed25519", "wallet");
  }

  @AfterAll
  static void stop() {
    committee.close();
  }

  @AfterEach
  void nothingWasAFault() throws Exception {
    assertEquals(0, ask(pays(SMALL)).exit(), "whatever was tried, the next payment is signed");
  }

  private static void policy(Committee of, Member member, List<Path> documents, Path out) {
    var keys = new TreeMap<>(people);
    keys.put("ada", of.administrator());
    var actors =
        keys.entrySet().stream()
            .map(one -> "\"%s\": %s".formatted(one.getKey(), actor(one.getValue())))
            .collect(Collectors.joining(", "));
    var committees =
        documents.stream()
            .map(file -> COMMAND.json("committee", "verify", file.toString()).get("hash"))
            .map(JsonNode::toString)
            .collect(Collectors.joining(", "));
    var ceremonies =
        List.of(
                "unlock",
                "unfreeze",
                "recover",
                "refresh",
                "pairRekey",
                "repair",
                "isolatingReshare",
                "reshare",
                "retire",
                "restore")
            .stream()
            .map(word -> "\"%s\": {\"by\": \"two\"}".formatted(word))
            .collect(Collectors.joining(", "));
    write(
        out,
        """
        {"apiVersion": "sharekeep.policy/v1", "kind": "Policy",
         "metadata": {"tenant": "demo", "id": "main", "party": "%s", "version": 1},
         "people": {%s},
         "services": {"svc": %s},
         "committees": [%s],
         "groups": {"treasury": {"members": {"ben": 1, "cleo": 1, "dan": 1}},
                    "admins": {"members": {"ada": 1, "ben": 1, "cleo": 1}},
                    "makers": {"members": {"ada": 2, "ben": 1, "cleo": 1}}},
         "roles": {"administrator": "admins", "initiator": ["svc", "ben"], "approver": "treasury",
                   "auditor": ["eve"]},
         "chains": ["%s"],
         "assets": {"sol": {"id": "%s/slip44:501", "decimals": 9}},
         "limits": [{"id": "sol-day", "match": {"asset": "sol"}, "window": "24h", "sum": "0.1"}],
         "rules": [
           {"id": "small", "effect": "allow",
            "match": {"kind": "transfer", "asset": "sol", "amount": {"lte": "0.0015"}}},
           {"id": "large", "effect": "allow",
            "match": {"kind": "transfer", "asset": "sol", "amount": {"lte": "0.01"}},
            "approvals": {"allOf": [{"group": "treasury", "weight": 2, "distinct": 2}], "within": "2h"}}],
         "quorums": {"make": {"allOf": [{"group": "makers", "weight": 2, "distinct": 1}],
                              "excludeInitiator": false},
                     "two": {"allOf": [{"group": "admins", "distinct": 2}], "excludeInitiator": false}},
         "ceremonies": {"keygen": {"by": "make"}, %s},
         "change": {"approvals": {"allOf": [{"group": "admins", "distinct": 2}]},
                    "timelock": "24h", "timelockTightening": "0s"}}
        """
            .formatted(
                member.name(),
                actors,
                actor(of.service()),
                committees,
                chain(),
                chain(),
                ceremonies));
  }

  private static String chain() {
    return ChainId.SOLANA_TESTNET.name();
  }

  private static String actor(Identity identity) {
    return "{\"keys\": [{\"algorithm\": \"ed25519\", \"key\": \"%s\"}], \"tls\": [\"%s\"]}"
        .formatted(identity.publicKey(), identity.tlsPin());
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Identity who(String name) {
    var identity = people.get(name);
    if (identity == null) {
      throw new IllegalArgumentException("nobody is " + name);
    }
    return identity;
  }

  private static Member first() {
    return committee.member(1);
  }

  /** A request, which brings the same answer when it is asked for again. */
  private record Asked(Path payload, String id, Instant notAfter) {}

  private static int requests;

  /** Signed versions of the first appliance's policy. */
  private static final List<Path> versions = new ArrayList<>();

  private static Asked pays(int lamports) throws IOException {
    byte[] payload = new ExampleTransactions(REPOSITORY.resolve("examples")).payingFrom(key);
    ByteBuffer.wrap(payload)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(payload.length - Long.BYTES, lamports);
    var id = "payment-" + requests++;
    return new Asked(
        Files.write(folder.resolve(id), payload),
        id,
        Instant.now().plus(Duration.ofHours(3)).truncatedTo(ChronoUnit.SECONDS));
  }

  private static Sharekeep.Result ask(Asked asked) {
    return ask(asked, "svc");
  }

  private static Sharekeep.Result ask(Asked asked, String initiator) {
    return ask(asked, initiator, first());
  }

  private static Sharekeep.Result ask(Asked asked, String initiator, Member appliance) {
    return new Operator(COMMAND)
        .trySign(
            appliance,
            who(initiator),
            committee.document(SHAPE),
            key.id(),
            key.purpose(),
            asked.payload(),
            "--request-id",
            asked.id(),
            "--not-after",
            asked.notAfter().toString());
  }

  /** A command of that person's at the first appliance. */
  private static Sharekeep.Result run(String person, Object... words) {
    var arguments = new ArrayList<String>();
    for (var word : words) {
      arguments.add(word.toString());
    }
    arguments.addAll(
        List.of(
            "--url",
            first().clientUrl(),
            "--committee",
            committee.document(SHAPE).toString(),
            "--identity",
            who(person).prefix().toString(),
            "-o",
            "json"));
    return COMMAND.run(arguments);
  }

  private static Object[] with(List<String> words, Path last) {
    var all = new ArrayList<Object>(words);
    all.add(last);
    return all.toArray();
  }

  private static JsonNode done(Sharekeep.Result result) throws IOException {
    assertEquals(0, result.exit(), result.err());
    return new ObjectMapper().readTree(result.out());
  }

  private static Sharekeep.Result says(String person, String word, Asked asked) {
    return run(person, "request", word, asked.id(), "--as", person, "--key", who(person).key());
  }

  private static void ended(int exit, String word, Sharekeep.Result result) {
    assertEquals(exit, result.exit(), result.err());
    assertTrue(result.err().contains(word), result.err());
    Problems.assertNothingFromInside(result.err());
  }

  private static Asked waits(int lamports) throws IOException {
    var asked = pays(lamports);
    ended(DEFERRED, "large", ask(asked));
    return asked;
  }

  private static void assertSigned(JsonNode outcome) {
    var signature = outcome.get("signatures").get(0);
    assertTrue(
        IndependentVerifier.of(key.scheme())
            .verifies(
                key.onChain(),
                HexFormat.of().parseHex(signature.get("message").textValue()),
                HexFormat.of().parseHex(signature.get("signature").textValue())));
  }

  /** As an auditor does it, who has the records and the documents and asks no appliance. */
  private static JsonNode replayed(Asked asked) throws IOException {
    var records = folder.resolve(asked.id() + ".records");
    write(records, run("eve", "request", "show", asked.id()).out());
    var arguments = new ArrayList<>(List.of("policy", "replay", records.toString()));
    versions.forEach(file -> arguments.addAll(List.of("--document", file.toString())));
    return COMMAND.json(arguments.toArray(String[]::new)).get("replayed");
  }

  @Test
  void aSmallPaymentIsSignedAtOnceAndItsDecisionComesOutAgainOffline() throws Exception {
    var asked = pays(SMALL);
    var outcome = done(ask(asked));
    assertSigned(outcome);
    assertEquals(outcome, done(ask(asked)), "the same request has the same outcome");
    var replayed = replayed(asked);
    assertEquals(1, replayed.size());
    assertEquals("small", replayed.get(0).get("rule").textValue());
    assertEquals("ok", replayed.get(0).get("result").textValue());
    ended(DENIED, "default-deny", ask(pays(20_000_000)));
  }

  @Test
  void aLargeOneIsSignedOnceTwoPeopleHaveReadItOneOfThemWithoutANetwork() throws Exception {
    var asked = waits(LARGE);
    assertTrue(run("eve", "request", "list").out().contains(asked.id()));
    ended(DEFERRED, "large", says("ben", "approve", asked));
    var export = folder.resolve("export.json");
    var shown = done(run("cleo", "request", "export", asked.id(), "--out", export));
    assertTrue(shown.get("summary").toString().contains("" + LARGE), shown.toString());
    var words = new ArrayList<String>();
    shown.get("words").forEach(word -> words.add(word.textValue()));
    assertEquals(6, words.size());
    assertEquals(shown.get("words"), done(run("cleo", "request", "show", asked.id())).get("words"));
    var statement = folder.resolve("statement.json");
    var offline =
        List.of(
            "request",
            "approve",
            "--offline",
            export.toString(),
            "--as",
            "cleo",
            "--key",
            who("cleo").key().toString(),
            "--out",
            statement.toString());
    var approved = COMMAND.run(offline);
    assertEquals(0, approved.exit(), approved.err());
    assertTrue(approved.err().contains("words: " + String.join(" ", words)), approved.err());
    assertSigned(done(run("eve", "request", "import", statement)));
    assertSigned(done(ask(asked)));
    for (var one : replayed(asked)) {
      assertEquals("ok", one.get("result").textValue(), one.toString());
    }
    var swapped = (ObjectNode) new ObjectMapper().readTree(export.toFile());
    swapped.put("payload", HexFormat.of().formatHex(Files.readAllBytes(pays(9_000_000).payload())));
    write(export, swapped.toString());
    var refused = COMMAND.run(offline);
    assertEquals(DENIED, refused.exit());
    assertTrue(refused.err().contains("do not sign"), refused.err());
  }

  @Test
  void oneRejectionEndsItAndATakenBackApprovalCountsNoMore() throws Exception {
    var rejected = waits(LARGE);
    ended(DEFERRED, "large", says("ben", "approve", rejected));
    assertEquals(0, says("dan", "reject", rejected).exit());
    for (var appliance : List.of(1, 2)) {
      ended(DENIED, "rejected", ask(rejected, "svc", committee.member(appliance)));
    }
    var withdrawn = waits(LARGE);
    ended(DEFERRED, "large", says("ben", "approve", withdrawn));
    ended(DEFERRED, "large", says("ben", "withdraw", withdrawn));
    ended(DEFERRED, "large", says("cleo", "approve", withdrawn));
    ended(STATE, "has said withdraw", says("ben", "approve", withdrawn));
    assertSigned(done(says("dan", "approve", withdrawn)));
  }

  @Test
  void aKeyThatOneMayNotMakeAloneIsMadeOnceASecondHasReadWhatItIs() throws Exception {
    var id = "c0ffee00".repeat(4);
    var asked =
        List.of(
            "key",
            "generate",
            "--label",
            "cold",
            "--scheme",
            "frost-ed25519",
            "--purpose",
            "sol.tx",
            "--key-id",
            id,
            "--request-id",
            "cold-1",
            "--not-after",
            Instant.now().plus(Duration.ofHours(3)).truncatedTo(ChronoUnit.SECONDS).toString());
    ended(DEFERRED, "ceremony-keygen", run("ben", asked.toArray()));
    assertTrue(run("eve", "request", "list").out().contains("ceremony-keygen"));
    var shown = done(run("cleo", "request", "show", "cold-1"));
    var file = folder.resolve("key.json");
    var exported = done(run("cleo", "request", "export", "cold-1", "--out", file));
    assertTrue(exported.get("summary").get(0).textValue().contains("\"cold\""), exported::toString);
    assertEquals(shown.get("words"), exported.get("words"));
    var key = new Asked(file, "cold-1", Instant.EPOCH);
    ended(2, "no say", says("dan", "approve", key));
    ended(2, "cannot approve", says("ben", "approve", key));
    assertEquals(id, done(says("cleo", "approve", key)).at("/key/id").textValue());
    assertEquals(id, done(run("ben", asked.toArray())).at("/key/id").textValue());
    for (var one : replayed(key)) {
      assertEquals("ok", one.get("result").textValue(), one.toString());
    }
  }

  @Test
  void oneAdministratorFreezesAndTwoUnfreeze() throws Exception {
    for (var scope : List.of(List.<Object>of(), List.<Object>of("--key-id", key.id()))) {
      var words = new ArrayList<Object>(List.of("freeze", "--key", who("ada").key()));
      words.addAll(scope);
      var id = done(run("ada", words.toArray())).get("id").textValue();
      ended(STATE, scope.isEmpty() ? "FROZEN" : "frozen", ask(pays(SMALL)));
      var files = new ArrayList<Path>();
      for (var name : List.of("ada", "cleo")) {
        var file = folder.resolve(name + scope.size());
        assertEquals(
            0, run(name, "unfreeze", "--id", id, "--key", who(name).key(), "--out", file).exit());
        files.add(file);
      }
      ended(DEFERRED, "admins", run("ada", "unfreeze", "--statement", files.get(0)));
      done(run("ada", "unfreeze", "--statement", files.get(0), "--statement", files.get(1)));
      assertSigned(done(ask(pays(SMALL))));
    }
    ended(DENIED, "", run("dan", "freeze", "--key", who("dan").key()));
  }

  @Test
  void aVersionOfThePolicyIsTakenOnceItsQuorumHasSigned() throws Exception {
    var waiting = waits(LARGE);
    var before = new ObjectMapper().readTree(committee.policy(first()).toFile());
    var next = (ObjectNode) before.get("document").deepCopy();
    var hash = COMMAND.json("policy", "verify", committee.policy(first()).toString()).get("hash");
    ((ObjectNode) next.get("metadata")).put("version", 2).set("previous", hash);
    ((ObjectNode) next.at("/limits/0")).put("sum", "0.05");
    var file = folder.resolve("next.json");
    write(file, next.toString());
    COMMAND.json("policy", "sign", file.toString(), "--key", who("ada").key().toString());
    ended(2, "more signatures", run("ada", "policy", "submit", file));
    COMMAND.json("policy", "sign", file.toString(), "--key", who("cleo").key().toString());
    versions.add(file);
    done(run("ada", "policy", "submit", file));
    ended(DENIED, "policy-changed", ask(waiting));
    ((ObjectNode) next.get("metadata"))
        .put("version", 3)
        .set("previous", COMMAND.json("policy", "verify", file.toString()).get("hash"));
    ((ObjectNode) next.at("/limits/0")).put("sum", "1");
    var looser = folder.resolve("looser.json");
    write(looser, next.toString());
    for (var name : List.of("ada", "cleo")) {
      COMMAND.json("policy", "sign", looser.toString(), "--key", who(name).key().toString());
    }
    var pending = done(run("ada", "policy", "submit", looser)).get("hash").textValue();
    assertEquals(pending, done(run("eve", "status")).at("/pendingPolicy/hash").textValue());
    var cancel = List.of("policy", "cancel", pending, "--key");
    ended(DENIED, "", run("dan", with(cancel, who("dan").key())));
    done(run("cleo", with(cancel, who("cleo").key())));
    assertTrue(done(run("eve", "status")).path("pendingPolicy").isMissingNode());
    ended(2, "waits for its time", run("cleo", with(cancel, who("cleo").key())));
    ended(2, "cancelled this very document", run("ada", "policy", "submit", looser));
  }

  /** What a person says, bent in one way. */
  private record Words(String person, String pen, List<String> policies, Duration life) {
    ObjectNode about(OfflineRequest request, UnaryOperator<byte[]> bent) {
      var signer = TlsClient.privateKey(who(pen).key(), "Ed25519");
      byte[] json =
          request.said(
              person,
              "approve",
              policies,
              Instant.now().plus(life).truncatedTo(ChronoUnit.SECONDS),
              new OfflineRequest.Pen(
                  KeyAlgorithm.ED25519,
                  HexFormat.of().parseHex(who(pen).publicKey()),
                  message -> Orders.signature(signer, bent.apply(message))));
      return object(json);
    }
  }

  private static ObjectNode object(byte[] json) {
    try {
      return (ObjectNode) new ObjectMapper().readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ObjectNode waiting(Asked asked) throws Exception {
    return object(send("GET", "/v1/waiting-requests/" + asked.id(), "").body());
  }

  private static OfflineRequest read(ObjectNode waiting) {
    var bare = waiting.deepCopy();
    bare.remove("policies");
    return assertInstanceOf(
            OfflineRequest.Parsed.Valid.class,
            OfflineRequest.parse(bare.toString().getBytes(UTF_8)))
        .request();
  }

  /** As the auditor, whose word counts for nothing: it is the statement's that counts. */
  private static HttpResponse<byte[]> send(String method, String path, String body)
      throws Exception {
    try (var client = HttpClient.newBuilder().sslContext(TlsClient.as(who("eve"))).build()) {
      return client.send(
          HttpRequest.newBuilder(URI.create(first().clientUrl() + path))
              .timeout(Duration.ofSeconds(30))
              .header("Content-Type", "application/json")
              .method(method, BodyPublishers.ofString(body))
              .build(),
          BodyHandlers.ofByteArray());
    }
  }

  private static void refused(String code, Asked asked, ObjectNode statement) throws Exception {
    var answer =
        send(
            "POST",
            "/v1/waiting-requests/" + asked.id() + "/statements",
            "{\"statement\":" + statement + "}");
    var documented = Pattern.compile("(?m)^  " + code + ": (\\d{3})$").matcher(openApi());
    assertTrue(documented.find(), code);
    Problems.assertProblem(
        Integer.parseInt(documented.group(1)),
        code,
        answer.statusCode(),
        answer.headers().firstValue("Content-Type").orElse(""),
        answer.body());
  }

  private static String openApi() throws IOException {
    return Files.readString(
        REPOSITORY.resolve(
            "appliance/src/main/resources/io/sharekeep/appliance/http/openapi.yaml"));
  }

  @Test
  void everyOtherWordIsRefusedByItsDocumentedProblem() throws Exception {
    var asked = waits(LARGE);
    var waiting = waiting(asked);
    var request = read(waiting);
    var policies = new ArrayList<String>();
    waiting.path("policies").forEach(hash -> policies.add(hash.asText()));
    assertEquals(2, policies.size(), "one of each party");
    var hour = Duration.ofHours(1);
    UnaryOperator<byte[]> straight = message -> message;
    var right = new Words("ben", "ben", policies, hour).about(request, straight);
    var bare = right.deepCopy();
    bare.remove("signature");
    refused("approval-malformed", asked, bare);
    refused(
        "approval-signature",
        asked,
        new Words("ben", "ben", policies, hour).about(request, _ -> new byte[32]));
    refused(
        "approval-unknown-key",
        asked,
        new Words("ben", "cleo", policies, hour).about(request, straight));
    refused(
        "approval-unknown-key",
        asked,
        new Words("removed", "cleo", policies, hour).about(request, straight));
    refused(
        "approval-not-approver",
        asked,
        new Words("ada", "ada", policies, hour).about(request, straight));
    refused(
        "approval-expired",
        asked,
        new Words("ben", "ben", policies, Duration.ofSeconds(-1)).about(request, straight));
    refused(
        "approval-other-policy",
        asked,
        new Words("ben", "ben", List.of("00".repeat(32)), hour).about(request, straight));
    var other = waits(LARGE);
    refused("approval-other-request", other, right);
    refused("policy-deferred", asked, right);
    refused("approval-repeated", asked, right);
    var own = pays(LARGE);
    ended(DEFERRED, "large", ask(own, "ben"));
    refused(
        "approval-by-initiator",
        own,
        new Words("ben", "ben", policies, hour).about(read(waiting(own)), straight));
    refused("not-waiting", pays(LARGE), right);
    for (var one : List.of(asked, other, own)) {
      assertEquals(0, says("dan", "reject", one).exit());
    }
  }
}
