package io.sharekeep.threshold.foreign;

import static io.sharekeep.threshold.foreign.Downcalls.in;
import static io.sharekeep.threshold.foreign.Downcalls.unexpected;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * What is used of OpenSSL's libcrypto, version 3: public keys, and signatures under them. Touching
 * this class needs the library: ask {@link CryptoLibrary#load} first.
 */
public final class Crypto {
  private static final MethodHandle PARSE =
      handle("d2i_PUBKEY", FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS, JAVA_LONG));
  private static final MethodHandle FREE =
      handle("EVP_PKEY_free", FunctionDescriptor.ofVoid(ADDRESS));
  private static final MethodHandle CONTEXT =
      handle("EVP_PKEY_CTX_new", FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS));
  private static final MethodHandle FREE_CONTEXT =
      handle("EVP_PKEY_CTX_free", FunctionDescriptor.ofVoid(ADDRESS));
  private static final MethodHandle VERIFY_INIT =
      handle("EVP_PKEY_verify_init", FunctionDescriptor.of(JAVA_INT, ADDRESS));
  private static final MethodHandle VERIFY =
      handle(
          "EVP_PKEY_verify",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG));
  private static final MethodHandle CLEAR_ERRORS =
      handle("ERR_clear_error", FunctionDescriptor.ofVoid());

  private Crypto() {}

  /**
   * A public key. Any number of threads may verify under it.
   *
   * @param spki a DER SubjectPublicKeyInfo and nothing behind it
   * @return the library's handle, which it frees once nothing here refers to it any more; empty if
   *     the library does not take the key
   */
  @SuppressWarnings("restricted") // the handle is opaque; only its release is attached to it
  public static Optional<MemorySegment> publicKey(byte[] spki) {
    try (var arena = Arena.ofConfined()) {
      var bytes = arena.allocateFrom(JAVA_BYTE, spki);
      var cursor = arena.allocateFrom(ADDRESS, bytes);
      var key = (MemorySegment) PARSE.invokeExact(MemorySegment.NULL, cursor, (long) spki.length);
      if (key.equals(MemorySegment.NULL)) {
        CLEAR_ERRORS.invokeExact();
        return Optional.empty();
      }
      return Optional.of(key.reinterpret(Arena.ofAuto(), Crypto::free));
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  private static void free(MemorySegment key) {
    try {
      FREE.invokeExact(key);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /**
   * Whether a signature over a digest is the key's. For an elliptic-curve key it is the DER of RFC
   * 3279 section 2.2.3.
   *
   * @param key from {@link #publicKey}
   */
  public static boolean verifies(MemorySegment key, byte[] digest, byte[] signature) {
    try (var arena = Arena.ofConfined()) {
      var context = (MemorySegment) CONTEXT.invokeExact(in(key), MemorySegment.NULL);
      if (context.equals(MemorySegment.NULL)) {
        throw new IllegalStateException("libcrypto has no memory for a verification");
      }
      try {
        if ((int) VERIFY_INIT.invokeExact(context) != 1) {
          throw new IllegalStateException("libcrypto does not verify under its own key");
        }
        var given = arena.allocateFrom(JAVA_BYTE, signature);
        var over = arena.allocateFrom(JAVA_BYTE, digest);
        int verdict =
            (int)
                VERIFY.invokeExact(
                    context, given, (long) signature.length, over, (long) digest.length);
        if (verdict != 1) {
          CLEAR_ERRORS.invokeExact(); // a thread's error queue outlives the call
        }
        return verdict == 1;
      } finally {
        FREE_CONTEXT.invokeExact(context);
      }
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  private static MethodHandle handle(String name, FunctionDescriptor descriptor) {
    return Downcalls.handle(CryptoLibrary.load().required(), name, descriptor);
  }
}
