package io.sharekeep.threshold.ecdsa;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.sharekeep.threshold.Randomness;
import io.sharekeep.threshold.Scratch;
import io.sharekeep.threshold.group.ConstantTime;
import io.sharekeep.threshold.group.Group;
import io.sharekeep.threshold.group.PublicScalar;
import io.sharekeep.threshold.group.ScalarLanes;
import io.sharekeep.threshold.primitive.Primitives;
import io.sharekeep.threshold.wire.Octets;
import io.sharekeep.threshold.wire.Tag;
import io.sharekeep.threshold.wire.TaggedHash;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Multiplication of Alice's a_0, a_1 by Bob's random b, out of the transfers of {@link OtExtension}
 * (protocols.md, section 4.4): they end up with c_m and d_m so that c_m + d_m = a_m·b. A third
 * column, and a challenge over all, makes Alice use the same a in every transfer.
 */
final class VectorOle {
  /** Bytes of ã, in rows of three scalars. */
  static final long CORRECTIONS = BitMatrix.USED * 3 * 32L;

  /** Bytes of μ. */
  static final long CHECK = 64;

  /** Bytes of all gadgets. */
  static final long GADGETS = BitMatrix.USED * 32L;

  private static final int SCALAR = 32;
  private static final int ROW = 3 * SCALAR;

  /** What precedes the check column in its hash: tag, pid and the column's own length. */
  private static final long HEAD = 128 + 40 + 8;

  /** Offsets in the work segment: both sides' columns, check column, and small things. */
  private static final long PADS = 0;

  private static final long CHECKED = PADS + BitMatrix.USED * (long) ROW;
  private static final long HASHES = CHECKED + HEAD + BitMatrix.USED * (long) SCALAR;
  private static final long SUMS = HASHES + 2 * BulkHash.WORK;
  private static final long SMALL = SUMS + 3 * ScalarLanes.ACCUMULATOR + 16;

  /** Bytes of the caller's slab that either side works in. */
  static final long WORK = SMALL + 8 * SCALAR;

  private final Group group;
  private final Primitives primitives;
  private final Octets pid;

  VectorOle(Group group, Primitives primitives, Octets pid) {
    this.group = group;
    this.primitives = primitives;
    this.pid = pid;
  }

  /**
   * What Alice sends, three public segments.
   *
   * @param corrections ã, {@link #CORRECTIONS} bytes
   * @param response η, 32 bytes
   * @param check μ, {@link #CHECK} bytes
   */
  record Message(MemorySegment corrections, MemorySegment response, MemorySegment check) {}

  /**
   * g_j = HBS("vole/gadget", pid, j, 0, ""), all of them: public, and fixed by the pid alone.
   *
   * @param work {@link BulkHash#WORK} bytes or more
   */
  void gadgets(MemorySegment out, MemorySegment work) {
    var hash = new BulkHash(primitives, BulkHash.GADGET, pid, 0, work.asSlice(0, BulkHash.WORK));
    for (int j = 0; j < BitMatrix.USED; j++) {
      hash.scalar(j, 0, out, (long) SCALAR * j);
    }
  }

  /** b = Σ β_j·g_j, Bob's random factor. */
  static void factor(MemorySegment choices, MemorySegment gadgets, MemorySegment out) {
    out.fill((byte) 0);
    for (int j = 0; j < BitMatrix.USED; j++) {
      ScalarLanes.addIf(BitMatrix.bit(choices, j), out, 0, gadgets, (long) SCALAR * j, out, 0);
    }
  }

