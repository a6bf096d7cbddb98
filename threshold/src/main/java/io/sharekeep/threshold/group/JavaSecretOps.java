package io.sharekeep.threshold.group;

import io.sharekeep.threshold.Scratch;
import java.lang.foreign.MemorySegment;

/** What the Java backends of both groups have in common on the secret side. */
abstract class JavaSecretOps extends ScalarSecretOps {
  JavaSecretOps(ScalarField field) {
    super(field);
  }

  @Override
  public final void sha512(Scratch scratch, MemorySegment message, MemorySegment out) {
    SlabSha512.hash(scratch, message, out);
  }

  @Override
  public final void sha256(Scratch scratch, MemorySegment message, MemorySegment out) {
    SlabSha256.hash(scratch, message, out);
  }

  static void requireLength(MemorySegment segment, long length) {
    if (segment.byteSize() != length) {
      throw new IllegalArgumentException(segment.byteSize() + " bytes, not " + length);
    }
  }
}
