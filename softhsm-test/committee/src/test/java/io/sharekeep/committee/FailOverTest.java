package io.sharekeep.committee;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.sharekeep.softhsm.TokenFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A party of real processes gets a second token, loses its core token and signs on; its kek and its
 * certificate are renewed under it. Its operator types what the page on tokens says.
 */
@ExtendWith(Trio.Shared.class)
class FailOverTest {
  /** A second of patience with the core token, and the next look. */
  private static final Duration SWAPS = Duration.ofSeconds(3);

  private static final Duration RETURNS = Duration.ofSeconds(5);

  private final Trio trio;
  private final Member member;
  private String before = "";

  FailOverTest(Trio trio) {
    this.trio = trio;
    this.member = trio.member(3);
  }

  @BeforeEach
  void theOperatorAddsAToken() throws IOException {
    before = Files.readString(member.configuration());
    member.stop();
    var tokens = member.tokens();
    var second = tokens.provision("second");
    // A library of its own, as the HSM of another vendor has.
    Files.copy(tokens.library(), member.configuration().resolveSibling("core.so"));
    var added =
        """
          core:
            library: core.so
          fallback:
            token: %s
            pinFile: %s
        """
            .formatted(second.coreLabel(), second.corePinFile());
    Files.writeString(
        member.configuration(), before.replace("listeners:\n", added + "listeners:\n"));
    assertTrue(sharekeep("hsm", "provision", "--fallback").path("made").asBoolean());
    member.start();
    member.awaitReady();
  }

  @AfterEach
  void itIsAsItWas() throws IOException {
    member.stop();
    Files.writeString(member.configuration(), before);
    member.start();
    member.awaitReady();
  }

  private JsonNode sharekeep(String... command) {
    var all = new ArrayList<>(List.of(command));
    all.addAll(List.of("--config", member.configuration().toString()));
    return member.sharekeep().json(all.toArray(String[]::new));
  }

  @Test
  void thePartySignsOnByItsSecondTokenAndIsBackOnItsFirstWithoutHands() throws Exception {
    var sealed = sharekeep("hsm", "reseal");
    assertEquals(0, sealed.path("incomplete").asInt(), sealed.toString());
    assertEquals(2, sealed.path("keks").size());
    assertTrue(sealed.path("records").asLong() >= 2);
    trio.assertSigns(trio.solana(), member);

    try (var core = TokenFolder.of(member.tokens().home(), member.tokens().coreLabel());
        var health = new Health(member.healthUrl())) {
      core.takeAway();
      assertTrue(within(SWAPS, () -> health.ready() && onFallback(health)), health.explanation());
      for (int i = 0; i < 4; i++) {
        trio.assertSigns(trio.taproot(), i % 2 == 0 ? member : trio.member(1));
      }
      assertTrue(health.ready(), health.explanation());
      core.bringBack();
      assertTrue(
          within(RETURNS, () -> health.ready() && !onFallback(health)), health.explanation());
    }
    trio.assertSigns(trio.solana(), member);
    var status = sharekeep("status");
    assertTrue(status.at("/sealing/failovers").asLong() >= 2, status.toString());
    assertTrue(status.at("/sealing/opens").asLong() > status.at("/sealing/failovers").asLong());

    var rotated = sharekeep("hsm", "reseal", "--new-kek", "core", "--destroy-retired");
    assertEquals("destroyed", rotated.at("/keks/0/state").asText(), rotated.toString());
    assertEquals("current", rotated.at("/keks/1/state").asText());
    assertEquals(rotated.path("records"), rotated.at("/keks/1/records"));
    var evidence = sharekeep("hsm", "evidence");
    assertTrue(evidence.path("passed").asBoolean(), evidence.toString());
    assertTrue(sharekeep("init", "--certificate-only").path("inForce").asBoolean());
    trio.assertSigns(trio.taproot(), member);
  }

  private static boolean onFallback(Health health) {
    return health.explanation().contains("the fallback token, since the core token is");
  }

  private static boolean within(Duration time, BooleanSupplier condition)
      throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
      if (condition.getAsBoolean()) {
        return true;
      }
      Thread.sleep(50);
    }
    return condition.getAsBoolean();
  }
}
