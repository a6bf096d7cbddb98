package io.sharekeep.threshold.ecdsa;

import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.Randomness;
import io.sharekeep.threshold.Scratch;
import io.sharekeep.threshold.group.Group;
import io.sharekeep.threshold.group.ScalarLanes;
import io.sharekeep.threshold.group.Secp256k1Points;
import io.sharekeep.threshold.group.SecretPoints;
import io.sharekeep.threshold.primitive.Primitives;
import io.sharekeep.threshold.wire.Octets;
import io.sharekeep.threshold.wire.Tag;
import io.sharekeep.threshold.wire.TaggedHash;
import java.lang.foreign.MemorySegment;

/**
 * The endemic OT of Masny and Rindal, 256 times, of one ordered pair (protocols.md, section 4.2).
 * Alice, who is the OLE's sender, receives here: of each pair of keys of Bob she gets the one of
 * her secret bit Δ_i. One of her two points is hashed from the other, by an oracle into the group
 * whose discrete logarithms nobody knows.
 */
final class BaseOt {
  /** Bytes of either message: two compressed points for each OT. */
  static final long MESSAGE = 16_896;

  /** Bytes of what Alice keeps between the messages: t_i. */
  static final long SCALARS = PairSecrets.OTS * 32L;

  private static final String DST = "SHAREKEEP-V1-OT-secp256k1_XMD:SHA-256_SSWU_RO_";
  private static final int OTS = PairSecrets.OTS;
  private static final int POINT = 33; // compressed
  private static final long PAIR = 2L * POINT;
  private static final long AFFINE = Secp256k1Points.LENGTH;

  /** OTs whose two scalars each are drawn at once: a generator rekeys itself after every draw. */
  private static final int DRAWN = 16;

  /** Bytes of a scalar before it is reduced, and of what is drawn at once. */
  private static final long WIDE = 64;

  private static final long DRAW = 2 * WIDE * DRAWN;

  private final Group group;
  private final Secp256k1Points ops;
  private final Primitives primitives;
  private final Scratch scratch;
  private final Octets session;

  private BaseOt(Group group, Primitives primitives, Scratch scratch, Octets session) {
    this.group = group;
    this.ops = Secp256k1Points.of(group);
    this.primitives = primitives;
    this.scratch = scratch;
    this.session = session;
  }

  /**
   * The OTs of one ordered pair: sid_ot = H32("pair-ot", sid, alice, bob, generation).
   *
   * @param generation 0 in key generation, one more with each rekey of the pair
   */
  static BaseOt of(
      Group group,
      Primitives primitives,
      Scratch scratch,
      Octets session,
      PartyId alice,
      PartyId bob,
      long generation) {
    var pair =
        TaggedHash.of(Tag.PAIR_OT)
            .octets(session)
            .party(alice)
            .party(bob)
            .integer(generation)
            .digest();
    return new BaseOt(group, primitives, scratch, pair);
  }

  /**
   * Alice's message: P_Δ = t·G − Hc(i, Δ, P_other), P_other = ω·G, ω forgotten.
   *
   * @param delta 32 bytes, overwritten with fresh bits
   * @param scalars {@link #SCALARS} bytes, overwritten with t_i
   * @param out {@link #MESSAGE} bytes: P_0 ‖ P_1 of each OT
   */
  void offer(Randomness randomness, MemorySegment delta, MemorySegment scalars, MemorySegment out) {
    randomness.fill(delta);
    try (var points = new SecretPoints(group, scratch, OTS, DST);
        var slab = scratch.borrow(32 + (2 + OTS) * AFFINE + Secp256k1Points.WORK + DRAW);
        var oracle = new Oracle()) {
      var free = slab.bytes().asSlice(0, 32);
      var other = slab.bytes().asSlice(32, AFFINE);
      var own = slab.bytes().asSlice(32 + AFFINE, AFFINE);
      var affine = slab.bytes().asSlice(32 + 2 * AFFINE, OTS * AFFINE);
      var work = slab.bytes().asSlice(32 + (2 + OTS) * AFFINE, Secp256k1Points.WORK);
      var drawn = slab.bytes().asSlice(32 + (2 + OTS) * AFFINE + Secp256k1Points.WORK, DRAW);
      for (int i = 0; i < OTS; i++) {
        var t = scalars.asSlice(32L * i, 32);
        draw(randomness, i, drawn);
        scalar(drawn, i, 0, t);
        scalar(drawn, i, 1, free);
        multiplyBase(work, t, own);
        multiplyBase(work, free, other);
        var encoded = out.asSlice(PAIR * i + POINT, POINT);
        SecretPoints.compress(other, encoded);
        points.hash(i, oracle.message(i, BitMatrix.bit(delta, i), encoded));
        points.subtractFrom(i, own);
      }
      require(points.affine(0, affine) == 1);
      for (int i = 0; i < OTS; i++) {
        SecretPoints.compress(affine.asSlice(AFFINE * i, AFFINE), out.asSlice(PAIR * i, POINT));
        Selection.exchange(BitMatrix.bit(delta, i), out, PAIR * i, out, PAIR * i + POINT);
      }
    }
  }

