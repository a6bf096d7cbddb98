package io.sharekeep.enclave.entropy;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.enclave.memory.PoolSizes;
import io.sharekeep.enclave.memory.SecretMode;
import io.sharekeep.enclave.memory.SlabPool;
import io.sharekeep.threshold.Randomness;
import io.sharekeep.threshold.Scratch;
import io.sharekeep.threshold.primitive.Primitives;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.prng.EntropySource;
import org.bouncycastle.crypto.prng.drbg.HMacSP800DRBG;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class DeterministicRandomTest {
  private static final byte[] BOOT = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

  private final Primitives primitives = Primitives.open();
  private SlabPool pool;
  private Scratch scratch;

  @BeforeEach
  void lendMemory() throws Exception {
    pool = SlabPool.open(SecretMode.MLOCK, new PoolSizes(0, 0, 0, 0));
    scratch = pool.resident();
  }

  @AfterEach
  void takeItBack() {
    pool.close();
  }

  static LongStream seeds() {
    return new SplittableRandom(80090).longs(30);
  }

  /** Bouncy Castle's HMAC_DRBG on the same entropy gives the same bytes. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void itIsTheGeneratorOfSp80090a(long seed) {
    var plan = new SplittableRandom(seed);
    var hsm = new Recording(seed + 1);
    var os = new Recording(seed + 2);
    var anchor = new byte[plan.nextInt(65)];
    plan.nextBytes(anchor);

    try (var random = DeterministicRandom.seed(primitives, scratch, hsm, os, BOOT)) {
      var seedBytes = xor(hsm.last(), os.last());
      var entropy = new ArrayDeque<byte[]>();
      entropy.add(seedBytes);
      var reference =
          new HMacSP800DRBG(
              new HMac(new SHA512Digest()), 256, new Fixed(entropy), BOOT, new byte[0]);
      for (int call = 0; call < 12; call++) {
        if (call % 4 == 3) {
          random.absorb(anchor);
          entropy.add(concat(hsm.last(), os.last()));
          reference.reseed(
              concat(BOOT, anchor, ByteBuffer.allocate(8).putLong((call + 1) / 4).array()));
        }
        int length = 1 + plan.nextInt(300);
        var expected = new byte[length];
        reference.generate(expected, null, false);
        try (var out = scratch.borrow(length)) {
          random.fill(out.bytes());
          assertArrayEquals(expected, out.bytes().toArray(JAVA_BYTE), "call " + call);
        }
      }
    }
  }

  @Test
  void eitherSourceAloneMakesMachinesDiverge() {
    Randomness stuck = out -> out.fill((byte) 7);
    var first = draw(stuck, new Recording(1), BOOT);
    assertFalse(Arrays.equals(first, draw(stuck, new Recording(2), BOOT)));
    assertFalse(Arrays.equals(first, draw(new Recording(1), stuck, new byte[] {1})));
    assertFalse(Arrays.equals(first, draw(stuck, new Recording(1), new byte[] {1})));
    assertArrayEquals(first, draw(stuck, new Recording(1), BOOT));
  }

  @Test
  void aCloneDivergesAtItsNextSession() throws Exception {
    var os = new OsRandom();
    Randomness stuck = out -> out.fill((byte) 7);
    try (var one = DeterministicRandom.seed(primitives, scratch, stuck, stuck, BOOT);
        var twin = DeterministicRandom.seed(primitives, scratch, stuck, stuck, BOOT);
        var a = scratch.borrow(64);
        var b = scratch.borrow(64)) {
      one.fill(a.bytes());
      twin.fill(b.bytes());
      assertEquals(-1, a.bytes().mismatch(b.bytes()), "clones draw the same");
      one.absorb(new byte[] {1});
      twin.absorb(new byte[] {2});
      one.fill(a.bytes());
      twin.fill(b.bytes());
      assertTrue(a.bytes().mismatch(b.bytes()) >= 0, "another anchor, other bytes");
      os.fill(a.bytes());
      os.fill(b.bytes());
      assertTrue(a.bytes().mismatch(b.bytes()) >= 0);
    }
  }

  @Test
  void aClosedGeneratorGivesNothing() {
    var random =
        DeterministicRandom.seed(primitives, scratch, new Recording(1), new Recording(2), BOOT);
    random.close();
    random.close();
    try (var out = scratch.borrow(32)) {
      assertThrows(IllegalStateException.class, () -> random.fill(out.bytes()));
    }
  }

  @Test
  void aSourceThatFailsLeavesNoMemoryLent() {
    Randomness failing =
        out -> {
          throw new ArithmeticException("the HSM is gone");
        };
    for (int i = 0; i < 50; i++) {
      assertThrows(
          ArithmeticException.class,
          () -> DeterministicRandom.seed(primitives, scratch, failing, new OsRandom(), BOOT));
    }
    scratch.borrow(2048).close();
  }

  @Test
  void whatIsTooLongIsRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () ->
            DeterministicRandom.seed(
                primitives, scratch, new OsRandom(), new OsRandom(), new byte[65]));
    try (var random =
        DeterministicRandom.seed(primitives, scratch, new OsRandom(), new OsRandom(), BOOT)) {
      assertThrows(IllegalArgumentException.class, () -> random.absorb(new byte[65]));
      assertThrows(
          IllegalArgumentException.class,
          () -> random.fill(MemorySegment.ofArray(new byte[(1 << 16) + 1])));
    }
  }

  private byte[] draw(Randomness hsm, Randomness os, byte[] boot) {
    try (var random = DeterministicRandom.seed(primitives, scratch, hsm, os, boot);
        var out = scratch.borrow(64)) {
      random.fill(out.bytes());
      return out.bytes().toArray(JAVA_BYTE);
    }
  }

  /** A seeded source that remembers what it gave last. */
  private static final class Recording implements Randomness {
    private final SplittableRandom random;
    private byte[] last = new byte[0];

    Recording(long seed) {
      this.random = new SplittableRandom(seed);
    }

    @Override
    public void fill(MemorySegment out) {
      last = new byte[(int) out.byteSize()];
      random.nextBytes(last);
      MemorySegment.copy(last, 0, out, JAVA_BYTE, 0, last.length);
    }

    byte[] last() {
      return last;
    }
  }

  private record Fixed(ArrayDeque<byte[]> next) implements EntropySource {
    @Override
    public boolean isPredictionResistant() {
      return false;
    }

    @Override
    public byte[] getEntropy() {
      return next.remove();
    }

    @Override
    public int entropySize() {
      return 512;
    }
  }

  private static byte[] xor(byte[] a, byte[] b) {
    var out = a.clone();
    for (int i = 0; i < out.length; i++) {
      out[i] ^= b[i];
    }
    return out;
  }

  private static byte[] concat(byte[]... parts) {
    var out = new ByteArrayOutputStream();
    List.of(parts).forEach(out::writeBytes);
    return out.toByteArray();
  }
}