  /**
   * Alice's part.
   *
   * @param delta Δ
   * @param columns Q
   * @param inputs a_0 ‖ a_1
   * @param seen the message of the extension that Q comes from, and its ud
   * @param outputs c_0 ‖ c_1
   */
  void send(
      Scratch scratch,
      Randomness randomness,
      MemorySegment delta,
      MemorySegment columns,
      MemorySegment gadgets,
      MemorySegment inputs,
      OtExtension.Message seen,
      byte[] ud,
      MemorySegment work,
      MemorySegment outputs,
      Message out) {
    var ops = group.secretOps();
    var mask = work.asSlice(SMALL, SCALAR);
    ops.random(randomness, scratch, mask);
    pads(delta, columns, inputs, mask, work, out.corrections());
    var theta = challenge(seen, ud, out.corrections());
    var response = out.response();
    ops.multiply(scratch, inputs.asSlice(0, SCALAR), theta[0], response);
    ops.add(response, mask, mask);
    ops.multiply(scratch, inputs.asSlice(SCALAR, SCALAR), theta[1], response);
    ops.add(response, mask, response);
    check(theta, work);
    finishCheck(work, out.check());
    for (int m = 0; m < 2; m++) {
      var output = outputs.asSlice((long) SCALAR * m, SCALAR);
      inner(gadgets, work, m, output);
      ops.negate(output, output);
    }
  }

  /** α0 into the work segment, ã = α0 - α1 + (a_0, a_1, â) into the message. */
  private void pads(
      MemorySegment delta,
      MemorySegment columns,
      MemorySegment inputs,
      MemorySegment mask,
      MemorySegment work,
      MemorySegment corrections) {
    var zero = output(work, 0);
    var one = output(work, 1);
    long other = SMALL + SCALAR;
    for (int j = 0; j < BitMatrix.USED; j++) {
      zero.copyX(columns, BitMatrix.COLUMN * j);
      addColumns(columns, BitMatrix.COLUMN * j, delta, one.x());
      for (int m = 0; m < 3; m++) {
        long at = (long) ROW * j + (long) SCALAR * m;
        zero.scalar(j, m, work, PADS + at);
        one.scalar(j, m, work, other);
        ScalarLanes.subtractAdd(
            work,
            PADS + at,
            work,
            other,
            m == 2 ? mask : inputs,
            m == 2 ? 0 : (long) SCALAR * m,
            corrections,
            at);
      }
    }
  }

  /**
   * Bob's part.
   *
   * @param choices β
   * @param columns T
   * @param sent what Bob sent in the extension, and its ud
   * @param in canonical, as {@link #canonical} says
   * @param outputs d_0 ‖ d_1
   * @return zero if Alice used one a throughout; any other number is E-VOLE
   */
  long receive(
      MemorySegment choices,
      MemorySegment columns,
      MemorySegment gadgets,
      OtExtension.Message sent,
      byte[] ud,
      Message in,
      MemorySegment work,
      MemorySegment outputs) {
    var theta = challenge(sent, ud, in.corrections());
    var hash = output(work, 0);
    for (int j = 0; j < BitMatrix.USED; j++) {
      hash.copyX(columns, BitMatrix.COLUMN * j);
      int choice = BitMatrix.bit(choices, j);
      for (int m = 0; m < 3; m++) {
        long at = (long) ROW * j + (long) SCALAR * m;
        hash.scalar(j, m, work, PADS + at);
        ScalarLanes.addIf(choice, work, PADS + at, in.corrections(), at, work, PADS + at);
      }
    }
    check(theta, work);
    var negated = work.asSlice(SMALL, SCALAR);
    group.secretOps().negate(in.response(), negated);
    for (int j = 0; j < BitMatrix.USED; j++) {
      long at = CHECKED + HEAD + (long) SCALAR * j;
      ScalarLanes.addIf(BitMatrix.bit(choices, j), work, at, work, SMALL, work, at);
    }
    var expected = work.asSlice(SMALL + SCALAR, CHECK);
    finishCheck(work, expected);
    for (int m = 0; m < 2; m++) {
      inner(gadgets, work, m, outputs.asSlice((long) SCALAR * m, SCALAR));
    }
    return difference(expected, in.check());
  }

  /** Whether every scalar of a message is below q. All of it is public. */
  static boolean canonical(Message message) {
    int over = ScalarLanes.exceeds(message.response(), 0);
    for (long at = 0; at < CORRECTIONS; at += SCALAR) {
      over |= ScalarLanes.exceeds(message.corrections(), at);
    }
    return over == 0;
  }

