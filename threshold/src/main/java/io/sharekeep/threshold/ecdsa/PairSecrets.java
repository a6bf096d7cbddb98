package io.sharekeep.threshold.ecdsa;

import java.lang.foreign.MemorySegment;

/**
 * What one party keeps of the base OTs and the zero-share seed it has with one peer (protocols.md,
 * section 4.5), as one secret of {@value #LENGTH} bytes: Δ ‖ k^Δ as Alice, k^0 ‖ k^1 as Bob, z.
 */
public final class PairSecrets {
  static final int OTS = BitMatrix.ROWS;
  static final long KEY = 32;

  private static final long DELTA = 0;
  private static final long ALICE = 32;
  private static final long BOB_0 = ALICE + OTS * KEY;
  private static final long BOB_1 = BOB_0 + OTS * KEY;
  private static final long ZETA = BOB_1 + OTS * KEY;

  /** Bytes of the whole. */
  public static final long LENGTH = 24_640;

  private final MemorySegment bytes;

  /**
   * A view of a slab's bytes: it lives as long as they do.
   *
   * @throws IllegalArgumentException for another length
   */
  public PairSecrets(MemorySegment bytes) {
    if (bytes.byteSize() != LENGTH || LENGTH != ZETA + KEY) {
      throw new IllegalArgumentException("the secrets of a pair are " + LENGTH + " bytes");
    }
    this.bytes = bytes;
  }

  /** Δ, one bit for each base OT that this party received. */
  MemorySegment delta() {
    return bytes.asSlice(DELTA, KEY);
  }

  /** k^Δ_i. */
  MemorySegment received(int index) {
    return bytes.asSlice(ALICE + index * KEY, KEY);
  }

  /** k^0_i. */
  MemorySegment sentZero(int index) {
    return bytes.asSlice(BOB_0 + index * KEY, KEY);
  }

  /** k^1_i. */
  MemorySegment sentOne(int index) {
    return bytes.asSlice(BOB_1 + index * KEY, KEY);
  }

  /** z, the same at both parties. */
  MemorySegment zeta() {
    return bytes.asSlice(ZETA, KEY);
  }
}