  /**
   * Bob's message: B_b = t'_b·G, and his keys from t'_b·(P_b + Hc(i, b, P_1−b)).
   *
   * @param offer as it came
   * @param out {@link #MESSAGE} bytes: B_0 ‖ B_1 of each OT
   * @return false if the offer holds what is no point, or a sum is the identity: Alice is to blame
   */
  boolean answer(Randomness randomness, MemorySegment offer, PairSecrets keys, MemorySegment out) {
    try (var points = new SecretPoints(group, scratch, 2 * OTS, DST);
        var slab = scratch.borrow(2 * (OTS + 1) * AFFINE + 32 + Secp256k1Points.WORK + DRAW);
        var oracle = new Oracle();
        var derivation = new Derivation()) {
      var affine = slab.bytes().asSlice(0, 2 * OTS * AFFINE);
      var point = slab.bytes().asSlice(2 * OTS * AFFINE, AFFINE);
      var shared = slab.bytes().asSlice(2 * OTS * AFFINE + AFFINE, AFFINE);
      var scalar = slab.bytes().asSlice(2 * OTS * AFFINE + 2 * AFFINE, 32);
      var work = slab.bytes().asSlice(2 * (OTS + 1) * AFFINE + 32, Secp256k1Points.WORK);
      var drawn = slab.bytes().asSlice(2 * (OTS + 1) * AFFINE + 32 + Secp256k1Points.WORK, DRAW);
      for (int n = 0; n < 2 * OTS; n++) {
        if (!ops.decode(work, offer.asSlice((long) POINT * n, POINT), point)) {
          return false;
        }
        points.hash(n, oracle.message(n / 2, n % 2, offer.asSlice((long) POINT * (n ^ 1), POINT)));
        points.add(n, point);
      }
      if (points.affine(0, affine) == 0) {
        return false;
      }
      for (int i = 0; i < OTS; i++) {
        draw(randomness, i, drawn);
        var pads = slab.bytes().asSlice(2L * AFFINE * i, 2 * AFFINE);
        for (int b = 0; b < 2; b++) {
          scalar(drawn, i, b, scalar);
          multiplyBase(work, scalar, point);
          SecretPoints.compress(point, out.asSlice(PAIR * i + (long) POINT * b, POINT));
          var pad = pads.asSlice(AFFINE * b, AFFINE);
          require(ops.multiplyPoint(work, scalar, pad, shared));
          MemorySegment.copy(shared, 0, pad, 0, AFFINE);
        }
        for (int b = 0; b < 2; b++) {
          derivation.key(
              i,
              b,
              offer,
              out,
              pads.asSlice(AFFINE * b, AFFINE),
              b == 0 ? keys.sentZero(i) : keys.sentOne(i));
        }
      }
      return true;
    }
  }

