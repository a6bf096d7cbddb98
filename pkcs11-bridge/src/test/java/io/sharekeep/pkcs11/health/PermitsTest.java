package io.sharekeep.pkcs11.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who gets in when. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class PermitsTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  @Test
  void whoWaitsGoesInBeforeOneThatComesBackAtOnce() throws InterruptedException {
    for (int round = 0; round < 20; round++) {
      var permits = new Permits(1);
      var order = new ConcurrentLinkedQueue<String>();
      assertTrue(permits.take(Deadline.in(LONG)));
      var waiting =
          Thread.ofPlatform()
              .start(() -> {
                permits.take(Deadline.in(LONG));
                order.add("waited");
                permits.giveBack();
              });
      while (permits.waiting() == 0) {
        Thread.sleep(1);
      }
      permits.giveBack();
      permits.take(Deadline.in(LONG));
      order.add("came back");
      permits.giveBack();
      waiting.join();
      assertEquals(List.of("waited", "came back"), List.copyOf(order));
    }
  }

  @Test
  void noMoreGoInThanThereAre() {
    var permits = new Permits(2);
    assertTrue(permits.takeAtOnce());
    assertTrue(permits.take(Deadline.in(LONG)));
    assertFalse(permits.takeAtOnce());
    assertFalse(permits.take(Deadline.in(Duration.ofMillis(10))));
    assertEquals(2, permits.inUse());
    permits.giveBack();
    assertEquals(1, permits.inUse());
    assertTrue(permits.takeAtOnce());
    assertEquals(2, permits.number());
  }

  @Test
  void anInterruptIsANoAndStaysSet() {
    var permits = new Permits(1);
    assertTrue(permits.takeAtOnce());
    Thread.currentThread().interrupt();
    assertFalse(permits.take(Deadline.in(LONG)));
    assertTrue(Thread.interrupted());
  }
}
