package io.sharekeep.threshold.foreign;

import static io.sharekeep.threshold.foreign.Downcalls.in;
import static io.sharekeep.threshold.foreign.Downcalls.out;
import static io.sharekeep.threshold.foreign.Downcalls.unexpected;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * libsodium, function by function, named and ordered as in its headers (version 1.0.18). Touching
 * this class needs the library: ask {@link SodiumLibrary#load} first. A {@code boolean} is C's "0
 * is success".
 */
public final class Sodium {
  private static final MethodHandle SHA512 = ints("crypto_hash_sha512", "ppl");
  private static final MethodHandle SHA256 = ints("crypto_hash_sha256", "ppl");
  private static final MethodHandle HMAC_INIT = ints("crypto_auth_hmacsha512_init", "ppl");
  private static final MethodHandle HMAC_UPDATE = ints("crypto_auth_hmacsha512_update", "ppl");
  private static final MethodHandle HMAC_FINAL = ints("crypto_auth_hmacsha512_final", "pp");
  private static final MethodHandle X25519_BASE = ints("crypto_scalarmult_curve25519_base", "pp");
  private static final MethodHandle X25519 = ints("crypto_scalarmult_curve25519", "ppp");
  private static final MethodHandle SEAL =
      ints("crypto_aead_chacha20poly1305_ietf_encrypt", "pppl" + "pl" + "ppp");
  private static final MethodHandle OPEN =
      ints("crypto_aead_chacha20poly1305_ietf_decrypt", "pppp" + "lplpp");
  private static final MethodHandle SIGN_KEY_PAIR = ints("crypto_sign_ed25519_seed_keypair", "ppp");
  private static final MethodHandle SIGN = ints("crypto_sign_ed25519_detached", "ppplp");
  private static final MethodHandle VERIFY = ints("crypto_sign_ed25519_verify_detached", "pplp");
  private static final MethodHandle ED25519_BASE =
      ints("crypto_scalarmult_ed25519_base_noclamp", "pp");
  private static final MethodHandle ED25519 = ints("crypto_scalarmult_ed25519_noclamp", "ppp");
  private static final MethodHandle ED25519_ADD = ints("crypto_core_ed25519_add", "ppp");
  private static final MethodHandle ED25519_SUBTRACT = ints("crypto_core_ed25519_sub", "ppp");
  private static final MethodHandle ED25519_IS_VALID =
      ints("crypto_core_ed25519_is_valid_point", "p");

  private static final MethodHandle BLAKE2B =
      leaf("crypto_generichash_blake2b_salt_personal", "plplplpp");
  private static final MethodHandle XCHACHA20 = leaf("crypto_stream_xchacha20", "plpp");

  private static final MethodHandle STACK_ZERO =
      Downcalls.handle(
          SodiumLibrary.load().required(),
          "sodium_stackzero",
          FunctionDescriptor.ofVoid(JAVA_LONG));

  private Sodium() {}

  /** Zeroes so many bytes of this thread's stack below the caller's frame. */
  public static void stackZero(long bytes) {
    try {
      STACK_ZERO.invokeExact(bytes);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /** BLAKE2b, RFC 7693, without key or salt. */
  public static void blake2b(MemorySegment out, MemorySegment message, MemorySegment personal) {
    try {
      expectSuccess(
          (int)
              BLAKE2B.invokeExact(
                  out(out, 64),
                  64L,
                  in(message),
                  message.byteSize(),
                  MemorySegment.NULL,
                  0L,
                  MemorySegment.NULL,
                  in(personal, 16)));
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /** The first bytes of an XChaCha20 key stream. */
  public static void xchacha20(MemorySegment out, MemorySegment nonce, MemorySegment key) {
    try {
      expectSuccess(
          (int)
              XCHACHA20.invokeExact(
                  out(out, out.byteSize()), out.byteSize(), in(nonce, 24), in(key, 32)));
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  public static void sha512(MemorySegment out, MemorySegment message) {
    try {
      expectSuccess((int) SHA512.invokeExact(out(out, 64), in(message), message.byteSize()));
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  public static void sha256(MemorySegment out, MemorySegment message) {
    try {
      expectSuccess((int) SHA256.invokeExact(out(out, 32), in(message), message.byteSize()));
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /** The state of an HMAC-SHA-512, which holds key material: it belongs on a slab. */
  public static final long HMAC_STATE_LENGTH = SodiumLibrary.HMAC_STATE_LENGTH;

  public static void hmacInit(MemorySegment state, MemorySegment key) {
    try {
      expectSuccess(
          (int) HMAC_INIT.invokeExact(out(state, HMAC_STATE_LENGTH), in(key), key.byteSize()));
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  public static void hmacUpdate(MemorySegment state, MemorySegment part) {
    try {
      expectSuccess(
          (int) HMAC_UPDATE.invokeExact(out(state, HMAC_STATE_LENGTH), in(part), part.byteSize()));
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  public static void hmacFinal(MemorySegment state, MemorySegment out) {
    try {
      expectSuccess((int) HMAC_FINAL.invokeExact(out(state, HMAC_STATE_LENGTH), out(out, 64)));
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  public static void x25519Base(MemorySegment out, MemorySegment secret) {
    try {
      expectSuccess((int) X25519_BASE.invokeExact(out(out, 32), in(secret, 32)));
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /** False for a point of small order; {@code out} is then undefined. */
  public static boolean x25519(MemorySegment out, MemorySegment secret, MemorySegment point) {
    try {
      return (int) X25519.invokeExact(out(out, 32), in(secret, 32), in(point, 32)) == 0;
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /** ChaCha20-Poly1305, RFC 8439; {@code sealed} is 16 bytes longer than {@code plain}. */
  public static void seal(
      MemorySegment sealed,
      MemorySegment plain,
      MemorySegment aad,
      MemorySegment nonce,
      MemorySegment key) {
    try {
      expectSuccess(
          (int)
              SEAL.invokeExact(
                  out(sealed, plain.byteSize() + 16),
                  MemorySegment.NULL,
                  in(plain),
                  plain.byteSize(),
                  in(aad),
                  aad.byteSize(),
                  MemorySegment.NULL,
                  in(nonce, 12),
                  in(key, 32)));
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /** Inverse of {@link #seal}; false if the tag is wrong, and then {@code plain} is undefined. */
  public static boolean open(
      MemorySegment plain,
      MemorySegment sealed,
      MemorySegment aad,
      MemorySegment nonce,
      MemorySegment key) {
    try {
      return (int)
              OPEN.invokeExact(
                  out(plain, sealed.byteSize() - 16),
                  MemorySegment.NULL,
                  MemorySegment.NULL,
                  in(sealed),
                  sealed.byteSize(),
                  in(aad),
                  aad.byteSize(),
                  in(nonce, 12),
                  in(key, 32))
          == 0;
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /** {@code seed} must not overlap {@code secret}: libsodium reads it again after writing. */
  public static void signKeyPair(
      MemorySegment publicKey, MemorySegment secret, MemorySegment seed) {
    if (seed.asOverlappingSlice(secret).isPresent()) {
      throw new IllegalArgumentException("the seed overlaps the secret key");
    }
    try {
      expectSuccess(
          (int) SIGN_KEY_PAIR.invokeExact(out(publicKey, 32), out(secret, 64), in(seed, 32)));
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  public static void sign(MemorySegment signature, MemorySegment message, MemorySegment secret) {
    try {
      expectSuccess(
          (int)
              SIGN.invokeExact(
                  out(signature, 64),
                  MemorySegment.NULL,
                  in(message),
                  message.byteSize(),
                  in(secret, 64)));
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /** RFC 8032 without cofactor; refuses S ≥ L, non-canonical A, and A or R of small order. */
  public static boolean verify(
      MemorySegment signature, MemorySegment message, MemorySegment publicKey) {
    try {
      return (int)
              VERIFY.invokeExact(
                  in(signature, 64), in(message), message.byteSize(), in(publicKey, 32))
          == 0;
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /** k·B in constant time; false for k = 0. Bit 255 of k is ignored. */
  public static boolean ed25519Base(MemorySegment out, MemorySegment scalar) {
    try {
      return (int) ED25519_BASE.invokeExact(out(out, 32), in(scalar, 32)) == 0;
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /** k·P in constant time; false for k = 0 and for a P that {@link #ed25519IsValid} refuses. */
  public static boolean ed25519(MemorySegment out, MemorySegment scalar, MemorySegment point) {
    try {
      return (int) ED25519.invokeExact(out(out, 32), in(scalar, 32), in(point, 32)) == 0;
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /** P + R; false if one is not on the curve. The sum may be the identity. */
  public static boolean ed25519Add(MemorySegment out, MemorySegment p, MemorySegment r) {
    try {
      return (int) ED25519_ADD.invokeExact(out(out, 32), in(p, 32), in(r, 32)) == 0;
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /** P - R; false if one is not on the curve. The difference may be the identity. */
  public static boolean ed25519Subtract(MemorySegment out, MemorySegment p, MemorySegment r) {
    try {
      return (int) ED25519_SUBTRACT.invokeExact(out(out, 32), in(p, 32), in(r, 32)) == 0;
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /** Canonical, on the curve, of prime order; some builds let torsion pass (CVE-2025-69277). */
  public static boolean ed25519IsValid(MemorySegment point) {
    try {
      return (int) ED25519_IS_VALID.invokeExact(in(point, 32)) == 1;
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  private static void expectSuccess(int status) {
    if (status != 0) {
      throw new IllegalStateException("libsodium answered " + status + " to a valid call");
    }
  }

  /** A function to {@code int}; one letter per argument, p for a pointer, l for a 64-bit length. */
  private static MethodHandle ints(String name, String arguments) {
    return Downcalls.handle(SodiumLibrary.load().required(), name, descriptor(arguments));
  }

  /** The same for a function that is called by the thousand and takes well under a microsecond. */
  private static MethodHandle leaf(String name, String arguments) {
    return Downcalls.leaf(SodiumLibrary.load().required(), name, descriptor(arguments));
  }

  private static FunctionDescriptor descriptor(String arguments) {
    var layouts =
        arguments
            .chars()
            .mapToObj(c -> c == 'p' ? ADDRESS : JAVA_LONG)
            .toArray(MemoryLayout[]::new);
    return FunctionDescriptor.of(JAVA_INT, layouts);
  }
}
