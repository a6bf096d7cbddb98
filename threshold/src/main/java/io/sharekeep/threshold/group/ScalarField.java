package io.sharekeep.threshold.group;

import io.sharekeep.threshold.Randomness;
import io.sharekeep.threshold.Scratch;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * The integers mod the prime order q of a group. The methods on {@link MemorySegment} are
 * constant-time and keep what {@link SecretOps} promises of its methods of the same name; those on
 * {@link PublicScalar} are variable-time and keep what {@link PublicOps} promises.
 */
sealed interface ScalarField permits VariableTimeScalars {
  /** q of SEC 2 section 2.4.1; scalars are big-endian. */
  ScalarField SECP256K1 = new Secp256k1Scalars();

  /** q = L of RFC 8032 section 5.1; scalars are little-endian. */
  ScalarField ED25519 = new Ed25519Scalars();

  void random(Randomness randomness, Scratch scratch, MemorySegment out);

  int isCanonical(MemorySegment scalar);

  /** 1 if all 32 bytes are zero, else 0. */
  int isZero(MemorySegment scalar);

  void reduce(Scratch scratch, MemorySegment wide, MemorySegment out);

  void add(MemorySegment a, MemorySegment b, MemorySegment out);

  void add(MemorySegment a, PublicScalar b, MemorySegment out);

  void subtract(MemorySegment a, MemorySegment b, MemorySegment out);

  void negate(MemorySegment a, MemorySegment out);

  void negateUnless(int choice, MemorySegment a, MemorySegment out);

  void multiply(MemorySegment a, MemorySegment b, MemorySegment out);

  void multiply(MemorySegment a, PublicScalar b, MemorySegment out);

  PublicScalar publish(MemorySegment scalar);

  Optional<PublicScalar> decode(byte[] encoding);

  PublicScalar scalar(long value);

  PublicScalar reduce(byte[] wide);

  PublicScalar add(PublicScalar a, PublicScalar b);

  PublicScalar subtract(PublicScalar a, PublicScalar b);

  PublicScalar multiply(PublicScalar a, PublicScalar b);

  PublicScalar negate(PublicScalar a);

  PublicScalar invert(PublicScalar a);

  /** From four 64-bit limbs, least significant first, below q. */
  PublicScalar scalar(long[] limbs);

  /** q itself. */
  long[] order();

  /** The four 64-bit limbs, least significant first: what a multiplication recodes. */
  long[] limbs(PublicScalar a);
}
