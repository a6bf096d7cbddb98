package io.sharekeep.enclave.vault;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sharekeep.enclave.KeyId;
import io.sharekeep.enclave.memory.PoolSizes;
import io.sharekeep.enclave.memory.SecretMode;
import io.sharekeep.enclave.memory.SlabPool;
import io.sharekeep.enclave.vault.PairVault.Pair;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.Secret;
import io.sharekeep.threshold.primitive.Primitives;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Sealed secrets of a pair open as exactly what they were sealed as, and as nothing else. */
class PairVaultTest {
  private static final Primitives PRIMITIVES = Primitives.open();
  private static final KeyId KEY = new KeyId("0a".repeat(16));
  private static final Pair PAIR = new Pair(KEY, 1, new PartyId(2), 0, bytes(32, 7));
  private static final int LENGTH = 100;

  private static byte[] bytes(int length, int value) {
    byte[] bytes = new byte[length];
    java.util.Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  private static PairVault vault(String tenant, int incarnation) {
    return new PairVault(PRIMITIVES, tenant, bytes(16, incarnation));
  }

  @Test
  void everyPartOfItsNameIsNeededToOpenIt() throws Exception {
    try (var pool = SlabPool.open(SecretMode.MLOCK, new PoolSizes(0, 0, 0, 0, 4096));
        var scratch = pool.work();
        var pairKey = Secret.written(scratch, 32, key -> key.fill((byte) 3));
        var otherKey = Secret.written(scratch, 32, key -> key.fill((byte) 4));
        var slab = scratch.borrow(LENGTH)) {
      slab.bytes().fill((byte) 9);
      var vault = vault("tenant", 5);
      byte[] sealed = vault.seal(pairKey, PAIR, scratch, slab.bytes());
      slab.bytes().fill((byte) 0);
      vault.open(pairKey, PAIR, sealed, scratch, slab.bytes());
      assertArrayEquals(bytes(LENGTH, 9), slab.bytes().toArray(ValueLayout.JAVA_BYTE));

      for (var other :
          List.of(
              new Pair(new KeyId("0b".repeat(16)), 1, new PartyId(2), 0, bytes(32, 7)),
              new Pair(KEY, 2, new PartyId(2), 0, bytes(32, 7)),
              new Pair(KEY, 1, new PartyId(3), 0, bytes(32, 7)),
              new Pair(KEY, 1, new PartyId(2), 1, bytes(32, 7)),
              new Pair(KEY, 1, new PartyId(2), 0, bytes(32, 8)))) {
        assertThrows(
            ShareMismatch.class,
            () -> vault.open(pairKey, other, sealed, scratch, slab.bytes()),
            other::toString);
      }
      for (var other : List.of(vault("other", 5), vault("tenant", 6))) {
        assertThrows(
            ShareMismatch.class, () -> other.open(pairKey, PAIR, sealed, scratch, slab.bytes()));
      }
      assertThrows(
          ShareMismatch.class, () -> vault.open(otherKey, PAIR, sealed, scratch, slab.bytes()));
      for (int at : new int[] {0, LENGTH - 1, sealed.length - 1}) {
        byte[] altered = sealed.clone();
        altered[at] ^= 1;
        assertThrows(
            ShareMismatch.class, () -> vault.open(pairKey, PAIR, altered, scratch, slab.bytes()));
      }
    }
  }
}
