package io.sharekeep.threshold.ecdsa;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.sharekeep.threshold.Randomness;
import io.sharekeep.threshold.primitive.Primitives;
import io.sharekeep.threshold.wire.Octets;
import io.sharekeep.threshold.wire.Tag;
import io.sharekeep.threshold.wire.TaggedHash;
import java.lang.foreign.MemorySegment;

/**
 * OT extension with a check value for every row (protocols.md, section 4.3): from 256 base OTs to
 * {@value BitMatrix#USED} transfers in which Bob chooses by his bits and Alice's columns differ by
 * Δ. One instance is one direction of one pair, in one multiplication.
 */
final class OtExtension {
  /** Bytes of what Bob sends. */
  static final long U = BitMatrix.ROWS_LENGTH;

  static final long X_CHECK = BinaryField.LENGTH;
  static final long T_CHECK = BitMatrix.ROWS * BinaryField.LENGTH;

  /** Bytes of Bob's choice bits; the first 64 are β. */
  static final long CHOICES = BitMatrix.ROW;

  /** Bytes of the caller's slab that a direction works in: all rows, and some. */
  static final long WORK = BitMatrix.ROWS_LENGTH + BitMatrix.WORK + 24 + 64 + 24;

  private static final long TRANSPOSE = BitMatrix.ROWS_LENGTH;
  private static final long NONCE = TRANSPOSE + BitMatrix.WORK;
  private static final long FACTORS = NONCE + 24;
  private static final long FOLDED = FACTORS + 64;

  private final Primitives primitives;
  private final Octets pid;

  OtExtension(Primitives primitives, Octets pid) {
    this.primitives = primitives;
    this.pid = pid;
  }

  /**
   * What Bob sends, three public segments.
   *
   * @param u {@link #U} bytes
   * @param x x̃, {@link #X_CHECK} bytes
   * @param t t̃, {@link #T_CHECK} bytes
   */
  record Message(MemorySegment u, MemorySegment x, MemorySegment t) {}

  /** ud = H("otx/u", pid, u): 64 bytes. */
  byte[] digest(MemorySegment u) {
    return TaggedHash.of(Tag.OTX_ROWS).octets(pid).segment(u).full();
  }

  /**
   * Bob's part.
   *
   * @param choices {@link #CHOICES} bytes, overwritten with fresh ones
   * @param columns T, {@link BitMatrix#COLUMNS_LENGTH} bytes
   * @param work {@link #WORK} bytes
   * @return ud
   */
  byte[] choose(
      PairSecrets pair,
      Randomness randomness,
      MemorySegment choices,
      MemorySegment columns,
      MemorySegment work,
      Message out) {
    randomness.fill(choices);
    nonce(work);
    for (int i = 0; i < BitMatrix.ROWS; i++) {
      long at = i * BitMatrix.ROW;
      stream(pair.sentZero(i), work, work, at);
      stream(pair.sentOne(i), work, out.u(), at);
      BitMatrix.addBoth(out.u(), at, work, at, choices, 0);
    }
    var ud = digest(out.u());
    factors(ud, work);
    var factors = work.asSlice(FACTORS, 64);
    BinaryField.fold(choices, 0, factors, out.x(), 0);
    for (int i = 0; i < BitMatrix.ROWS; i++) {
      BinaryField.fold(work, i * BitMatrix.ROW, factors, out.t(), i * BinaryField.LENGTH);
    }
    BitMatrix.transpose(work, columns, work.asSlice(TRANSPOSE, BitMatrix.WORK));
    return ud;
  }

  /**
   * Alice's part. All rows are checked, whatever comes of the first: one verdict.
   *
   * @param columns Q, {@link BitMatrix#COLUMNS_LENGTH} bytes
   * @param work {@link #WORK} bytes
   * @return zero if every row is as Bob says; any other number is E-OTX
   */
  long receive(PairSecrets pair, Message in, byte[] ud, MemorySegment columns, MemorySegment work) {
    nonce(work);
    factors(ud, work);
    var factors = work.asSlice(FACTORS, 64);
    var delta = pair.delta();
    long wrong = 0;
    for (int i = 0; i < BitMatrix.ROWS; i++) {
      long at = i * BitMatrix.ROW;
      int choice = BitMatrix.bit(delta, i);
      stream(pair.received(i), work, work, at);
      BitMatrix.addIf(choice, work, at, in.u(), at);
      BinaryField.fold(work, at, factors, work, FOLDED);
      wrong |= BinaryField.difference(work, FOLDED, in.t(), i * BinaryField.LENGTH, choice, in.x());
    }
    BitMatrix.transpose(work, columns, work.asSlice(TRANSPOSE, BitMatrix.WORK));
    return wrong;
  }

  /** Section 2.4, choice C: XChaCha20, nonce = the first 24 bytes of H("otx/prg-nonce", pid). */
  private void nonce(MemorySegment work) {
    var hash = TaggedHash.of(Tag.OTX_NONCE).octets(pid).full();
    MemorySegment.copy(hash, 0, work, JAVA_BYTE, NONCE, 24);
  }

  private void stream(MemorySegment key, MemorySegment work, MemorySegment out, long at) {
    primitives.xchacha20(key, work.asSlice(NONCE, 24), out.asSlice(at, BitMatrix.ROW));
  }

  /** f_b = the first 16 bytes of H("otx/chi", pid, ud, b). */
  private void factors(byte[] ud, MemorySegment work) {
    for (int b = 0; b < 4; b++) {
      var hash = TaggedHash.of(Tag.OTX_CHALLENGE).octets(pid).bytes(ud).integer(b).full();
      MemorySegment.copy(hash, 0, work, JAVA_BYTE, FACTORS + 16L * b, 16);
    }
  }
}
