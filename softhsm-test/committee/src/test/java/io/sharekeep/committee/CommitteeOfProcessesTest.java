package io.sharekeep.committee;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** Three real processes, each with its own SoftHSM, over real TLS; ends with what stops one. */
@ExtendWith(Trio.Shared.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CommitteeOfProcessesTest {
  private final Trio trio;

  CommitteeOfProcessesTest(Trio trio) {
    this.trio = trio;
  }

  @Test
  @Order(1)
  void bothSuitesSignThroughEveryCoordinator() {
    for (var coordinator : trio.committee().members()) {
      trio.assertSigns(trio.solana(), coordinator);
      trio.assertSigns(trio.taproot(), coordinator);
    }
  }

  @Test
  @Order(1)
  void addressesAreThoseThatOthersComputeFromThePublicKey() {
    assertEquals(trio.solana().expectedAddress(), trio.solana().address().orElseThrow());
    assertEquals(trio.taproot().expectedAddress(), trio.taproot().address().orElseThrow());
  }

  @Test
  @Order(1)
  void everyPartyShowsTheSameKey() {
    for (var key : List.of(trio.solana(), trio.taproot())) {
      for (var member : trio.committee().members()) {
        assertEquals(
            key.publicKey(), trio.committee().describe(key, member).get("publicKey").textValue());
      }
    }
  }

  @Test
  @Order(2)
  void anApplianceKilledAfterKeyGenerationIsReadyWithoutHandsAndSigns() {
    var victim = trio.member(1);
    victim.kill();
    victim.start();
    victim.awaitReady();
    trio.assertSigns(trio.solana(), victim);
    trio.assertSigns(trio.taproot(), victim);
  }

  @Test
  @Order(3)
  void whileOneIsAwayTwoSignAndItsStateDoesNotOpenWithAnothersTokens() throws IOException {
    var away = trio.member(2);
    var other = trio.member(3);
    away.stop();
    trio.assertSigns(trio.taproot(), other);

    var mixed = trio.folder().resolve("mixed.yaml");
    Files.writeString(
        mixed,
        Files.readString(other.configuration())
            .replace("stateDirectory: state", "stateDirectory: " + away.stateFolder()));
    var result = other.sharekeep().run(List.of("serve", "--config", mixed.toString()));

    assertNotEquals(0, result.exit());
    assertTrue(result.err().contains("token"), result.err());
    assertFalse(result.err().contains("\tat "), "a stack trace: " + result.err());
    away.start();
    away.awaitReady();
    trio.assertSigns(trio.solana(), away);
  }
}
