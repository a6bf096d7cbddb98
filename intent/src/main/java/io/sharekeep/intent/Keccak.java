package io.sharekeep.intent;

/**
 * Keccak-256 as Ethereum uses it: the sponge of FIPS 202 section 4 with rate 1088 and the padding
 * from before that standard (first byte 1, not 6), which the JDK does not have.
 */
final class Keccak {
  private static final int RATE = 136;
  private static final int ROUNDS = 24;

  private static final int[] ROTATIONS = {
    1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44
  };
  private static final int[] LANES = {
    10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1
  };

  private static final long[] CONSTANTS = constants();

  private Keccak() {}

  /** 32 bytes. */
  static byte[] hash256(byte[]... parts) {
    var state = new long[25];
    int filled = 0;
    for (var part : parts) {
      for (byte b : part) {
        absorb(state, filled++, b & 0xff);
        if (filled == RATE) {
          permute(state);
          filled = 0;
        }
      }
    }
    absorb(state, filled, 0x01);
    absorb(state, RATE - 1, 0x80);
    permute(state);
    var digest = new byte[32];
    for (int i = 0; i < digest.length; i++) {
      digest[i] = (byte) (state[i >> 3] >>> (8 * (i & 7)));
    }
    return digest;
  }

  private static void absorb(long[] state, int at, int value) {
    state[at >> 3] ^= (long) value << (8 * (at & 7));
  }

  private static void permute(long[] a) {
    var c = new long[5];
    for (int round = 0; round < ROUNDS; round++) {
      // θ
      for (int x = 0; x < 5; x++) {
        c[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
      }
      for (int x = 0; x < 5; x++) {
        long d = c[(x + 4) % 5] ^ Long.rotateLeft(c[(x + 1) % 5], 1);
        for (int y = 0; y < 25; y += 5) {
          a[x + y] ^= d;
        }
      }
      // ρ and π
      long moved = a[1];
      for (int i = 0; i < LANES.length; i++) {
        long next = a[LANES[i]];
        a[LANES[i]] = Long.rotateLeft(moved, ROTATIONS[i]);
        moved = next;
      }
      // χ
      for (int y = 0; y < 25; y += 5) {
        System.arraycopy(a, y, c, 0, 5);
        for (int x = 0; x < 5; x++) {
          a[x + y] = c[x] ^ (~c[(x + 1) % 5] & c[(x + 2) % 5]);
        }
      }
      // ι
      a[0] ^= CONSTANTS[round];
    }
  }

  /** FIPS 202 algorithm 5: bits of a linear feedback shift register. */
  private static long[] constants() {
    var constants = new long[ROUNDS];
    int register = 1;
    for (int round = 0; round < ROUNDS; round++) {
      for (int j = 0; j <= 6; j++) {
        if ((register & 1) == 1) {
          constants[round] |= 1L << ((1 << j) - 1);
        }
        register = (register << 1) ^ ((register >> 7) * 0x171);
      }
    }
    return constants;
  }
}
