package io.sharekeep.threshold.primitive;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.sharekeep.threshold.Randomness;
import io.sharekeep.threshold.Scratch;
import io.sharekeep.threshold.foreign.NativeLibrary;
import io.sharekeep.threshold.foreign.Sodium;
import io.sharekeep.threshold.foreign.SodiumLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * libsodium on slabs. A {@link MemorySegment} here is secret and must be native memory; a {@code
 * byte[]} is public. Public bytes pass through a confined arena per call, which costs tens of
 * nanoseconds and leaves nothing behind that could be secret.
 *
 * <p>Safe for use by several threads, each with its own slabs. A segment of a wrong length, a
 * read-only result or a heap segment is a bug of the caller: {@link IllegalArgumentException}.
 */
public final class Primitives {
  /** Bytes that sealing adds: the Poly1305 tag, RFC 8439 section 2.8. */
  public static final int TAG_LENGTH = 16;

  private static final int HASH_LENGTH = 64;

  /** Deeper than any call of a step goes, and far less than a thread's stack. */
  private static final long STACK = 128 << 10;

  private Primitives() {}

  /**
   * The primitives, once libsodium is there. There is no fallback: sealing without it would leave
   * keys on the heap.
   *
   * @throws IllegalStateException when the library is missing; the message says what to install
   */
  public static Primitives open() {
    return switch (SodiumLibrary.load()) {
      case NativeLibrary.Loaded _ -> new Primitives();
      case NativeLibrary.Missing(var reason) -> throw new IllegalStateException(reason);
    };
  }

  /**
   * Zeroes what deeper calls have left on this thread's stack: 128 KiB below the caller. Compiled
   * code spills there what it computes with, and a thread that waits keeps it. For the outermost
   * frame of a thread that works with secrets, whenever it has done so.
   */
  public void wipeStack() {
    Sodium.stackZero(STACK);
  }

  /** What does the work, as {@code libsodium 1.0.18}. */
  public String backend() {
    return "libsodium " + SodiumLibrary.version();
  }

  /**
   * The X25519 public key, RFC 7748 section 6.1.
   *
   * @param secret 32 bytes, any value
   * @return 32 bytes
   */
  public byte[] x25519PublicKey(MemorySegment secret) {
    try (var arena = Arena.ofConfined()) {
      var out = arena.allocate(32);
      Sodium.x25519Base(out, secret);
      return out.toArray(JAVA_BYTE);
    }
  }

  /**
   * X25519 key agreement, RFC 7748 section 6.1.
   *
   * @param secret 32 bytes
   * @param peerPublic as a peer sent it; of another length than 32 it is refused
   * @param out 32 bytes, zero when the answer is false
   * @return false if the peer sent a point of small order, so that the result would be all zero
   */
  public boolean x25519(MemorySegment secret, byte[] peerPublic, MemorySegment out) {
    if (peerPublic.length != 32) {
      out.fill((byte) 0);
      return false;
    }
    try (var arena = Arena.ofConfined()) {
      if (Sodium.x25519(out, secret, copy(arena, peerPublic))) {
        return true;
      }
      out.fill((byte) 0);
      return false;
    }
  }

  /**
   * ChaCha20-Poly1305, RFC 8439. The caller never uses a nonce twice under one key.
   *
   * @param key 32 bytes
   * @param nonce 12 bytes
   * @return cipher text and tag, {@link #TAG_LENGTH} longer than {@code plain}
   */
  public byte[] seal(MemorySegment key, byte[] nonce, byte[] aad, MemorySegment plain) {
    try (var arena = Arena.ofConfined()) {
      var sealed = arena.allocate(Math.addExact(plain.byteSize(), TAG_LENGTH));
      Sodium.seal(sealed, plain, copy(arena, aad), copy(arena, nonce), key);
      return sealed.toArray(JAVA_BYTE);
    }
  }

  /**
   * Inverse of {@link #seal}.
   *
   * @param key 32 bytes
   * @param nonce 12 bytes
   * @param sealed as a peer sent it
   * @param out the plain text; zero when the answer is false
   * @return false if the tag is wrong, or {@code sealed} is not {@link #TAG_LENGTH} longer than
   *     {@code out}
   */
  public boolean open(
      MemorySegment key, byte[] nonce, byte[] aad, byte[] sealed, MemorySegment out) {
    if (sealed.length != out.byteSize() + TAG_LENGTH) {
      out.fill((byte) 0);
      return false;
    }
    try (var arena = Arena.ofConfined()) {
      if (Sodium.open(out, copy(arena, sealed), copy(arena, aad), copy(arena, nonce), key)) {
        return true;
      }
      out.fill((byte) 0);
      return false;
    }
  }

  /**
   * HMAC-SHA-512, RFC 2104, with the state on a slab.
   *
   * @param key of any length
   * @param out 64 bytes; may be one of the operands
   */
  public void hmacSha512(
      Scratch scratch, MemorySegment key, MemorySegment message, MemorySegment out) {
    try (var slab = scratch.borrow(Sodium.HMAC_STATE_LENGTH)) {
      Sodium.hmacInit(slab.bytes(), key);
      Sodium.hmacUpdate(slab.bytes(), message);
      Sodium.hmacFinal(slab.bytes(), out);
    }
  }