  private BulkHash output(MemorySegment work, int index) {
    return new BulkHash(
        primitives,
        BulkHash.OT_OUTPUT,
        pid,
        SCALAR,
        work.asSlice(HASHES + index * BulkHash.WORK, BulkHash.WORK));
  }

  /** θ_0, θ_1. */
  private PublicScalar[] challenge(
      OtExtension.Message extension, byte[] ud, MemorySegment corrections) {
    var d =
        TaggedHash.of(Tag.VOLE_TRANSCRIPT)
            .octets(pid)
            .bytes(ud)
            .segment(extension.x())
            .segment(extension.t())
            .segment(corrections)
            .full();
    var theta = new PublicScalar[2];
    for (int m = 0; m < 2; m++) {
      theta[m] =
          TaggedHash.of(Tag.VOLE_CHALLENGE)
              .octets(pid)
              .bytes(d)
              .integer(m)
              .scalar(group.id(), group.publicOps());
    }
    return theta;
  }

  /** Column 2 plus θ_0·column 0 plus θ_1·column 1 of the pads, into the check column. */
  private void check(PublicScalar[] theta, MemorySegment work) {
    try (var arena = Arena.ofConfined()) {
      var factors = arena.allocate(2 * SCALAR);
      for (int m = 0; m < 2; m++) {
        MemorySegment.copy(theta[m].encoded(), 0, factors, JAVA_BYTE, (long) SCALAR * m, SCALAR);
      }
      for (int j = 0; j < BitMatrix.USED; j++) {
        long at = PADS + (long) ROW * j;
        ScalarLanes.clear(work, SUMS);
        ScalarLanes.add(work, SUMS, work, at + 2 * SCALAR);
        ScalarLanes.addProduct(work, SUMS, work, at, factors, 0);
        ScalarLanes.addProduct(work, SUMS, work, at + SCALAR, factors, SCALAR);
        ScalarLanes.finish(work, SUMS, work, CHECKED + HEAD + (long) SCALAR * j);
      }
    }
  }

  /** μ = H("vole/mu", pid, check column). */
  private void finishCheck(MemorySegment work, MemorySegment out) {
    var hash =
        new SecretHash(
                primitives,
                Tag.VOLE_CHECK,
                work.asSlice(CHECKED, HEAD + BitMatrix.USED * (long) SCALAR))
            .bytes(pid.toArray());
    var _ = hash.room(BitMatrix.USED * (long) SCALAR); // the column is there already
    hash.full(out);
  }

  /** out = Σ g_j·pads[j][m]. */
  private static void inner(MemorySegment gadgets, MemorySegment work, int m, MemorySegment out) {
    ScalarLanes.clear(work, SUMS);
    for (int j = 0; j < BitMatrix.USED; j++) {
      ScalarLanes.addProduct(
          work, SUMS, gadgets, (long) SCALAR * j, work, PADS + (long) ROW * j + (long) SCALAR * m);
      if (j % ScalarLanes.PRODUCTS == ScalarLanes.PRODUCTS - 1) {
        ScalarLanes.settle(work, SUMS);
      }
    }
    ScalarLanes.finish(work, SUMS, out, 0);
  }

  @ConstantTime
  private static void addColumns(
      MemorySegment columns, long at, MemorySegment delta, MemorySegment out) {
    for (int i = 0; i < 32; i += 8) {
      out.set(
          ValueLayout.JAVA_LONG_UNALIGNED,
          i,
          columns.get(ValueLayout.JAVA_LONG_UNALIGNED, at + i)
              ^ delta.get(ValueLayout.JAVA_LONG_UNALIGNED, i));
    }
  }

  @ConstantTime
  private static long difference(MemorySegment a, MemorySegment b) {
    long difference = 0;
    for (int i = 0; i < 64; i += 8) {
      difference |=
          a.get(ValueLayout.JAVA_LONG_UNALIGNED, i) ^ b.get(ValueLayout.JAVA_LONG_UNALIGNED, i);
    }
    return difference;
  }
}
