package io.sharekeep.threshold.wire;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Key generation, round 2, sealed to one party: {@code {1: f(x) of each of its points, 32 bytes
 * each}}. The few bytes of CBOR around the shares are written and checked in place, so that no
 * share leaves its slab.
 */
public final class DkgShares {
  private static final int SCALAR = 32;
  private static final byte MAP_OF_ONE = (byte) 0xa1;
  private static final byte KEY_ONE = 0x01;
  private static final byte BYTES_1 = 0x58;
  private static final byte BYTES_2 = 0x59;

  private DkgShares() {}

  /** Bytes of the payload for so many points. */
  public static int length(int points) {
    return headerLength(points) + SCALAR * points;
  }

  /** Where the shares lie in a payload: {@code 32 · points} bytes, ascending by point. */
  public static MemorySegment shares(MemorySegment payload, int points) {
    return payload.asSlice(headerLength(points), (long) SCALAR * points);
  }

  /** Writes what is not secret. */
  public static void frame(MemorySegment payload, int points) {
    MemorySegment.copy(MemorySegment.ofArray(header(points)), 0, payload, 0, headerLength(points));
  }

  /** Whether a payload of {@link #length} bytes is framed for so many points. */
  public static boolean framed(MemorySegment payload, int points) {
    var header = header(points);
    boolean same = payload.byteSize() == length(points);
    for (int i = 0; same && i < header.length; i++) {
      same = payload.get(ValueLayout.JAVA_BYTE, i) == header[i];
    }
    return same;
  }

  private static int headerLength(int points) {
    return SCALAR * points < 256 ? 4 : 5;
  }

  private static byte[] header(int points) {
    int length = SCALAR * points;
    return length < 256
        ? new byte[] {MAP_OF_ONE, KEY_ONE, BYTES_1, (byte) length}
        : new byte[] {MAP_OF_ONE, KEY_ONE, BYTES_2, (byte) (length >> 8), (byte) length};
  }
}
