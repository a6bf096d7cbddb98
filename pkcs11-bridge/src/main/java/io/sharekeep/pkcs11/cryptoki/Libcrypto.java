package io.sharekeep.pkcs11.cryptoki;

import static java.lang.foreign.MemorySegment.NULL;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.sharekeep.pkcs11.seal.SealFormat;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * AES-256-GCM and RSA-OAEP (SHA-1, MGF1 with SHA-1, RFC 8017 section 7.1) of OpenSSL's libcrypto 3,
 * on native memory. The JDK's own would put the data key on the heap. SHA-1 is what every token
 * knows for OAEP, which needs no collision resistance.
 */
final class Libcrypto {
  private static final int SET_TAG = 0x11;
  private static final int GET_TAG = 0x10;
  private static final int OAEP_PADDING = 4;

  private final MethodHandle contextNew;
  private final MethodHandle contextFree;
  private final MethodHandle cipherInit;
  private final MethodHandle cipherUpdate;
  private final MethodHandle cipherFinal;
  private final MethodHandle control;
  private final MethodHandle decodeKey;
  private final MethodHandle keyFree;
  private final MethodHandle keyContextNew;
  private final MethodHandle keyContextFree;
  private final MethodHandle encryptInit;
  private final MethodHandle setPadding;
  private final MethodHandle encrypt;
  private final MemorySegment aes256Gcm;

  /** Fails unless libcrypto 3 is installed, which a degraded profile needs. */
  @SuppressWarnings("restricted") // a system library of fixed name
  Libcrypto() {
    SymbolLookup symbols;
    try {
      symbols = SymbolLookup.libraryLookup("libcrypto.so.3", Arena.global());
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException(
          "libcrypto.so.3 is not installed, which this token's profile needs; apt install libssl3",
          e);
    }
    contextNew = down(symbols, "EVP_CIPHER_CTX_new", ADDRESS);
    contextFree = downVoid(symbols, "EVP_CIPHER_CTX_free");
    cipherInit =
        down(
            symbols,
            "EVP_CipherInit_ex",
            JAVA_INT,
            ADDRESS,
            ADDRESS,
            ADDRESS,
            ADDRESS,
            ADDRESS,
            JAVA_INT);
    cipherUpdate =
        down(symbols, "EVP_CipherUpdate", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_INT);
    cipherFinal = down(symbols, "EVP_CipherFinal_ex", JAVA_INT, ADDRESS, ADDRESS, ADDRESS);
    control = down(symbols, "EVP_CIPHER_CTX_ctrl", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
    decodeKey = down(symbols, "d2i_PUBKEY", ADDRESS, ADDRESS, ADDRESS, JAVA_LONG);
    keyFree = downVoid(symbols, "EVP_PKEY_free");
    keyContextNew = down(symbols, "EVP_PKEY_CTX_new", ADDRESS, ADDRESS, ADDRESS);
    keyContextFree = downVoid(symbols, "EVP_PKEY_CTX_free");
    encryptInit = down(symbols, "EVP_PKEY_encrypt_init", JAVA_INT, ADDRESS);
    setPadding = down(symbols, "EVP_PKEY_CTX_set_rsa_padding", JAVA_INT, ADDRESS, JAVA_INT);
    encrypt =
        down(symbols, "EVP_PKEY_encrypt", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG);
    try {
      aes256Gcm = (MemorySegment) down(symbols, "EVP_aes_256_gcm", ADDRESS).invokeExact();
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** Encrypts {@code plain} to {@code out}: ciphertext, then a tag of sixteen bytes. */
  void seal(
      MemorySegment key,
      MemorySegment iv,
      MemorySegment aad,
      MemorySegment plain,
      MemorySegment out) {
    if (!run(
        key,
        iv,
        aad,
        plain,
        out.asSlice(0, plain.byteSize()),
        out.asSlice(plain.byteSize()),
        true)) {
      throw new IllegalStateException("libcrypto did not encrypt");
    }
  }

  /** Whether the tag at the end of {@code sealed} verified. If not, {@code out} means nothing. */
  boolean open(
      MemorySegment key,
      MemorySegment iv,
      MemorySegment aad,
      MemorySegment sealed,
      MemorySegment out) {
    long length = sealed.byteSize() - SealFormat.TAG;
    return run(key, iv, aad, sealed.asSlice(0, length), out, sealed.asSlice(length), false);
  }

  private boolean run(
      MemorySegment key,
      MemorySegment iv,
      MemorySegment aad,
      MemorySegment in,
      MemorySegment out,
      MemorySegment tag,
      boolean encrypting) {
    var context = MemorySegment.NULL;
    try (var arena = Arena.ofConfined()) {
      var written = arena.allocate(JAVA_INT);
      context = (MemorySegment) contextNew.invokeExact();
      int direction = encrypting ? 1 : 0;
      boolean good =
          (int) cipherInit.invokeExact(context, aes256Gcm, NULL, key, iv, direction) == 1
              && (int) cipherUpdate.invokeExact(context, NULL, written, aad, (int) aad.byteSize())
                  == 1
              && (int) cipherUpdate.invokeExact(context, out, written, in, (int) in.byteSize()) == 1
              && (encrypting
                  || (int) control.invokeExact(context, SET_TAG, SealFormat.TAG, tag) == 1)
              && (int) cipherFinal.invokeExact(context, out, written) == 1
              && (!encrypting
                  || (int) control.invokeExact(context, GET_TAG, SealFormat.TAG, tag) == 1);
      return good;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    } finally {
      free(contextFree, context); // wipes the key schedule
    }
  }

  /** Encrypts a data key under an RSA public key, SubjectPublicKeyInfo. */
  void oaep(byte[] spki, MemorySegment plain, MemorySegment out) {
    var key = MemorySegment.NULL;
    var context = MemorySegment.NULL;
    try (var arena = Arena.ofConfined()) {
      var at = arena.allocateFrom(ADDRESS, arena.allocateFrom(ValueLayout.JAVA_BYTE, spki));
      var length = arena.allocateFrom(JAVA_LONG, out.byteSize());
      key = (MemorySegment) decodeKey.invokeExact(NULL, at, (long) spki.length);
      context = (MemorySegment) keyContextNew.invokeExact(key, NULL);
      boolean good =
          (int) encryptInit.invokeExact(context) == 1
              && (int) setPadding.invokeExact(context, OAEP_PADDING) == 1
              && (int) encrypt.invokeExact(context, out, length, plain, plain.byteSize()) == 1
              && length.get(JAVA_LONG, 0) == out.byteSize();
      if (!good) {
        throw new IllegalStateException("libcrypto did not encrypt the data key");
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    } finally {
      free(keyContextFree, context);
      free(keyFree, key);
    }
  }

  private static void free(MethodHandle function, MemorySegment object) {
    try {
      function.invokeExact(object); // NULL is allowed
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  @SuppressWarnings("restricted") // binds one function
  private static MethodHandle down(
      SymbolLookup symbols, String name, MemoryLayout result, MemoryLayout... arguments) {
    return Linker.nativeLinker()
        .downcallHandle(symbols.find(name).orElseThrow(), FunctionDescriptor.of(result, arguments));
  }

  @SuppressWarnings("restricted") // binds one function
  private static MethodHandle downVoid(SymbolLookup symbols, String name) {
    return Linker.nativeLinker()
        .downcallHandle(symbols.find(name).orElseThrow(), FunctionDescriptor.ofVoid(ADDRESS));
  }
}