  /**
   * Alice's keys from t_i·B_Δ. She never says which OT failed.
   *
   * @param offer what she sent
   * @param answer as it came
   * @param keys Δ is there; k^Δ is written
   * @return false if the answer holds what is no point: Bob is to blame
   */
  boolean finish(
      MemorySegment offer, MemorySegment answer, MemorySegment scalars, PairSecrets keys) {
    try (var slab = scratch.borrow(4 * AFFINE + Secp256k1Points.WORK);
        var derivation = new Derivation()) {
      var zero = slab.bytes().asSlice(0, AFFINE);
      var one = slab.bytes().asSlice(AFFINE, AFFINE);
      var chosen = slab.bytes().asSlice(2 * AFFINE, AFFINE);
      var shared = slab.bytes().asSlice(3 * AFFINE, AFFINE);
      var work = slab.bytes().asSlice(4 * AFFINE, Secp256k1Points.WORK);
      for (int i = 0; i < OTS; i++) {
        int choice = BitMatrix.bit(keys.delta(), i);
        if (!ops.decode(work, answer.asSlice(PAIR * i, POINT), zero)
            || !ops.decode(work, answer.asSlice(PAIR * i + POINT, POINT), one)) {
          return false;
        }
        Selection.choose(choice, zero, one, chosen);
        require(ops.multiplyPoint(work, scalars.asSlice(32L * i, 32), chosen, shared));
        derivation.key(i, choice, offer, answer, shared, keys.received(i));
      }
      return true;
    }
  }

  /** H32("pair-ot/done", sid_ot, otA, otB): equal at both when both hold the same OTs. */
  Octets confirmation(MemorySegment offer, MemorySegment answer) {
    return TaggedHash.of(Tag.PAIR_OT_DONE).octets(session).segment(offer).segment(answer).digest();
  }

  /** The scalars of this OT and those after it, where it is the first of a draw. */
  private static void draw(Randomness randomness, int index, MemorySegment drawn) {
    if (index % DRAWN == 0) {
      randomness.fill(drawn);
    }
  }

  /** One of the two scalars of an OT: zero, which nobody will see, ends it in {@link #require}. */
  private static void scalar(MemorySegment drawn, int index, int which, MemorySegment out) {
    ScalarLanes.reduce(drawn, WIDE * (2L * (index % DRAWN) + which), out, 0);
  }

  private void multiplyBase(MemorySegment work, MemorySegment scalar, MemorySegment out) {
    require(ops.multiplyBase(work, scalar, out));
  }

  /** What a sound source of randomness never gives. */
  private static void require(boolean holds) {
    if (!holds) {
      throw new IllegalStateException("zero came out of the source of randomness");
    }
  }

  /** What is hashed to the curve: H("ot/h2c", sid_ot, i, b, enc(P)); b and P may be secret. */
  private final class Oracle implements AutoCloseable {
    private final Scratch.Slab slab = scratch.borrow(256 + 64);
    private final SecretHash hash =
        new SecretHash(primitives, Tag.OT_HASH_TO_CURVE, slab.bytes().asSlice(0, 256))
            .bytes(session.toArray());
    private final long head = hash.length();
    private final MemorySegment out = slab.bytes().asSlice(256, 64);

    MemorySegment message(int index, int choice, MemorySegment point) {
      hash.rewind(head).integer(index).integer(choice).segment(point).full(out);
      return out;
    }

    @Override
    public void close() {
      slab.close();
    }
  }

  /** H32("ot/key", sid_ot, i, b, P_0, P_1, B_0, B_1, enc(shared)); b may be secret. */
  private final class Derivation implements AutoCloseable {
    private static final int CAPACITY = 448;

    private final Scratch.Slab slab = scratch.borrow(CAPACITY + 64);
    private final SecretHash hash =
        new SecretHash(primitives, Tag.OT_KEY, slab.bytes().asSlice(0, CAPACITY))
            .bytes(session.toArray());
    private final long head = hash.length();
    private final MemorySegment work = slab.bytes().asSlice(CAPACITY, 64);

    void key(
        int index,
        int choice,
        MemorySegment offer,
        MemorySegment answer,
        MemorySegment shared,
        MemorySegment out) {
      hash.rewind(head)
          .integer(index)
          .integer(choice)
          .segment(offer.asSlice(PAIR * index, POINT))
          .segment(offer.asSlice(PAIR * index + POINT, POINT))
          .segment(answer.asSlice(PAIR * index, POINT))
          .segment(answer.asSlice(PAIR * index + POINT, POINT));
      SecretPoints.compress(shared, hash.room(POINT));
      hash.digest(work, out);
    }

    @Override
    public void close() {
      slab.close();
    }
  }
}
