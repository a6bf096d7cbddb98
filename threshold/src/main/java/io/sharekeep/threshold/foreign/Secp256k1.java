package io.sharekeep.threshold.foreign;

import static io.sharekeep.threshold.foreign.Downcalls.handle;
import static io.sharekeep.threshold.foreign.Downcalls.in;
import static io.sharekeep.threshold.foreign.Downcalls.out;
import static io.sharekeep.threshold.foreign.Downcalls.unexpected;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.sharekeep.threshold.Randomness;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.List;

/**
 * libsecp256k1 under one context. Touching this class needs the library: ask {@link
 * Secp256k1Library#load} first.
 *
 * <p>A <em>point</em> here is the library's own 64-byte form, made by {@link #parse} or {@link
 * #create} and never shown to anybody else. After it is made a context is only read, so that any
 * number of threads may share it.
 */
public final class Secp256k1 {
  /** Bytes of a point in the library's own form. */
  public static final long POINT_LENGTH = 64;

  private static final long RECOVERABLE_LENGTH = 65;

  /** Bytes of SEC 1's uncompressed form. */
  public static final long UNCOMPRESSED = 65;

  private static final int CONTEXT_NONE = 1;
  private static final int UNCOMPRESSED_FLAG = 2;
  private static final int COMPRESSED = 258;

