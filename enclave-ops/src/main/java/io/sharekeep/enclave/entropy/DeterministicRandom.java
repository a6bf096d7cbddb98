package io.sharekeep.enclave.entropy;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.sharekeep.threshold.Randomness;
import io.sharekeep.threshold.Scratch;
import io.sharekeep.threshold.primitive.Primitives;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * One signing thread's generator: HMAC_DRBG with SHA-512 (NIST SP 800-90A, section 10.1.2), its
 * state on a slab of that thread.
 *
 * <p>It is seeded with 64 bytes of the HSM XOR 64 bytes of the kernel, so that either alone
 * suffices, and at the start of every session it absorbs fresh bytes of both, the boot, the anchor
 * and a counter, so that a cloned or restored machine diverges from its twin.
 */
public final class DeterministicRandom implements Randomness, AutoCloseable {
  private static final int HASH = 64;
  private static final int SEED = 64;
  private static final int FRESH = 32;

  /** Longest input of an update: fresh bytes of both sources, boot id, anchor, counter. */
  private static final int MAX_INPUT = 256;

  /** Longest boot id or anchor. */
  private static final int MAX_PUBLIC = 64;

  private final Primitives primitives;
  private final Scratch scratch;
  private final Randomness hsm;
  private final Randomness os;
  private final byte[] boot;
  private final Scratch.Slab slab;
  private final MemorySegment key;
  private final MemorySegment value;

  /** V ‖ separator ‖ input, as SP 800-90A hashes them: value is its beginning. */
  private final MemorySegment message;

  private long sessions;

  private DeterministicRandom(
      Primitives primitives, Scratch scratch, Randomness hsm, Randomness os, byte[] boot) {
    if (boot.length > MAX_PUBLIC) {
      throw new IllegalArgumentException("a boot id has at most 64 bytes");
    }
    this.primitives = primitives;
    this.scratch = scratch;
    this.hsm = hsm;
    this.os = os;
    this.boot = boot.clone();
    this.slab = scratch.borrow(HASH + HASH + 1 + MAX_INPUT);
    this.key = slab.bytes().asSlice(0, HASH);
    this.value = slab.bytes().asSlice(HASH, HASH);
    this.message = slab.bytes().asSlice(HASH);
  }

  /**
   * Seeds a generator for the calling thread.
   *
   * @param scratch memory that lives as long as the generator, at least 1 KiB of it free
   * @param hsm the core token's random bytes
   * @param boot the random id of this process, at most 64 bytes
   */
  public static DeterministicRandom seed(
      Primitives primitives, Scratch scratch, Randomness hsm, Randomness os, byte[] boot) {
    var random = new DeterministicRandom(primitives, scratch, hsm, os, boot);
    try {
      random.instantiate();
      return random;
    } catch (RuntimeException | Error e) {
      random.close();
      throw e;
    }
  }

  private void instantiate() {
    value.fill((byte) 1);
    var input = input(SEED);
    hsm.fill(input);
    try (var other = scratch.borrow(SEED)) {
      os.fill(other.bytes());
      for (long i = 0; i < SEED; i++) {
        input.set(JAVA_BYTE, i, (byte) (input.get(JAVA_BYTE, i) ^ other.bytes().get(JAVA_BYTE, i)));
      }
    }
    append(SEED, boot);
    update(SEED + boot.length);
  }

  /**
   * Called at every session's start. Asks the HSM for 32 bytes.
   *
   * @param anchor public: what stands outside the reach of a restore, at most 64 bytes
   */
  public void absorb(byte[] anchor) {
    if (anchor.length > MAX_PUBLIC) {
      throw new IllegalArgumentException("an anchor has at most 64 bytes");
    }
    sessions++;
    hsm.fill(input(FRESH));
    os.fill(input(2 * FRESH).asSlice(FRESH));
    int length = 2 * FRESH;
    length = append(length, boot);
    length = append(length, anchor);
    length = append(length, ByteBuffer.allocate(Long.BYTES).putLong(sessions).array());
    update(length);
  }

  /** At most 64 KiB. */
  @Override
  public void fill(MemorySegment out) {
    if (out.byteSize() > 1 << 16) {
      throw new IllegalArgumentException("at most 64 KiB are drawn at once");
    }
    for (long at = 0; at < out.byteSize(); at += HASH) {
      primitives.hmacSha512(scratch, key, value, value);
      MemorySegment.copy(value, 0, out, at, Math.min(HASH, out.byteSize() - at));
    }
    update(0);
  }

  private MemorySegment input(long length) {
    return message.asSlice(HASH + 1, length);
  }

  private int append(int at, byte[] bytes) {
    MemorySegment.copy(bytes, 0, input(MAX_INPUT), JAVA_BYTE, at, bytes.length);
    return at + bytes.length;
  }

  /** HMAC_DRBG_Update over what lies in the input, which is wiped. */
  private void update(int length) {
    rekey((byte) 0, length);
    if (length > 0) {
      rekey((byte) 1, length);
      input(length).fill((byte) 0);
    }
  }

  private void rekey(byte separator, int length) {
    message.set(JAVA_BYTE, HASH, separator);
    primitives.hmacSha512(scratch, key, message.asSlice(0, HASH + 1 + length), key);
    primitives.hmacSha512(scratch, key, value, value);
  }

  /** Wipes the state. A second call does nothing. */
  @Override
  public void close() {
    slab.close();
  }

  @Override
  public String toString() {
    return "DeterministicRandom[redacted]";
  }
}
