package io.sharekeep.threshold.ecdsa;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.sharekeep.threshold.group.ScalarLanes;
import io.sharekeep.threshold.primitive.Primitives;
import io.sharekeep.threshold.wire.Octets;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The bulk hash of protocols.md, section 2.3, choice C: HBS(tag, pid, j, m, x) = BLAKE2b-512 with
 * the tag as personalisation, of tag ‖ pid ‖ be32(j) ‖ be32(m) ‖ x, mod q. One compression a call.
 */
final class BulkHash {
  /** Bytes that the hash wants of the caller's slab. */
  static final long WORK = 192;

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final long PID = 16;
  private static final long J = 48;
  private static final long M = 52;
  private static final long X = 56;
  private static final long OUT = 128;

  /** What a bulk hash is for: 16 bytes, zero-padded. */
  static final MemorySegment OT_OUTPUT = tag("otx/out");

  static final MemorySegment GADGET = tag("vole/gadget");

  private final Primitives primitives;
  private final MemorySegment personal;
  private final MemorySegment w;
  private final MemorySegment message;
  private final MemorySegment out;

  /**
   * @param tag {@link #OT_OUTPUT} or {@link #GADGET}
   * @param x bytes of x, 0 or 32
   * @param work {@link #WORK} bytes on a slab, this hash's alone
   */
  BulkHash(Primitives primitives, MemorySegment tag, Octets pid, int x, MemorySegment work) {
    this.primitives = primitives;
    this.personal = tag;
    this.w = work;
    this.message = work.asSlice(0, X + x);
    this.out = work.asSlice(OUT, 64);
    MemorySegment.copy(personal, 0, w, 0, 16);
    MemorySegment.copy(pid.toArray(), 0, w, JAVA_BYTE, PID, 32);
  }

  private static MemorySegment tag(String name) {
    var ascii = name.getBytes(StandardCharsets.US_ASCII);
    var tag = Arena.global().allocate(16);
    MemorySegment.copy(ascii, 0, tag, JAVA_BYTE, 0, ascii.length);
    return tag.asReadOnly();
  }

  /** Where x goes, 32 bytes. */
  MemorySegment x() {
    return w.asSlice(X, 32);
  }

  void copyX(MemorySegment from, long at) {
    MemorySegment.copy(from, at, w, X, 32);
  }

  /** to[at] = HBS of these indices and the present x: 32 bytes. */
  void scalar(int j, int m, MemorySegment to, long at) {
    w.set(INT, J, j);
    w.set(INT, M, m);
    primitives.blake2b(message, personal, out);
    ScalarLanes.reduce(out, 0, to, at);
  }
}
