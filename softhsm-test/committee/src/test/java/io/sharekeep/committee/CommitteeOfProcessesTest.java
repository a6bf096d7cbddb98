package io.sharekeep.committee;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three real processes, each with its own SoftHSM, over real TLS. Starting them is most of the
 * time, so the tests share them, in an order that ends with what stops one.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CommitteeOfProcessesTest {
  private static final Path REPOSITORY = Path.of("../..").toAbsolutePath().normalize();
  private static final ExampleTransactions EXAMPLES =
      new ExampleTransactions(REPOSITORY.resolve("examples"));
  private static final HexFormat HEX = HexFormat.of();

  private static final Shape TRIO = Shape.equal("trio", 2, 3);

  @TempDir private static Path folder;

  private static Committee committee;
  private static Key solana;
  private static Key taproot;

  @BeforeAll
  static void up() {
    committee = Committee.asProcesses(REPOSITORY.resolve("bin/sharekeep"), folder, List.of(TRIO));
    committee.start();
    solana = committee.generate(TRIO, "frost-ed25519", "solana");
    taproot = committee.generate(TRIO, "frost-secp256k1-tr", "taproot");
  }

  @AfterAll
  static void down() {
    committee.close();
  }

  @Test
  @Order(1)
  void bothSuitesSignThroughEveryCoordinator() {
    for (var coordinator : committee.members()) {
      assertSigns(solana, coordinator);
      assertSigns(taproot, coordinator);
    }
  }

  @Test
  @Order(1)
  void addressesAreThoseThatOthersComputeFromThePublicKey() {
    assertEquals(solana.expectedAddress(), solana.address().orElseThrow());
    assertEquals(taproot.expectedAddress(), taproot.address().orElseThrow());
  }

  @Test
  @Order(1)
  void everyPartyShowsTheSameKey() {
    for (var key : List.of(solana, taproot)) {
      for (var member : committee.members()) {
        assertEquals(key.publicKey(), committee.describe(key, member).get("publicKey").textValue());
      }
    }
  }

  @Test
  @Order(2)
  void anApplianceKilledAfterKeyGenerationIsReadyWithoutHandsAndSigns() {
    var victim = committee.member(1);
    victim.kill();
    victim.start();
    victim.awaitReady();
    assertSigns(solana, victim);
    assertSigns(taproot, victim);
  }

  @Test
  @Order(3)
  void whileOneIsAwayTwoSignAndItsStateDoesNotOpenWithAnothersTokens() throws IOException {
    var away = committee.member(2);
    var other = committee.member(3);
    away.stop();
    assertSigns(taproot, other);

    var mixed = folder.resolve("mixed.yaml");
    Files.writeString(
        mixed,
        Files.readString(other.configuration())
            .replace("stateDirectory: state", "stateDirectory: " + away.stateFolder()));
    var result = other.sharekeep().run(List.of("serve", "--config", mixed.toString()));

    assertNotEquals(0, result.exit());
    assertTrue(result.err().contains("token"), result.err());
    assertNoStackTrace(result);
    away.start();
    away.awaitReady();
    assertSigns(solana, away);
  }

  @Test
  @Order(4)
  void aSecondApplianceOnTheSameStateFolderIsRefused() {
    var member = committee.member(1);
    var result =
        member.sharekeep().run(List.of("serve", "--config", member.configuration().toString()));
    assertNotEquals(0, result.exit());
    assertTrue(result.err().contains("another appliance uses the state folder"), result.err());
    assertNoStackTrace(result);
    assertSigns(solana, member);
  }

  private static void assertSigns(Key key, Member coordinator) {
    var payload =
        key.isTaproot()
            ? EXAMPLES.bitcoinTaproot(key.group(), key.onChain())
            : EXAMPLES.solanaTransfer(key.group());
    var signatures = committee.sign(key, payload, coordinator).get("signatures");
    assertEquals(1, signatures.size());
    assertTrue(
        IndependentVerifier.of(key.scheme())
            .verifies(
                key.onChain(),
                bytes(signatures.get(0), "message"),
                bytes(signatures.get(0), "signature")),
        key.scheme() + " through " + coordinator.name());
  }

  private static void assertNoStackTrace(Sharekeep.Result result) {
    assertFalse(result.err().contains("\tat "), "a stack trace: " + result.err());
  }

  private static byte[] bytes(JsonNode signature, String field) {
    return HEX.parseHex(signature.get(field).textValue());
  }
}
