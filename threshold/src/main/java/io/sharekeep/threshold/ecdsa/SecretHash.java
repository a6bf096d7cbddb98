package io.sharekeep.threshold.ecdsa;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.sharekeep.threshold.primitive.Primitives;
import io.sharekeep.threshold.wire.Tag;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The tagged hash of protocols.md, section 2.2, over arguments of which some are secret: they are
 * laid out in a segment on a slab, which is hashed at once. Lengths are public.
 */
final class SecretHash {
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final long BLOCK = 128;

  private final Primitives primitives;
  private final MemorySegment buffer;
  private long end;

  /**
   * @param buffer on a slab, long enough for the tag, 128 bytes, and each argument with its length
   */
  SecretHash(Primitives primitives, Tag tag, MemorySegment buffer) {
    this.primitives = primitives;
    this.buffer = buffer;
    MemorySegment.copy(tag.block(), 0, buffer, JAVA_BYTE, 0, (int) BLOCK);
    this.end = BLOCK;
  }

  /** Back to the state after the first {@code length} bytes, of the same arguments. */
  SecretHash rewind(long length) {
    end = length;
    return this;
  }

  long length() {
    return end;
  }

  SecretHash bytes(byte[] argument) {
    length(argument.length);
    MemorySegment.copy(argument, 0, buffer, JAVA_BYTE, end, argument.length);
    end += argument.length;
    return this;
  }

  SecretHash segment(MemorySegment argument) {
    MemorySegment.copy(argument, 0, room(argument.byteSize()), 0, argument.byteSize());
    return this;
  }

  SecretHash integer(long argument) {
    length(Long.BYTES);
    buffer.set(LONG, end, argument);
    end += Long.BYTES;
    return this;
  }

  /** An argument that the caller writes into the segment that comes back. */
  MemorySegment room(long length) {
    length(length);
    var room = buffer.asSlice(end, length);
    end += length;
    return room;
  }

  /** H: 64 bytes. */
  void full(MemorySegment out) {
    primitives.sha512(buffer.asSlice(0, end), out);
  }

  /** H32; {@code work} is 64 bytes. */
  void digest(MemorySegment work, MemorySegment out) {
    full(work);
    MemorySegment.copy(work, 0, out, 0, 32);
  }

  private void length(long length) {
    buffer.set(LONG, end, length);
    end += Long.BYTES;
  }
}
