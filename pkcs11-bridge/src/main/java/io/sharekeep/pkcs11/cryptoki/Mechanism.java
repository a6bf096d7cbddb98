package io.sharekeep.pkcs11.cryptoki;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.sharekeep.pkcs11.seal.SealFormat;
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

  /**
   * AES-GCM with a 16-byte tag; it refers to {@code iv} and {@code aad}.
   *
   * @param iv NULL if the token makes and appends it
   * @param bitsSet whether ulIvBits holds the IV's length
   */
  static MemorySegment gcm(Arena arena, MemorySegment iv, boolean bitsSet, MemorySegment aad) {
    var parameters = arena.allocate(Layouts.GCM_SIZE, 8);
    parameters.set(ADDRESS, Layouts.GCM_IV, iv);
    parameters.set(JAVA_LONG, Layouts.GCM_IV_LENGTH, iv.byteSize());
    parameters.set(JAVA_LONG, Layouts.GCM_IV_BITS, bitsSet ? 8 * iv.byteSize() : 0);
    parameters.set(ADDRESS, Layouts.GCM_AAD, aad);
    parameters.set(JAVA_LONG, Layouts.GCM_AAD_LENGTH, aad.byteSize());
    parameters.set(JAVA_LONG, Layouts.GCM_TAG_BITS, 8L * SealFormat.TAG);
    return with(arena, Ck.CKM_AES_GCM, parameters);
  }

  /** The same in the form of PKCS#11 2.30 and some vendors, which has no ulIvBits. */
  static MemorySegment gcmWithoutIvBits(Arena arena, MemorySegment iv, MemorySegment aad) {
    var parameters = arena.allocate(Layouts.GCM40_SIZE, 8);
    parameters.set(ADDRESS, Layouts.GCM_IV, iv);
    parameters.set(JAVA_LONG, Layouts.GCM_IV_LENGTH, iv.byteSize());
    parameters.set(ADDRESS, Layouts.GCM40_AAD, aad);
    parameters.set(JAVA_LONG, Layouts.GCM40_AAD_LENGTH, aad.byteSize());
    parameters.set(JAVA_LONG, Layouts.GCM40_TAG_BITS, 8L * SealFormat.TAG);
    return with(arena, Ck.CKM_AES_GCM, parameters);
  }

  /** AES-CBC without padding. */
  static MemorySegment cbc(Arena arena, MemorySegment iv) {
    return with(arena, Ck.CKM_AES_CBC, iv);
  }

  /** RSA-OAEP with SHA-1 and MGF1 of SHA-1, which every token that has OAEP knows. */
  static MemorySegment oaep(Arena arena) {
    var parameters = arena.allocate(Layouts.OAEP_SIZE, 8);
    parameters.set(JAVA_LONG, Layouts.OAEP_HASH, Ck.CKM_SHA_1);
    parameters.set(JAVA_LONG, Layouts.OAEP_MGF, Ck.CKG_MGF1_SHA1);
    parameters.set(JAVA_LONG, Layouts.OAEP_SOURCE, Ck.CKZ_DATA_SPECIFIED);
    return with(arena, Ck.CKM_RSA_PKCS_OAEP, parameters);
  }

  private static MemorySegment with(Arena arena, long type, MemorySegment parameters) {
    var mechanism = plain(arena, type);
    mechanism.set(ADDRESS, Layouts.MECHANISM_PARAMETER, parameters);
    mechanism.set(JAVA_LONG, Layouts.MECHANISM_LENGTH, parameters.byteSize());
    return mechanism;
  }
}
