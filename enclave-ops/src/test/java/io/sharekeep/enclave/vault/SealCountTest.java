package io.sharekeep.enclave.vault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.enclave.store.Serials;
import io.sharekeep.enclave.store.Store;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealCountTest {
  private static final int BLOCK = SealCount.BLOCK;

  @TempDir Path folder;

  private static SealCount count(Store store, String kek) {
    return new SealCount(store, "acme", kek, 2L * BLOCK, 2L * BLOCK + 3);
  }

  private static void seal(SealCount count, int times) {
    for (int i = 0; i < times; i++) {
      count.next();
    }
  }

  @Test
  void sealsAreCountedInBlocksBeforeTheyAreMade() throws Exception {
    try (var store = Store.open(folder)) {
      var count = count(store, "aa");
      assertEquals(0, count.counted());
      seal(count, 1);
      assertEquals(BLOCK, count(store, "aa").counted(), "on disk with the first");
      seal(count, BLOCK - 1);
      assertEquals(BLOCK, count.counted());
      seal(count, 1);
      assertEquals(2 * BLOCK, count.counted());
    }
  }

  @Test
  void aCrashCountsTheRestOfItsBlock() throws Exception {
    try (var store = Store.open(folder)) {
      seal(count(store, "aa"), 1);
    }
    try (var store = Store.open(folder)) {
      var count = count(store, "aa");
      seal(count, 1);
      assertEquals(2 * BLOCK, count.counted());
    }
  }

  @Test
  void theWarningComesBeforeTheLimitAndNoSealAfterIt() throws Exception {
    try (var store = Store.open(folder)) {
      var count = count(store, "aa");
      seal(count, BLOCK);
      assertFalse(count.isHigh());
      seal(count, 1);
      assertTrue(count.isHigh());
      seal(count, BLOCK - 1 + 3);
      assertThrows(KekUsedUp.class, count::next);
      assertThrows(KekUsedUp.class, count::next);
      assertEquals(2 * BLOCK + 3, count.counted());
    }
    try (var store = Store.open(folder)) {
      assertThrows(KekUsedUp.class, () -> count(store, "aa").next());
      seal(count(store, "bb"), 1);
    }
  }

  @Test
  void thePublishedLimitsAreThoseOfTheDesign() throws Exception {
    try (var store = Store.open(folder)) {
      var serials = new Serials("acme");
      store.commit(tx -> serials.add(tx, "kek-seals/aa", (1L << 28) - 1));
      assertFalse(new SealCount(store, "acme", "aa").isHigh());
      store.commit(tx -> serials.add(tx, "kek-seals/aa", 1));
      assertTrue(new SealCount(store, "acme", "aa").isHigh());
      store.commit(tx -> serials.add(tx, "kek-seals/aa", (1L << 31) - (1L << 28) - 1));
      var last = new SealCount(store, "acme", "aa");
      last.next();
      assertThrows(KekUsedUp.class, last::next);
    }
  }
}
