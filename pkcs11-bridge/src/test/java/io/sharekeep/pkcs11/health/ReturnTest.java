package io.sharekeep.pkcs11.health;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Waiting for a lost token. */
final class ReturnTest {
  private final Return back = new Return();

  /** The fastest of ten, because a busy machine may hold any one of them up. */
  @Test
  void whoeverWaitsGoesOnAsSoonAsTheTokenIsFound() throws Exception {
    long fastest = Long.MAX_VALUE;
    for (int login = 2; login < 12; login++) {
      int seen = login - 1;
      var waiting =
          CompletableFuture.supplyAsync(() -> {
            long began = System.nanoTime();
            assertTrue(back.await(seen, in(10_000)));
            return System.nanoTime() - began;
          });
      Thread.sleep(5);
      back.happened(login);
      fastest = Math.min(fastest, waiting.get(5, TimeUnit.SECONDS));
    }
    assertTrue(fastest < Duration.ofMillis(100).toNanos(), fastest + " ns");
  }

  @Test
  void whatWasFoundBeforeAnybodyWaitsIsNotWaitedFor() {
    back.happened(5);
    long began = System.nanoTime();
    for (int i = 0; i < 20; i++) {
      assertTrue(back.await(4, in(10_000)));
    }
    assertTrue(System.nanoTime() - began < Duration.ofMillis(500).toNanos());
  }

  @Test
  void whatWasFoundBeforeTheLossIsWaitedForAndNotForEver() {
    back.happened(5);
    long began = System.nanoTime();
    assertTrue(back.await(5, in(10_000)));
    long took = (System.nanoTime() - began) / 1_000_000;
    assertTrue(took >= 120 && took < 2000, took + " ms");
  }

  @Test
  void aWaitThatWouldEndAfterTheDeadlineIsNotBegun() {
    long began = System.nanoTime();
    assertFalse(back.await(0, in(50)));
    assertTrue(System.nanoTime() - began < Duration.ofMillis(50).toNanos());
  }

  @Test
  void anInterruptedThreadDoesNotWait() {
    Thread.currentThread().interrupt();
    assertFalse(back.await(0, in(10_000)));
    assertTrue(Thread.interrupted());
  }

  private static Deadline in(int millis) {
    return Deadline.in(Duration.ofMillis(millis));
  }
}
