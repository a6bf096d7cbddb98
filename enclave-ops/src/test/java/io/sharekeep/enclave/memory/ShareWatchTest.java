package io.sharekeep.enclave.memory;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What lies open too long is wiped from outside, and its thread cannot use what it made of it. */
final class ShareWatchTest {
  private static final Duration LIMIT = Duration.ofMillis(200);

  @ParameterizedTest
  @MethodSource("io.sharekeep.enclave.memory.Modes#available")
  void aShareOfAThreadThatHangsIsWipedAndTheThreadLearnsOfIt(SecretMode mode) throws Exception {
    var open = new CountDownLatch(1);
    var released = new CountDownLatch(1);
    var seen = new CompletableFuture<Byte>();
    try (var watch = ShareWatch.start(LIMIT)) {
      var stuck =
          Thread.ofPlatform()
              .start(() -> {
                try (var pool =
                    SlabPool.open(mode, new PoolSizes(1, 0, 0, 0), System::nanoTime, watch)) {
                  var lease = pool.share();
                  var share = lease.borrow(32);
                  share.bytes().fill((byte) 0x5e);
                  open.countDown();
                  released.await(); // As a call into a token's library hangs.
                  byte left = share.bytes().get(JAVA_BYTE, 31);
                  assertThrows(ShareOverdue.class, lease::requireInTime);
                  assertThrows(ShareOverdue.class, lease::close);
                  pool.share().close();
                  seen.complete(left);
                } catch (Exception | AssertionError e) {
                  seen.completeExceptionally(e);
                }
              });
      assertTrue(open.await(10, TimeUnit.SECONDS));
      long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
      while (watch.wipes() == 0) {
        assertTrue(System.nanoTime() < end, "nobody wiped it");
        Thread.sleep(10);
      }
      released.countDown();
      assertEquals((byte) 0, seen.get(10, TimeUnit.SECONDS), "wiped while its thread hung");
      stuck.join(10_000);
      assertEquals(1, watch.wipes(), "and the next lease was in time");
    }
  }

  @ParameterizedTest
  @MethodSource("io.sharekeep.enclave.memory.Modes#available")
  void aLeaseThatEndsInTimeIsNotTouched(SecretMode mode) throws Exception {
    try (var watch = ShareWatch.start(LIMIT);
        var pool = SlabPool.open(mode, new PoolSizes(1, 0, 0, 0), System::nanoTime, watch)) {
      for (int i = 0; i < 10; i++) {
        try (var lease = pool.share();
            var share = lease.borrow(32)) {
          share.bytes().fill((byte) 1);
          Thread.sleep(50);
          assertEquals((byte) 1, share.bytes().get(JAVA_BYTE, 0));
        }
      }
      assertEquals(0, watch.wipes());
    }
  }
}
