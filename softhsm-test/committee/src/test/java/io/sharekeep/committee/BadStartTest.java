package io.sharekeep.committee;

import static java.util.concurrent.CompletableFuture.supplyAsync;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Starts that cannot succeed, as real processes: one sentence, the documented exit code, and
 * nothing is lost. Parties 2 and 3 are down meanwhile and sign again afterwards.
 */
@ExtendWith(Trio.Shared.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadStartTest {
  private static final int CONFIGURATION = 2;
  private static final int STATE = 5;
  private static final int UNAVAILABLE = 6;

  private final Trio trio;
  private final Member member;

  BadStartTest(Trio trio) {
    this.trio = trio;
    this.member = trio.member(3);
  }

  @BeforeAll
  void down() {
    trio.member(2).stop();
    member.stop();
  }

  @AfterAll
  void nothingIsLost() {
    trio.member(2).start();
    member.start();
    trio.member(2).awaitReady();
    member.awaitReady();
    for (var coordinator : trio.committee().members()) {
      trio.assertSigns(trio.taproot(), coordinator);
    }
  }

  private Sharekeep.Result serve(Member who, String... settings) {
    var arguments = new ArrayList<>(List.of("serve", "--config", who.configuration().toString()));
    for (var setting : settings) {
      arguments.addAll(List.of("--set", setting));
    }
    return who.sharekeep().run(arguments);
  }

  /**
   * SoftHSM rewrites a token once for every C_Login, right or wrong, and counts that in the first
   * eight bytes of its file.
   */
  private Map<Path, Long> logins() throws IOException {
    var counts = new TreeMap<Path, Long>();
    try (var files = Files.walk(member.tokens().home().configuration().getParent())) {
      for (var file : files.filter(f -> f.endsWith("token.object")).toList()) {
        counts.put(file, ByteBuffer.wrap(Files.readAllBytes(file)).getLong());
      }
    }
    return counts;
  }

  /** How many logins there were since, at each token where there were any. */
  private List<Long> loginsSince(Map<Path, Long> before) throws IOException {
    return logins().entrySet().stream()
        .map(now -> now.getValue() - before.getOrDefault(now.getKey(), 0L))
        .filter(logins -> logins != 0)
        .toList();
  }

  private Path wrongPin() throws IOException {
    var file = trio.folder().resolve("wrong.pin");
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    return Files.writeString(file, "00000000\n");
  }

  @Test
  void aWrongPinIsTriedOnce() throws IOException {
    var before = logins();
    Problems.assertSentence(
        CONFIGURATION, "refused the PIN", serve(member, "hsm.edgePinFile=" + wrongPin()));
    assertEquals(List.of(1L), loginsSince(before), "the edge token once, the core token never");

    before = logins();
    Problems.assertSentence(
        CONFIGURATION, "refused the PIN", serve(member, "hsm.corePinFile=" + wrongPin()));
    assertEquals(List.of(1L, 1L), loginsSince(before), "each token once");
  }

  @Test
  void aMissingLibraryOrTokenIsNamedWithWhatToDo() throws IOException {
    var before = logins();
    var missing = supplyAsync(() -> serve(member, "hsm.library=/nowhere/lib.so"));
    var edge = serve(member, "hsm.edgeToken=nobody");
    var library = missing.join();
    Problems.assertSentence(CONFIGURATION, "/nowhere/lib.so", library);
    assertTrue(library.err().contains("install"), library.err());
    Problems.assertSentence(CONFIGURATION, "'nobody'", edge);
    assertTrue(edge.err().contains(member.tokens().edgeLabel()), edge.err());
    assertTrue(edge.err().contains("SOFTHSM2_CONF"), edge.err());
    assertEquals(List.of(), loginsSince(before), "nobody logged in");
  }

  @Test
  void aPortThatIsTakenIsNamedWithItsListener() {
    var taken = trio.member(1).clientUrl().substring("https://".length());
    var result = serve(member, "listeners.client=" + taken);
    Problems.assertSentence(UNAVAILABLE, "client listener on " + taken, result);
  }

  @Test
  void aSecondApplianceOnTheSameStateFolderIsRefused() {
    var result = serve(trio.member(1), "listeners.client=127.0.0.1:0");
    Problems.assertSentence(CONFIGURATION, "another appliance uses the state folder", result);
  }

  @Test
  void aStateFolderThatWasNeverProvisionedSaysInit() throws IOException {
    var empty = Files.createDirectories(trio.folder().resolve("empty"));
    Problems.assertSentence(
        CONFIGURATION, "holds no appliance yet", serve(member, "stateDirectory=" + empty));
  }

  @Test
  void aloneNobodySignsAndTheCallerLearnsWhoIsAway() {
    var payload = trio.folder().resolve("payload.bin");
    var result = sign(payload);
    assertEquals(UNAVAILABLE, result.exit(), result.err());
    assertTrue(result.err().contains("too-few-parties"), result.err());
    assertTrue(result.err().contains("party 2 (connection refused)"), result.err());
    assertTrue(result.err().contains("party 3 (connection refused)"), result.err());
    Problems.assertNothingFromInside(result.err());
  }

  private Sharekeep.Result sign(Path payload) {
    try {
      Files.write(payload, trio.payload(trio.solana()));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return new InThisJvm()
        .run(
            List.of(
                "sign",
                "--url",
                trio.member(1).clientUrl(),
                "--committee",
                trio.committee().document(Trio.SHAPE).toString(),
                "--identity",
                trio.committee().service().prefix().toString(),
                "--key",
                trio.solana().id(),
                "--purpose",
                "sol.tx",
                "--payload",
                payload.toString()));
  }

  /** The core token of somebody else opens nothing: the appliance stands still and says why. */
  @Test
  void anotherCoreTokenLeavesItFailedAndOneThatFailedOnlyReads() throws Exception {
    var other = member.tokens().provision("other");
    try {
      member.startWith(
          "hsm.coreToken=" + other.coreLabel(), "hsm.corePinFile=" + other.corePinFile());
      try (var health = new Health(member.healthUrl())) {
        awaitListening(health);
        assertEquals("FAILED", health.state().path("state").asText());
        assertTrue(health.state().path("reason").asText().contains("no key"), health.explanation());
      }
      var status =
          member.sharekeep().run(List.of("status", "-c", member.configuration().toString()));
      assertEquals(STATE, status.exit(), status.err());
      assertTrue(status.out().contains("FAILED"), status.out());
      var key =
          new ObjectMapper()
              .readTree(trio.committee().describe(trio.solana(), member).toString())
              .path("id")
              .asText();
      assertEquals(trio.solana().id(), key, "reading goes on");
      var client =
          java.net.http.HttpClient.newBuilder()
              .sslContext(TlsClient.as(trio.committee().service()))
              .build();
      var order = Orders.of(trio.solana(), trio.payload(trio.solana()));
      var answer =
          client.send(
              java.net.http.HttpRequest.newBuilder(
                      java.net.URI.create(member.clientUrl() + "/v1/sign-requests"))
                  .header("Content-Type", "application/json")
                  .POST(
                      java.net.http.HttpRequest.BodyPublishers.ofString(
                          order.bodyBy(trio.committee().service())))
                  .build(),
              java.net.http.HttpResponse.BodyHandlers.ofByteArray());
      var problem =
          Problems.assertProblem(
              409,
              "state",
              answer.statusCode(),
              answer.headers().firstValue("Content-Type").orElse(""),
              answer.body());
      assertEquals("FAILED", problem.path("state").asText());
    } finally {
      member.stop();
    }
  }

  private static void awaitListening(Health health) throws InterruptedException {
    var deadline = java.time.Instant.now().plusSeconds(90);
    while (health.explanation().startsWith("nobody answers")) {
      assertTrue(java.time.Instant.now().isBefore(deadline), health.explanation());
      Thread.sleep(100);
    }
  }
}
