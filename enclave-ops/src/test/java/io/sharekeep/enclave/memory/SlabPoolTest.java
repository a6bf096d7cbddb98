package io.sharekeep.enclave.memory;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.threshold.Scratch;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class SlabPoolTest {
  private static final PoolSizes SMALL = new PoolSizes(4, 1, 1, 1);
  private static final Duration CAP = Duration.ofSeconds(10);
  private static final CallerId ALICE = new CallerId("alice");
  private static final CallerId BOB = new CallerId("bob");

  static List<SecretMode> modes() {
    return Modes.available();
  }

  static Stream<Arguments> modesAndClasses() {
    return modes().stream()
        .flatMap(mode -> Stream.of(SizeClass.values()).map(size -> Arguments.of(mode, size)));
  }

  static LongStream seeds() {
    return new SplittableRandom(20261122).longs(40);
  }

  @ParameterizedTest
  @MethodSource("modesAndClasses")
  void everyClassLendsAllItsBytesZeroedAndAligned(SecretMode mode, SizeClass size)
      throws Exception {
    try (var pool = SlabPool.open(mode, SMALL);
        var session = pool.session(size, ALICE, CAP);
        var slab = session.borrow(size.bytes())) {
      assertEquals(size.bytes(), slab.bytes().byteSize());
      assertEquals(0, slab.bytes().address() % 64);
      assertTrue(isZero(slab.bytes()));
      slab.bytes().fill((byte) 0x5a);
      assertEquals(0x5a, slab.bytes().get(JAVA_BYTE, size.bytes() - 1));
      assertEquals(mode, pool.mode());
    }
  }

  @ParameterizedTest
  @MethodSource("modes")
  void aKeptSegmentIsDeadAlthoughItsBytesAreLentAgain(SecretMode mode) throws Exception {
    try (var pool = SlabPool.open(mode, SMALL);
        var session = pool.session(SizeClass.K4, ALICE, CAP)) {
      var first = session.borrow(32);
      var kept = first.bytes();
      kept.fill((byte) 7);
      first.close();
      try (var second = session.borrow(32)) {
        assertEquals(kept.address(), second.bytes().address());
        assertTrue(isZero(second.bytes()));
        assertThrows(IllegalStateException.class, () -> kept.get(JAVA_BYTE, 0));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("modes")
  void closingASessionKillsAndWipesWhatItLent(SecretMode mode) throws Exception {
    try (var pool = SlabPool.open(mode, SMALL)) {
      var session = pool.session(SizeClass.K4, ALICE, CAP);
      var lent = session.borrow(100);
      var allocated = session.allocate(200, 8);
      lent.bytes().fill((byte) 1);
      allocated.fill((byte) 2);
      session.close();
      session.close();
      assertThrows(IllegalStateException.class, () -> lent.bytes().get(JAVA_BYTE, 0));
      assertThrows(IllegalStateException.class, () -> allocated.get(JAVA_BYTE, 0));
      assertThrows(IllegalStateException.class, () -> session.borrow(1));
      lent.close();
      try (var next = pool.session(SizeClass.K4, BOB, CAP);
          var all = next.borrow(SizeClass.K4.bytes())) {
        assertTrue(isZero(all.bytes()));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("modes")
  void anotherThreadMayNeitherReadNorCloseNorBorrow(SecretMode mode) throws Exception {
    try (var pool = SlabPool.open(mode, SMALL);
        var session = pool.session(SizeClass.K4, ALICE, CAP);
        var lease = pool.share()) {
      var slab = session.borrow(32);
      for (Executable attempt :
          List.<Executable>of(
              () -> slab.bytes().get(JAVA_BYTE, 0),
              slab::close,
              session::close,
              session::touch,
              lease::close,
              () -> session.borrow(1),
              () -> lease.borrow(1),
              pool::share,
              () -> pool.session(SizeClass.K4, ALICE, CAP),
              pool::close)) {
        assertInstanceOf(WrongThreadException.class, elsewhere(attempt));
      }
      slab.bytes().set(JAVA_BYTE, 0, (byte) 1);
    }
  }

  @ParameterizedTest
  @MethodSource("modes")
  void nothingBeyondTheLoanCanBeTouched(SecretMode mode) throws Exception {
    try (var pool = SlabPool.open(mode, SMALL);
        var session = pool.session(SizeClass.K4, ALICE, CAP);
        var slab = session.borrow(33)) {
      assertThrows(
          IndexOutOfBoundsException.class, () -> slab.bytes().set(JAVA_BYTE, 33, (byte) 1));
      assertThrows(IndexOutOfBoundsException.class, () -> slab.bytes().asSlice(0, 34));
      assertThrows(IllegalArgumentException.class, () -> session.borrow(0));
      assertThrows(IllegalStateException.class, () -> session.borrow(SizeClass.K4.bytes()));
      assertThrows(IllegalStateException.class, () -> session.borrow(1 << 20));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void loansOfAnyOrderNeverOverlapAndAreAlwaysZero(long seed) throws Exception {
    var random = new SplittableRandom(seed);
    try (var pool = SlabPool.open(SecretMode.MLOCK, SMALL);
        var session = pool.session(SizeClass.K4, ALICE, CAP)) {
      record Loan(Scratch.Slab slab, byte mark) {}
      var live = new ArrayList<Loan>();
      for (int i = 0; i < 300; i++) {
        long length = 1 + random.nextLong(300);
        boolean full = session.remaining() < (length + 63) / 64 * 64;
        if (!live.isEmpty() && (full || random.nextInt(3) == 0)) {
          var loan = live.remove(random.nextInt(live.size()));
          assertTrue(isAll(loan.slab().bytes(), loan.mark()), "overwritten by another loan");
          loan.slab().close();
        } else if (!full) {
          try {
            var slab = session.borrow(length);
            assertTrue(isZero(slab.bytes()));
            byte mark = (byte) (1 + random.nextInt(255));
            slab.bytes().fill(mark);
            live.add(new Loan(slab, mark));
          } catch (IllegalStateException fragmented) {
            assertTrue(session.remaining() >= length);
          }
        }
      }
      live.forEach(loan -> loan.slab().close());
      assertEquals(SizeClass.K4.bytes(), session.remaining());
    }
  }

  @ParameterizedTest
  @MethodSource("modes")
  void aFullClassGivesTheNextLargerAndThenSaysSo(SecretMode mode) throws Exception {
    try (var pool = SlabPool.open(mode, new PoolSizes(2, 1, 0, 1))) {
      var sizes = new ArrayList<SizeClass>();
      for (int i = 0; i < 4; i++) {
        sizes.add(pool.session(SizeClass.K4, new CallerId("caller " + i), CAP).sizeClass());
      }
      assertEquals(List.of(SizeClass.K4, SizeClass.K4, SizeClass.K64, SizeClass.K1024), sizes);
      var refused =
          assertThrows(
              PoolExhausted.class, () -> pool.session(SizeClass.K4, new CallerId("late"), CAP));
      assertEquals(PoolExhausted.Why.CAPACITY, refused.why());
      assertEquals(1, pool.stats().exhausted());
      assertEquals(2, pool.stats().lent().get(SizeClass.K4));
    }
  }

  @ParameterizedTest
  @MethodSource("modes")
  void aCallerWithAllItsSessionsHungLeavesRoomForOthers(SecretMode mode) throws Exception {
    try (var pool = SlabPool.open(mode, new PoolSizes(8, 1, 0, 0))) {
      pool.session(SizeClass.K4, ALICE, CAP);
      var second = pool.session(SizeClass.K4, ALICE, CAP);
      var refused = assertThrows(PoolExhausted.class, () -> pool.session(SizeClass.K4, ALICE, CAP));
      assertEquals(PoolExhausted.Why.QUOTA, refused.why());
      pool.session(SizeClass.K4, BOB, CAP).close();
      second.close();
      pool.session(SizeClass.K4, ALICE, CAP);
    }
  }

  @ParameterizedTest
  @MethodSource("modes")
  void aSessionIsIdleUntilItIsTouchedOrClosed(SecretMode mode) throws Exception {
    var now = new AtomicLong();
    try (var pool = SlabPool.open(mode, SMALL, now::get, Wiper.explicitBzero())) {
      var quiet = pool.session(SizeClass.K4, ALICE, CAP);
      now.addAndGet(CAP.toNanos());
      var busy = pool.session(SizeClass.K4, BOB, CAP);
      assertFalse(quiet.isIdle());
      now.incrementAndGet();
      assertTrue(quiet.isIdle());
      assertFalse(busy.isIdle());
      now.addAndGet(CAP.toNanos());
      assertTrue(busy.isIdle());
      busy.touch();
      assertFalse(busy.isIdle());
      quiet.close();
      assertFalse(quiet.isIdle());
    }
  }

  @ParameterizedTest
  @MethodSource("modes")
  void aShareLeaseIsOnePerThreadAndWipedOnEveryPath(SecretMode mode) throws Exception {
    try (var pool = SlabPool.open(mode, SMALL)) {
      assertThrows(
          ArithmeticException.class,
          () -> {
            try (var lease = pool.share()) {
              lease.borrow(32).bytes().fill((byte) 9);
              lease.allocate(32, 1).fill((byte) 9);
              assertThrows(PoolExhausted.class, pool::share);
              throw new ArithmeticException("a round failed");
            }
          });
      assertFalse(pool.stats().shareLent());
      try (var lease = pool.share();
          var all = lease.borrow(PoolSizes.SHARE_BYTES)) {
        assertTrue(isZero(all.bytes()));
      }
      assertEquals(2, pool.stats().shares());
    }
  }

  @ParameterizedTest
  @MethodSource("modes")
  void aWipeThatLeavesBytesIsNoticedAndTheSlabIsNotLentAgain(SecretMode mode) throws Exception {
    var lazy = new Wiper(bytes -> bytes.asSlice(1).fill((byte) 0));
    try (var pool = SlabPool.open(mode, new PoolSizes(1, 0, 0, 0), System::nanoTime, lazy)) {
      var session = pool.session(SizeClass.K4, ALICE, CAP);
      session.allocate(64, 1).fill((byte) 3);
      assertThrows(WipeFailed.class, session::close);
      assertEquals(1, pool.stats().wipeFailures());
      assertEquals(1, pool.stats().lent().get(SizeClass.K4));
      assertThrows(PoolExhausted.class, () -> pool.session(SizeClass.K4, BOB, CAP));
    }
  }

  @ParameterizedTest
  @MethodSource("modes")
  void aHundredThousandLeasesAreQuickAndGrowNothing(SecretMode mode) throws Exception {
    try (var pool = SlabPool.open(mode, SMALL);
        var session = pool.session(SizeClass.K4, ALICE, CAP)) {
      long start = System.nanoTime();
      for (int i = 0; i < 100_000; i++) {
        try (var outer = session.borrow(32);
            var inner = session.borrow(64)) {
          inner.bytes().set(JAVA_BYTE, 0, (byte) 1);
          outer.bytes().set(JAVA_BYTE, 31, (byte) 1);
        }
      }
      long nanos = System.nanoTime() - start;
      assertEquals(SizeClass.K4.bytes(), session.remaining());
      assertTrue(nanos < 10_000_000_000L, "100 000 nested leases took " + nanos + " ns");
    }
  }

  @ParameterizedTest
  @MethodSource("modes")
  void closingThePoolWipesWhatIsStillLent(SecretMode mode) throws Exception {
    var wiped = new AtomicLong();
    var wiper =
        new Wiper(bytes -> {
          wiped.addAndGet(bytes.byteSize());
          Linux.explicitBzero(bytes);
        });
    var pool = SlabPool.open(mode, SMALL, System::nanoTime, wiper);
    var segment = pool.session(SizeClass.K64, ALICE, CAP).allocate(1000, 8);
    var share = pool.share().allocate(64, 8);
    var resident = pool.resident().borrow(64).bytes();
    pool.close();
    pool.close();
    assertEquals(1024 + 64 + 64, wiped.get());
    for (var dead : List.of(segment, share, resident)) {
      assertThrows(IllegalStateException.class, () -> dead.get(JAVA_BYTE, 0));
    }
    assertThrows(IllegalStateException.class, pool::share);
  }

  private static Throwable elsewhere(Executable attempt) throws InterruptedException {
    var thrown = new AtomicReference<Throwable>(new AssertionError("nothing was thrown"));
    var thread =
        new Thread(() -> {
          try {
            attempt.execute();
          } catch (Throwable t) {
            thrown.set(t);
          }
        });
    thread.start();
    thread.join();
    return thrown.get();
  }

  private static boolean isZero(MemorySegment bytes) {
    return isAll(bytes, (byte) 0);
  }

  private static boolean isAll(MemorySegment bytes, byte value) {
    for (long i = 0; i < bytes.byteSize(); i++) {
      if (bytes.get(JAVA_BYTE, i) != value) {
        return false;
      }
    }
    return true;
  }
}
