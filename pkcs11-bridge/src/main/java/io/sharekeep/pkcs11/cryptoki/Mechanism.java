package io.sharekeep.pkcs11.cryptoki;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** CK_MECHANISM in native memory, with its parameters. */
final class Mechanism {
  private Mechanism() {}

  static MemorySegment plain(Arena arena, long type) {
    var mechanism = arena.allocate(Layouts.MECHANISM_SIZE, 8);
    mechanism.set(JAVA_LONG, Layouts.MECHANISM_TYPE, type);
    return mechanism;
  }

  /** AES-GCM with a 12-byte IV and a 16-byte tag; it refers to {@code iv} and {@code aad}. */
  static MemorySegment gcm(Arena arena, MemorySegment iv, MemorySegment aad) {
    var parameters = arena.allocate(Layouts.GCM_SIZE, 8);
    parameters.set(ADDRESS, Layouts.GCM_IV, iv);
    parameters.set(JAVA_LONG, Layouts.GCM_IV_LENGTH, iv.byteSize());
    parameters.set(JAVA_LONG, Layouts.GCM_IV_BITS, 8 * iv.byteSize());
    parameters.set(ADDRESS, Layouts.GCM_AAD, aad);
    parameters.set(JAVA_LONG, Layouts.GCM_AAD_LENGTH, aad.byteSize());
    parameters.set(JAVA_LONG, Layouts.GCM_TAG_BITS, 8L * SealFormat.TAG);
    var mechanism = plain(arena, Ck.CKM_AES_GCM);
    mechanism.set(ADDRESS, Layouts.MECHANISM_PARAMETER, parameters);
    mechanism.set(JAVA_LONG, Layouts.MECHANISM_LENGTH, Layouts.GCM_SIZE);
    return mechanism;
  }
}