  /**
   * HKDF-Extract with SHA-512, RFC 5869 section 2.2.
   *
   * @param ikm input key material of any length
   * @param out 64 bytes: the pseudo-random key
   */
  public void hkdfSha512Extract(
      Scratch scratch, byte[] salt, MemorySegment ikm, MemorySegment out) {
    try (var arena = Arena.ofConfined()) {
      hmacSha512(scratch, copy(arena, salt), ikm, out);
    }
  }

  /**
   * HKDF-Expand with SHA-512, RFC 5869 section 2.3.
   *
   * @param prk 64 bytes from {@link #hkdfSha512Extract}; must not overlap {@code out}
   * @param out 1 to 255·64 bytes
   */
  public void hkdfSha512Expand(Scratch scratch, MemorySegment prk, byte[] info, MemorySegment out) {
    if (prk.byteSize() != HASH_LENGTH) {
      throw new IllegalArgumentException("a pseudo-random key is 64 bytes");
    }
    if (out.byteSize() < 1 || out.byteSize() > 255L * HASH_LENGTH) {
      throw new IllegalArgumentException("HKDF-SHA-512 gives 1 to 16320 bytes");
    }
    if (prk.asOverlappingSlice(out).isPresent()) {
      throw new IllegalArgumentException("the result overlaps the key");
    }
    try (var arena = Arena.ofConfined();
        var slab = scratch.borrow(Sodium.HMAC_STATE_LENGTH + HASH_LENGTH)) {
      var state = slab.bytes().asSlice(0, Sodium.HMAC_STATE_LENGTH);
      var block = slab.bytes().asSlice(Sodium.HMAC_STATE_LENGTH, HASH_LENGTH);
      var publicInfo = copy(arena, info);
      var counter = arena.allocate(1);
      for (long at = 0; at < out.byteSize(); at += HASH_LENGTH) {
        counter.set(JAVA_BYTE, 0, (byte) (at / HASH_LENGTH + 1));
        Sodium.hmacInit(state, prk);
        if (at > 0) {
          Sodium.hmacUpdate(state, block);
        }
        Sodium.hmacUpdate(state, publicInfo);
        Sodium.hmacUpdate(state, counter);
        Sodium.hmacFinal(state, block);
        MemorySegment.copy(block, 0, out, at, Math.min(HASH_LENGTH, out.byteSize() - at));
      }
    }
  }

  /**
   * A new Ed25519 key, RFC 8032 section 5.1.5, for envelopes: never a group key.
   *
   * @param secretOut 64 bytes: seed, then public key
   * @return the public key, 32 bytes
   */
  public byte[] ed25519KeyPair(Scratch scratch, Randomness randomness, MemorySegment secretOut) {
    try (var arena = Arena.ofConfined();
        var seed = scratch.borrow(32)) {
      randomness.fill(seed.bytes());
      var publicKey = arena.allocate(32);
      Sodium.signKeyPair(publicKey, secretOut, seed.bytes());
      return publicKey.toArray(JAVA_BYTE);
    }
  }

  /**
   * Signs by RFC 8032 section 5.1.6.
   *
   * @param secret 64 bytes from {@link #ed25519KeyPair}
   * @return 64 bytes
   */
  public byte[] ed25519Sign(MemorySegment secret, byte[] message) {
    try (var arena = Arena.ofConfined()) {
      var signature = arena.allocate(64);
      Sodium.sign(signature, copy(arena, message), secret);
      return signature.toArray(JAVA_BYTE);
    }
  }

  /** As strict as {@link SignatureVerifier#ed25519}; false for wrong lengths too. */
  public boolean ed25519Verify(byte[] publicKey, byte[] message, byte[] signature) {
    if (publicKey.length != 32 || signature.length != 64) {
      return false;
    }
    try (var arena = Arena.ofConfined()) {
      return Sodium.verify(copy(arena, signature), copy(arena, message), copy(arena, publicKey));
    }
  }

  /**
   * @param message of any length
   * @param out 64 bytes; may be part of {@code message}
   */
  public void sha512(MemorySegment message, MemorySegment out) {
    Sodium.sha512(out, message);
  }

  /**
   * @param message of any length
   * @param out 32 bytes; may be part of {@code message}
   */
  public void sha256(MemorySegment message, MemorySegment out) {
    Sodium.sha256(out, message);
  }

  /**
   * BLAKE2b-512, RFC 7693, for messages of at most one block.
   *
   * @param personal 16 bytes: the domain
   * @param out 64 bytes
   */
  public void blake2b(MemorySegment message, MemorySegment personal, MemorySegment out) {
    Sodium.blake2b(out, message, personal);
  }

  /**
   * The key stream of XChaCha20 from its first block on.
   *
   * @param key 32 bytes
   * @param nonce 24 bytes
   * @param out overwritten with as much of the stream as it holds; at most one KiB
   */
  public void xchacha20(MemorySegment key, MemorySegment nonce, MemorySegment out) {
    Sodium.xchacha20(out, nonce, key);
  }

  private static MemorySegment copy(Arena arena, byte[] bytes) {
    return arena.allocateFrom(JAVA_BYTE, bytes);
  }
}