  private static final SymbolLookup SYMBOLS = Secp256k1Library.load().required();
  private static final MethodHandle CONTEXT_CREATE =
      handle(SYMBOLS, "secp256k1_context_create", FunctionDescriptor.of(ADDRESS, JAVA_INT));
  private static final MethodHandle CONTEXT_RANDOMIZE =
      handle(
          SYMBOLS,
          "secp256k1_context_randomize",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
  private static final MethodHandle SET_ILLEGAL_CALLBACK =
      handle(
          SYMBOLS,
          "secp256k1_context_set_illegal_callback",
          FunctionDescriptor.ofVoid(ADDRESS, ADDRESS, ADDRESS));
  private static final MethodHandle SET_ERROR_CALLBACK =
      handle(
          SYMBOLS,
          "secp256k1_context_set_error_callback",
          FunctionDescriptor.ofVoid(ADDRESS, ADDRESS, ADDRESS));
  private static final MethodHandle PARSE =
      handle(
          SYMBOLS,
          "secp256k1_ec_pubkey_parse",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG));
  private static final MethodHandle SERIALIZE =
      handle(
          SYMBOLS,
          "secp256k1_ec_pubkey_serialize",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_INT));
  private static final MethodHandle CREATE =
      handle(
          SYMBOLS,
          "secp256k1_ec_pubkey_create",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS));
  private static final MethodHandle ECDH =
      handle(
          SYMBOLS,
          "secp256k1_ecdh",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS));
  private static final MethodHandle NEGATE =
      handle(
          SYMBOLS, "secp256k1_ec_pubkey_negate", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
  private static final MethodHandle TWEAK_MUL =
      handle(
          SYMBOLS,
          "secp256k1_ec_pubkey_tweak_mul",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS));
  private static final MethodHandle COMBINE =
      handle(
          SYMBOLS,
          "secp256k1_ec_pubkey_combine",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG));
  private static final MethodHandle ECDSA_PARSE =
      handle(
          SYMBOLS,
          "secp256k1_ecdsa_signature_parse_compact",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS));
  private static final MethodHandle ECDSA_VERIFY =
      handle(
          SYMBOLS,
          "secp256k1_ecdsa_verify",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS));
  private static final MethodHandle RECOVERABLE_PARSE =
      handle(
          SYMBOLS,
          "secp256k1_ecdsa_recoverable_signature_parse_compact",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_INT));
  private static final MethodHandle RECOVER =
      handle(
          SYMBOLS,
          "secp256k1_ecdsa_recover",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS));
  private static final MethodHandle XONLY_PARSE =
      handle(
          SYMBOLS,
          "secp256k1_xonly_pubkey_parse",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS));
  private static final MethodHandle SCHNORR_VERIFY =
      handle(
          SYMBOLS,
          "secp256k1_schnorrsig_verify",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS));

  private final MemorySegment context;

  private Secp256k1(MemorySegment context) {
    this.context = context;
  }

  /** A context without blinding, for verification: no secret may go in. */
  public static Secp256k1 forPublicValues() {
    try {
      var context = (MemorySegment) CONTEXT_CREATE.invokeExact(CONTEXT_NONE);
      if (context.equals(MemorySegment.NULL)) {
        throw new IllegalStateException("libsecp256k1 has no memory for a context");
      }
      SET_ILLEGAL_CALLBACK.invokeExact(context, Secp256k1Callbacks.ILLEGAL, MemorySegment.NULL);
      SET_ERROR_CALLBACK.invokeExact(context, Secp256k1Callbacks.ERROR, MemorySegment.NULL);
      return new Secp256k1(context);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /**
   * A context whose base multiplication is blinded.
   *
   * @param random the operating system's
   */
  public static Secp256k1 blinded(Randomness random) {
    var secp256k1 = forPublicValues();
    try (var arena = Arena.ofConfined()) {
      var seed = arena.allocate(32);
      random.fill(seed);
      try {
        expectSuccess((int) CONTEXT_RANDOMIZE.invokeExact(secp256k1.context, seed));
      } finally {
        seed.fill((byte) 0);
      }
      return secp256k1;
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /** From SEC 1; false if it is not a point. The library accepts 33 and 65 bytes. */
  public boolean parse(MemorySegment encoding, MemorySegment point) {
    try {
      return (int)
              PARSE.invokeExact(
                  context, out(point, POINT_LENGTH), in(encoding), encoding.byteSize())
          == 1;
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /** To SEC 1 compressed: 33 bytes. */
  public void serialize(MemorySegment point, MemorySegment encoding) {
    try (var arena = Arena.ofConfined()) {
      var length = arena.allocateFrom(JAVA_LONG, 33);
      expectSuccess(
          (int)
              SERIALIZE.invokeExact(
                  context, out(encoding, 33), length, in(point, POINT_LENGTH), COMPRESSED));
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /**
   * To SEC 1 uncompressed: 65 bytes.
   *
   * @param length 8 bytes to work with
   */
  public void serializeUncompressed(
      MemorySegment point, MemorySegment encoding, MemorySegment length) {
    try {
      out(length, JAVA_LONG.byteSize()).set(JAVA_LONG, 0, UNCOMPRESSED);
      expectSuccess(
          (int)
              SERIALIZE.invokeExact(
                  context,
                  out(encoding, UNCOMPRESSED),
                  length,
                  in(point, POINT_LENGTH),
                  UNCOMPRESSED_FLAG));
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /** k·G in constant time; false for k = 0 and k ≥ n, and then {@code point} is zero. */
  public boolean create(MemorySegment scalar, MemorySegment point) {
    try {
      return (int) CREATE.invokeExact(context, out(point, POINT_LENGTH), in(scalar, 32)) == 1;
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /**
   * k·P in constant time, both coordinates, big-endian.
   *
   * @param coordinates 64 bytes: X ‖ Y; undefined when the answer is false
   * @return false for k = 0 and k ≥ n
   */
  public boolean multiplySecret(
      MemorySegment scalar, MemorySegment point, MemorySegment coordinates) {
    try {
      return (int)
              ECDH.invokeExact(
                  context,
                  out(coordinates, 64),
                  in(point, POINT_LENGTH),
                  in(scalar, 32),
                  Secp256k1Callbacks.RAW_COPY,
                  MemorySegment.NULL)
          == 1;
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /** P := -P. */
  public void negate(MemorySegment point) {
    try {
      expectSuccess((int) NEGATE.invokeExact(context, out(point, POINT_LENGTH)));
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /** P := k·P in <em>variable</em> time: k must be public. False for k = 0 and k ≥ n. */
  public boolean multiplyPublic(MemorySegment scalar, MemorySegment point) {
    try {
      return (int) TWEAK_MUL.invokeExact(context, out(point, POINT_LENGTH), in(scalar, 32)) == 1;
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /**
   * The sum of points; one that is there twice counts twice.
   *
   * @return false when the sum is the identity
   */
  public boolean combine(List<MemorySegment> points, MemorySegment sum) {
    if (points.isEmpty()) {
      throw new IllegalArgumentException("a sum has at least one term");
    }
    try (var arena = Arena.ofConfined()) {
      var pointers = arena.allocate(ADDRESS, points.size());
      for (int i = 0; i < points.size(); i++) {
        pointers.setAtIndex(ADDRESS, i, in(points.get(i), POINT_LENGTH));
      }
      return (int)
              COMBINE.invokeExact(context, out(sum, POINT_LENGTH), pointers, (long) points.size())
          == 1;
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /** ECDSA; a high s does not verify. The signature is r ‖ s. */
  public boolean ecdsaVerify(MemorySegment signature, MemorySegment digest, MemorySegment point) {
    try (var arena = Arena.ofConfined()) {
      var parsed = arena.allocate(64, JAVA_LONG.byteAlignment());
      return (int) ECDSA_PARSE.invokeExact(context, parsed, in(signature, 64)) == 1
          && (int)
                  ECDSA_VERIFY.invokeExact(context, parsed, in(digest, 32), in(point, POINT_LENGTH))
              == 1;
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /**
   * ECDSA public-key recovery, SEC 1 section 4.1.6, in <em>variable</em> time.
   *
   * @param compact r ‖ s, 64 bytes
   * @param recoveryId bit 0: the parity of the y of R; bit 1: x(R) is r plus the order
   * @param digest 32 bytes
   * @return false when there is no such R, or the key would be the identity; {@code point} is then
   *     undefined
   */
  public boolean recover(
      MemorySegment compact, int recoveryId, MemorySegment digest, MemorySegment point) {
    if (recoveryId < 0 || recoveryId > 3) {
      throw new IllegalArgumentException("a recovery id is 0..3, not " + recoveryId);
    }
    try (var arena = Arena.ofConfined()) {
      var signature = arena.allocate(RECOVERABLE_LENGTH, JAVA_LONG.byteAlignment());
      return (int) RECOVERABLE_PARSE.invokeExact(context, signature, in(compact, 64), recoveryId)
              == 1
          && (int) RECOVER.invokeExact(context, out(point, POINT_LENGTH), signature, in(digest, 32))
              == 1;
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /** BIP-340. */
  public boolean schnorrVerify(
      MemorySegment signature, MemorySegment message, MemorySegment xOnly) {
    try (var arena = Arena.ofConfined()) {
      var publicKey = arena.allocate(POINT_LENGTH, JAVA_LONG.byteAlignment());
      if ((int) XONLY_PARSE.invokeExact(context, publicKey, in(xOnly, 32)) != 1) {
        return false;
      }
      return (int)
              SCHNORR_VERIFY.invokeExact(
                  context, in(signature, 64), in(message), message.byteSize(), publicKey)
          == 1;
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  private static void expectSuccess(int status) {
    if (status != 1) {
      throw new IllegalStateException("libsecp256k1 answered " + status + " to a valid call");
    }
  }
}
