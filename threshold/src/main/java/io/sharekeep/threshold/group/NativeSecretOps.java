package io.sharekeep.threshold.group;

import io.sharekeep.threshold.Scratch;
import io.sharekeep.threshold.foreign.Sodium;
import java.lang.foreign.MemorySegment;

/**
 * Hashes over slabs by libsodium, for every native group. Their state lies on the C stack and is
 * wiped by the library before it returns.
 */
abstract class NativeSecretOps extends ScalarSecretOps {
  NativeSecretOps(ScalarField field) {
    super(field);
  }

  @Override
  public final void sha512(Scratch scratch, MemorySegment message, MemorySegment out) {
    Sodium.sha512(out, message);
  }

  @Override
  public final void sha256(Scratch scratch, MemorySegment message, MemorySegment out) {
    Sodium.sha256(out, message);
  }
}
