package io.sharekeep.threshold.group;

import io.sharekeep.threshold.Randomness;
import io.sharekeep.threshold.Scratch;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * Constant-time operations on secrets that lie in slabs. No branch, index or loop bound depends on
 * an operand's value. A scalar operand is exactly 32 bytes and canonical ({@code < q}); {@code out}
 * may be one of the operands. Intermediate values lie in {@code scratch} and are wiped.
 */
public interface SecretOps {
  /** Uniform in [1, q): 64 random bytes reduced, zero replaced by a new draw. */
  void random(Randomness randomness, Scratch scratch, MemorySegment out);

  /** 1 if the 32 bytes are a canonical scalar, else 0, as a mask-friendly int. */
  int isCanonical(MemorySegment scalar);

  /** 64 bytes (byte order of the group) reduced mod q. */
  void reduce(Scratch scratch, MemorySegment wide, MemorySegment out);

  void add(MemorySegment a, MemorySegment b, MemorySegment out);

  void subtract(MemorySegment a, MemorySegment b, MemorySegment out);

  void negate(MemorySegment a, MemorySegment out);

  void multiply(Scratch scratch, MemorySegment a, MemorySegment b, MemorySegment out);

  void multiply(Scratch scratch, MemorySegment a, PublicScalar b, MemorySegment out);

  void add(MemorySegment a, PublicScalar b, MemorySegment out);

  /** out = a if {@code choice} is 1, -a if it is 0; {@code choice} may be secret. */
  void negateUnless(int choice, MemorySegment a, MemorySegment out);

  /**
   * k·G as a public value: the caller says by this call that k·G may be known.
   *
   * @return empty if k = 0, which the caller must treat as an abort
   */
  Optional<Element> multiplyBase(Scratch scratch, MemorySegment k);

  /**
   * k·P for a secret result: the uncompressed coordinates.
   *
   * @param out 64 bytes: X ‖ Y, each 32 bytes in the group's byte order
   * @return false if k = 0, in which case {@code out} is zero and the caller must abort
   */
  boolean multiply(Scratch scratch, MemorySegment k, Element p, MemorySegment out);

  /** Declares a scalar public, e.g. a finished signature share. */
  PublicScalar publish(MemorySegment scalar);

  /** SHA-512 over a slab; {@code out} is 64 bytes. State and output stay on slabs. */
  void sha512(Scratch scratch, MemorySegment message, MemorySegment out);

  /** SHA-256 over a slab; {@code out} is 32 bytes. State and output stay on slabs. */
  void sha256(Scratch scratch, MemorySegment message, MemorySegment out);
}
