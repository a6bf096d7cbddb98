package io.sharekeep.enclave.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sharekeep.enclave.ChildJvm;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class HostLimitsTest {
  @Test
  void twoThreadsForEverySchemeFitTheCommonLimitAndTenForSchnorrs() {
    assertTrue(MemlockBudget.of(2, PoolSizes.COMPACT, 4096).wanted() <= 8L << 20);
    assertTrue(MemlockBudget.of(10, PoolSizes.SCHNORR, 4096).wanted() <= 8L << 20);
    assertTrue(MemlockBudget.of(8, PoolSizes.AMPLE, 4096).wanted() <= 64L << 20);
  }

  @Test
  void threadsGetTheMostThatTheHostLetsThemLock() {
    assertEquals(PoolSizes.SCHNORR, PoolSizes.largest(2, 4096, 7 << 20));
    assertEquals(PoolSizes.COMPACT, PoolSizes.largest(2, 4096, 8 << 20));
    assertEquals(PoolSizes.AMPLE, PoolSizes.largest(2, 4096, 16 << 20));
    assertEquals(PoolSizes.AMPLE, PoolSizes.largest(2, 4096, -1));
    assertEquals(PoolSizes.SCHNORR, PoolSizes.largest(2, 4096, 65_536), "which start refuses");
  }

  @Test
  void workMemoryIsLentOnceAtATimeWipedAndLentAgain() throws Exception {
    for (var mode : Modes.available()) {
      try (var pool = SlabPool.open(mode, new PoolSizes(1, 0, 0, 0, 8192))) {
        try (var work = pool.work()) {
          work.borrow(64).bytes().fill((byte) 7);
          assertThrows(PoolExhausted.class, pool::work);
        }
        try (var work = pool.work();
            var slab = work.borrow(64)) {
          assertEquals(0, slab.bytes().get(ValueLayout.JAVA_BYTE, 63));
        }
      }
    }
  }

  @Test
  void aLimitBelowTheSumIsRefusedWithBothFigures() {
    var refused =
        assertThrows(
            SecretMemoryUnavailable.class, () -> new MemlockBudget(5_000_000, 65_536).require());
    assertTrue(refused.toString().contains("5000000 bytes"));
    assertTrue(refused.toString().contains("RLIMIT_MEMLOCK is 65536"));
    assertTrue(new MemlockBudget(5_000_000, -1).fits());
  }

  @Test
  void theLimitIsReadFromTheKernel() throws Exception {
    var ended =
        new ChildJvm()
            .under("bash", "-c", "ulimit -l 64 && exec \"$@\"", "child")
            .run(Budget.class);
    assertEquals(3, ended.exitCode(), ended.output());
    assertTrue(ended.output().contains("RLIMIT_MEMLOCK is 65536"), ended.output());
  }

  /** Exit 3 when the default pool does not fit. */
  static final class Budget {
    public static void main(String[] arguments) {
      try {
        MemlockBudget.of(2, PoolSizes.SCHNORR, 4096).require();
      } catch (SecretMemoryUnavailable e) {
        System.out.println(e.getMessage());
        System.exit(3);
      }
    }
  }

  @Test
  void aShortageIsOneClearSentence() throws Exception {
    boolean root = System.getProperty("user.name").equals("root");
    assumeTrue(!root || Files.isExecutable(Path.of("/usr/bin/setpriv")), "root is not limited");
    String drop = root ? "setpriv --bounding-set -ipc_lock --inh-caps -ipc_lock " : "";
    var ended =
        new ChildJvm()
            .under("bash", "-c", "ulimit -l 8 && exec " + drop + "\"$@\"", "child")
            .run(Shortage.class);
    assertEquals(0, ended.exitCode(), ended.output());
    assertTrue(ended.output().contains("MLOCK mlock of 4096 bytes failed"), ended.output());
    if (Modes.available().contains(SecretMode.MEMFD_SECRET)) {
      assertTrue(
          ended
              .output()
              .contains("MEMFD_SECRET mmap of secret memory of 4096 bytes failed: the memlock"),
          ended.output());
    }
  }

  /** Says for each mode why it could not be had. */
  static final class Shortage {
    public static void main(String[] arguments) {
      for (var mode : SecretMode.values()) {
        try {
          SlabPool.open(mode, PoolSizes.SCHNORR).close();
          System.out.println(mode + " was given");
        } catch (SecretMemoryUnavailable e) {
          System.out.println(mode + " " + e.getMessage());
        }
      }
    }
  }

  @Test
  void hardeningMakesTheProcessUndumpableAndSaysWhichFlagsAreMissing() throws Exception {
    var ended =
        new ChildJvm()
            .flag("-XX:-UseOnStackReplacement")
            .flag("-XX:+DisableAttachMechanism")
            .run(Hardened.class);
    assertEquals(0, ended.exitCode(), ended.output());
    assertTrue(ended.output().contains("dumpable true"), ended.output());
    assertTrue(ended.output().contains("core-limit true"), ended.output());
    assertTrue(ended.output().contains("UseOnStackReplacement true"), ended.output());
    assertTrue(ended.output().contains("DisableAttachMechanism true"), ended.output());
    assertTrue(
        ended
            .output()
            .contains("EnableDynamicAgentLoading false is true: start the JVM with -XX:-Enable"),
        ended.output());
  }

  /** Prints the findings. */
  static final class Hardened {
    public static void main(String[] arguments) {
      ProcessHardening.apply()
          .forEach(f -> System.out.println(f.name() + " " + f.passed() + " " + f.detail()));
    }
  }

  @Test
  void theConfigurationHasTwoWordsForSecretMemory() {
    assertEquals(
        Optional.of(SecretMemory.REQUIRE_MEMFD_SECRET), SecretMemory.parse("require-memfd-secret"));
    assertEquals(Optional.of(SecretMemory.ALLOW_MLOCK), SecretMemory.parse("allow-mlock"));
    assertEquals(Optional.empty(), SecretMemory.parse("mlock"));
  }

  @Test
  void theBootSlabServesEveryThreadAndEndsZeroed() throws Exception {
    var slab = BootSlab.open(SecretMemory.ALLOW_MLOCK.probe(), 4096);
    var pin = slab.reserve(8);
    var key = slab.reserve(64);
    var writer = new Thread(() -> pin.fill((byte) 4));
    writer.start();
    writer.join();
    assertEquals(4, pin.get(ValueLayout.JAVA_BYTE, 7));
    assertEquals(0, key.get(ValueLayout.JAVA_BYTE, 0));
    assertEquals(0, key.address() % 64);
    slab.wipe(pin);
    assertEquals(0, pin.get(ValueLayout.JAVA_BYTE, 7));
    assertThrows(IllegalStateException.class, () -> slab.reserve(4096));
    assertThrows(IllegalArgumentException.class, () -> slab.reserve(0));
    slab.close();
    slab.close();
    assertThrows(IllegalStateException.class, () -> pin.get(ValueLayout.JAVA_BYTE, 0));
    assertFalse(slab.wipeFailures() > 0);
  }
}
