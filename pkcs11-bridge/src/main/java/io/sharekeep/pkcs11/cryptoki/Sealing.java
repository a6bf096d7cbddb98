package io.sharekeep.pkcs11.cryptoki;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.sharekeep.pkcs11.Aad;
import io.sharekeep.pkcs11.terms.KeyRef;
import io.sharekeep.pkcs11.terms.TokenException.SealRejected;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.SecureRandom;

/** Runs the chunks of a blob through one session, straight between the token and the caller. */
final class Sealing {
  private static final SecureRandom SYSTEM = new SecureRandom();

  private Sealing() {}

  /** Writes header and chunks to {@code out}, native memory of the exact length. */
  static void seal(
      Session session, Arena arena, KeyRef kek, MemorySegment plain, Aad aad, MemorySegment out) {
    var functions = session.functions();
    long key = session.key(arena, kek).handle();
    var nonce = mixed(session, arena.allocate(SealFormat.NONCE)).toArray(ValueLayout.JAVA_BYTE);
    var format = SealFormat.fresh(kek, nonce, Math.toIntExact(plain.byteSize()));
    out.copyFrom(MemorySegment.ofArray(format.header()));
    var chunkAad = arena.allocate(SealFormat.AAD);
    format.bind(aad, chunkAad);
    var iv = arena.allocate(SealFormat.IV);
    var mechanism = Mechanism.gcm(arena, iv, chunkAad);
    var length = arena.allocate(JAVA_LONG);
    for (int i = 0; i < format.chunks(); i++) {
      mixed(session, iv);
      SealFormat.index(chunkAad, i);
      int at = format.sealedAt(i);
      int size = format.plainLength(i);
      out.asSlice(at, SealFormat.IV).copyFrom(iv);
      var ciphertext = out.asSlice(at + SealFormat.IV, size + SealFormat.TAG);
      length.set(JAVA_LONG, 0, ciphertext.byteSize());
      functions.encryptInit(session.handle(), mechanism, key);
      functions.encrypt(
          session.handle(), plain.asSlice(format.plainAt(i), size), ciphertext, length);
      requireLength("C_Encrypt", length, ciphertext.byteSize());
    }
  }

  /**
   * Writes the plaintext to the beginning of {@code out}, which the caller zeroes if this throws:
   * until the last tag has verified, what stands there is nobody's plaintext.
   */
  static void open(
      Session session,
      Arena arena,
      KeyRef kek,
      SealFormat format,
      MemorySegment sealed,
      Aad aad,
      MemorySegment out) {
    var functions = session.functions();
    long key = session.key(arena, kek).handle();
    var chunkAad = arena.allocate(SealFormat.AAD);
    format.bind(aad, chunkAad);
    var iv = arena.allocate(SealFormat.IV);
    var mechanism = Mechanism.gcm(arena, iv, chunkAad);
    var length = arena.allocate(JAVA_LONG);
    for (int i = 0; i < format.chunks(); i++) {
      SealFormat.index(chunkAad, i);
      int at = format.sealedAt(i);
      int size = format.plainLength(i);
      iv.copyFrom(sealed.asSlice(at, SealFormat.IV));
      var ciphertext = sealed.asSlice(at + SealFormat.IV, size + SealFormat.TAG);
      // As long as the ciphertext: SoftHSM refuses less, and leaves the session poisoned.
      var room = out.asSlice(format.plainAt(i), ciphertext.byteSize());
      length.set(JAVA_LONG, 0, room.byteSize());
      functions.decryptInit(session.handle(), mechanism, key);
      try {
        functions.decrypt(session.handle(), ciphertext, room, length);
      } catch (CkException e) {
        if (Ck.rejected(e.rv())) {
          throw new SealRejected();
        }
        throw e;
      }
      requireLength("C_Decrypt", length, size);
    }
    out.asSlice(format.total()).fill((byte) 0);
  }

  /** The token's random bytes XOR the system's, so that one of them may be bad. */
  private static MemorySegment mixed(Session session, MemorySegment out) {
    session.functions().generateRandom(session.handle(), out);
    var system = new byte[Math.toIntExact(out.byteSize())];
    SYSTEM.nextBytes(system);
    for (int i = 0; i < system.length; i++) {
      byte both = (byte) (out.get(ValueLayout.JAVA_BYTE, i) ^ system[i]);
      out.set(ValueLayout.JAVA_BYTE, i, both);
    }
    return out;
  }

  private static void requireLength(String function, MemorySegment length, long expected) {
    long is = length.get(JAVA_LONG, 0);
    if (is != expected) {
      throw new IllegalStateException(function + " wrote " + is + " bytes, not " + expected);
    }
  }
}
