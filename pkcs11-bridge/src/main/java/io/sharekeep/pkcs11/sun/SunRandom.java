package io.sharekeep.pkcs11.sun;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * Random bytes of the token XOR the system's. The provider hands the token's out on the heap only;
 * the system's half is written straight to where the result lies, so the heap never holds it.
 */
final class SunRandom {
  /** What getrandom(2) always gives whole. */
  private static final int PIECE = 256;

  private static final SecureRandom SYSTEM = new SecureRandom();
  private static final MethodHandle GETRANDOM = getrandom();

  private SunRandom() {}

  /** For what is public anyway. */
  static byte[] mixed(Epoch epoch, int length) throws GeneralSecurityException {
    var theirs = token(epoch, length);
    var bytes = new byte[length];
    SYSTEM.nextBytes(bytes);
    for (int i = 0; i < length; i++) {
      bytes[i] ^= theirs[i];
    }
    return bytes;
  }

  /** For what may become a secret: {@code out} is native memory. */
  static void fill(Epoch epoch, MemorySegment out) throws GeneralSecurityException {
    for (long at = 0; at < out.byteSize(); at += PIECE) {
      var piece = out.asSlice(at, Math.min(PIECE, out.byteSize() - at));
      system(piece);
      var theirs = token(epoch, (int) piece.byteSize());
      for (int i = 0; i < theirs.length; i++) {
        piece.set(JAVA_BYTE, i, (byte) (piece.get(JAVA_BYTE, i) ^ theirs[i]));
      }
      Arrays.fill(theirs, (byte) 0);
    }
  }

  private static byte[] token(Epoch epoch, int length) throws GeneralSecurityException {
    var bytes = new byte[length];
    SecureRandom.getInstance("PKCS11", epoch.provider()).nextBytes(bytes);
    return bytes;
  }

  private static void system(MemorySegment out) {
    long got;
    try {
      got = (long) GETRANDOM.invokeExact(out, out.byteSize(), 0);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
    if (got != out.byteSize()) {
      throw new IllegalStateException("getrandom gave " + got + " bytes");
    }
  }

  @SuppressWarnings("restricted") // one function of the C library
  private static MethodHandle getrandom() {
    var linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().find("getrandom").orElseThrow(),
        FunctionDescriptor.of(JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_INT));
  }
}
