package io.sharekeep.committee;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** One party's tokens go away and come back while the committee works. Nobody lifts a hand. */
@ExtendWith(Trio.Shared.class)
class TokenLossTest {
  /** Who asks sees it at most one request later. */
  private static final Duration DROPS = Duration.ofSeconds(2);

  private static final Duration RETURNS = Duration.ofSeconds(5);

  private final Trio trio;

  TokenLossTest(Trio trio) {
    this.trio = trio;
  }

  @Test
  void theOthersSignAndThePartyIsBackByItself() throws Exception {
    var member = trio.member(3);
    var directory = member.tokens().home().configuration().resolveSibling("softhsm");
    var away = directory.resolveSibling("away");
    try (var health = new Health(member.healthUrl())) {
      assertTrue(health.ready(), health.explanation());
      move(directory, away);
      try {
        assertTrue(within(DROPS, () -> !health.ready()), "ready without its tokens");
        // Longer than what peers remember of each other.
        Thread.sleep(Duration.ofSeconds(6));
        for (int i = 0; i < 4; i++) {
          trio.assertSigns(trio.taproot(), trio.member(1 + i % 2));
        }
        assertFalse(health.ready(), "ready without its tokens");
      } finally {
        move(away, directory);
      }
      assertTrue(within(RETURNS, health::ready), health.explanation());
    }
    trio.assertSigns(trio.solana(), member);
  }

  private static void move(Path from, Path to) throws IOException {
    Files.move(from, to);
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
