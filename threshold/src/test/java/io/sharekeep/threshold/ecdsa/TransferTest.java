package io.sharekeep.threshold.ecdsa;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.leftovers.LeavesNothing;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.Scratch;
import io.sharekeep.threshold.TestScratch;
import io.sharekeep.threshold.group.Group;
import io.sharekeep.threshold.group.Groups;
import io.sharekeep.threshold.keygen.SeededRandomness;
import io.sharekeep.threshold.primitive.Primitives;
import io.sharekeep.threshold.wire.Octets;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Base OT, extension and multiplication of one direction of one pair (checks C2 to C4). */
@LeavesNothing
class TransferTest {
  private static final BigInteger Q =
      new BigInteger("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 16);
  private static final PartyId ALICE = new PartyId(1);
  private static final PartyId BOB = new PartyId(2);
  private static final Octets SESSION = Octets.of(new byte[32]);

  private final Group group = Groups.open(new SeededRandomness(9)).secp256k1();
  private final Primitives primitives = Primitives.open();
  private final TestScratch scratch = new TestScratch();
  private final Arena arena = Arena.ofConfined();
  private final List<Scratch.Slab> slabs = new ArrayList<>();
  private final SeededRandomness random = new SeededRandomness(5);

  @AfterEach
  void close() {
    slabs.forEach(Scratch.Slab::close);
    scratch.close();
    arena.close();
  }

  private MemorySegment slab(long length) {
    var slab = scratch.borrow(length);
    slabs.add(slab);
    return slab.bytes();
  }

  private static byte[] bytes(MemorySegment segment) {
    return segment.toArray(ValueLayout.JAVA_BYTE);
  }

  /** Keys as base OTs leave them, without the curve. */
  private void deal(PairSecrets alice, PairSecrets bob, long seed) {
    var seeded = new SeededRandomness(seed);
    seeded.fill(alice.delta());
    for (int i = 0; i < PairSecrets.OTS; i++) {
      seeded.fill(bob.sentZero(i));
      seeded.fill(bob.sentOne(i));
      var chosen = BitMatrix.bit(alice.delta(), i) == 0 ? bob.sentZero(i) : bob.sentOne(i);
      alice.received(i).copyFrom(chosen);
    }
  }

  private PairSecrets pair() {
    return new PairSecrets(slab(PairSecrets.LENGTH));
  }

  @Test
  void aliceGetsTheKeyOfHerBitAndNotTheOther() {
    var ot = BaseOt.of(group, primitives, scratch, SESSION, ALICE, BOB, 0);
    var alice = pair();
    var bob = pair();
    var scalars = slab(BaseOt.SCALARS);
    var offer = arena.allocate(BaseOt.MESSAGE);
    var answer = arena.allocate(BaseOt.MESSAGE);
    ot.offer(random, alice.delta(), scalars, offer);
    assertTrue(ot.answer(random, offer, bob, answer));
    assertTrue(ot.finish(offer, answer, scalars, alice));
    int ones = 0;
    for (int i = 0; i < PairSecrets.OTS; i++) {
      int bit = BitMatrix.bit(alice.delta(), i);
      ones += bit;
      assertEquals(-1, alice.received(i).mismatch(bit == 0 ? bob.sentZero(i) : bob.sentOne(i)));
      assertNotEquals(-1, alice.received(i).mismatch(bit == 0 ? bob.sentOne(i) : bob.sentZero(i)));
    }
    assertTrue(ones > 80 && ones < 176);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 33, 16_896 - 33})
  void aMessageWithWhatIsNoPointIsRefused(int at) {
    var ot = BaseOt.of(group, primitives, scratch, SESSION, ALICE, BOB, 0);
    var alice = pair();
    var scalars = slab(BaseOt.SCALARS);
    var offer = arena.allocate(BaseOt.MESSAGE);
    var answer = arena.allocate(BaseOt.MESSAGE);
    ot.offer(random, alice.delta(), scalars, offer);
    assertTrue(ot.answer(random, offer, pair(), answer));
    offer.asSlice(at, 33).fill((byte) 0);
    assertFalse(ot.answer(random, offer, pair(), arena.allocate(BaseOt.MESSAGE)));
    answer.asSlice(at, 33).fill((byte) 0xff);
    assertFalse(ot.finish(offer, answer, scalars, alice));
  }

  @Test
  void columnsDifferByDeltaWhereBobChoseOne() {
    var run = new Run(1);
    assertEquals(0, run.extend());
    for (int j = 0; j < BitMatrix.USED; j++) {
      var difference = new byte[32];
      for (int i = 0; i < 32; i++) {
        difference[i] =
            (byte)
                (run.q.get(ValueLayout.JAVA_BYTE, 32L * j + i)
                    ^ run.t.get(ValueLayout.JAVA_BYTE, 32L * j + i)
                    ^ run.alice.delta().get(ValueLayout.JAVA_BYTE, i)
                        * BitMatrix.bit(run.choices, j));
      }
      assertEquals(-1, java.util.Arrays.mismatch(new byte[32], difference), "column " + j);
    }
  }

  /** T-OT-1, honestly recomputed check values: it fails exactly where Δ's bit is one. */
  @Test
  void aRowWithATamperedBitFailsExactlyWhereDeltaIsOne() {
    var random = new SplittableRandom(3);
    int failed = 0;
    for (int n = 0; n < 24; n++) {
      int row = random.nextInt(BitMatrix.ROWS);
      int bit = random.nextInt(BitMatrix.USED);
      var run = new Run(7);
      run.honest();
      flip(run.sent.u(), row * BitMatrix.ROW, bit);
      // Bob plays t̃ and x̃ for the u that he sent: the challenge is another now.
      run.recompute();
      boolean caught = run.receive() != 0;
      assertEquals(BitMatrix.bit(run.alice.delta(), row) == 1, caught, "row " + row);
      failed += caught ? 1 : 0;
    }
    assertTrue(failed > 3 && failed < 21);
  }

  /** The mirror of it: the row's check value moved along with the bit. */
  @Test
  void aRowCheckThatIsMovedAlongPassesExactlyWhereDeltaIsOne() {
    var random = new SplittableRandom(4);
    for (int n = 0; n < 12; n++) {
      int row = random.nextInt(BitMatrix.ROWS);
      int bit = random.nextInt(BitMatrix.USED);
      var run = new Run(7);
      run.honest();
      flip(run.sent.u(), row * BitMatrix.ROW, bit);
      run.recompute();
      run.moveRowCheck(row, bit);
      assertEquals(BitMatrix.bit(run.alice.delta(), row) == 0, run.receive() != 0, "row " + row);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"u", "x", "t"})
  void aNaiveFlipIsAlwaysCaught(String field) {
    for (int n = 0; n < 12; n++) {
      var run = new Run(11);
      run.honest();
      var target =
          switch (field) {
            case "u" -> run.sent.u();
            case "x" -> run.sent.x();
            default -> run.sent.t();
          };
      flip(target, (n * 811L) % target.byteSize(), n);
      assertTrue(run.receive() != 0, field + " " + n);
    }
  }

  @Test
  void sharesOfTheProductSumUp() {
    for (var inputs :
        List.of(
            List.of(BigInteger.ZERO, BigInteger.ONE),
            List.of(Q.subtract(BigInteger.ONE), BigInteger.TWO),
            List.of(new BigInteger(255, new java.util.Random(1)), BigInteger.valueOf(77)))) {
      var run = new Run(13);
      assertEquals(0, run.extend());
      assertEquals(0, run.multiply(inputs));
      for (int m = 0; m < 2; m++) {
        assertEquals(
            inputs.get(m).multiply(run.factor()).mod(Q),
            scalar(run.c, m).add(scalar(run.d, m)).mod(Q));
      }
    }
  }

  /** T-VOLE: another a in one transfer is caught if Bob chose it, and harmless if not. */
  @Test
  void aCorrectionChangedWithItsCheckFailsExactlyWhereBobChoseOne() {
    int failed = 0;
    for (int n = 0; n < 24; n++) {
      var run = new Run(17 + n);
      assertEquals(0, run.extend());
      int column = 37 * n % BitMatrix.USED;
      run.cheatAt = column;
      boolean caught = run.multiply(List.of(BigInteger.TEN, BigInteger.TWO)) != 0;
      assertEquals(BitMatrix.bit(run.choices, column) == 1, caught, "column " + column);
      failed += caught ? 1 : 0;
      if (!caught) {
        assertEquals(
            BigInteger.TEN.multiply(run.factor()).mod(Q),
            scalar(run.c, 0).add(scalar(run.d, 0)).mod(Q));
      }
    }
    assertTrue(failed > 3 && failed < 21);
  }

  @ParameterizedTest
  @ValueSource(strings = {"corrections", "response", "check"})
  void achangeOnTheWireIsAlwaysCaught(String field) {
    for (int n = 0; n < 6; n++) {
      var run = new Run(19);
      assertEquals(0, run.extend());
      run.send(List.of(BigInteger.TEN, BigInteger.TWO));
      var target =
          switch (field) {
            case "corrections" -> run.product.corrections();
            case "response" -> run.product.response();
            default -> run.product.check();
          };
      flip(target, (n * 96L * 83 + 31) % target.byteSize(), 0);
      assertTrue(run.receiveProduct() != 0, field + " " + n);
    }
  }

  @Test
  void aScalarThatIsNotBelowTheOrderIsSeen() {
    var run = new Run(23);
    assertEquals(0, run.extend());
    run.send(List.of(BigInteger.TEN, BigInteger.TWO));
    assertTrue(VectorOle.canonical(run.product));
    run.product.corrections().asSlice(96L * 511 + 64, 32).fill((byte) 0xff);
    assertFalse(VectorOle.canonical(run.product));
  }

  private static void flip(MemorySegment segment, long at, int bit) {
    long index = at + bit / 8;
    segment.set(
        ValueLayout.JAVA_BYTE,
        index % segment.byteSize(),
        (byte) (segment.get(ValueLayout.JAVA_BYTE, index % segment.byteSize()) ^ 1 << (bit % 8)));
  }

  private static BigInteger scalar(MemorySegment scalars, int index) {
    return new BigInteger(1, bytes(scalars.asSlice(32L * index, 32)));
  }

  /** One direction of a pair. */
  private final class Run {
    final PairSecrets alice = pair();
    final PairSecrets bob = pair();
    final SeededRandomness seeded;
    final Octets pid = new PairId(SESSION, 0, ALICE, BOB).hash();
    final OtExtension extension = new OtExtension(primitives, pid);
    final VectorOle ole = new VectorOle(group, primitives, pid);
    final MemorySegment choices = slab(OtExtension.CHOICES);
    final MemorySegment t = slab(BitMatrix.COLUMNS_LENGTH);
    final MemorySegment q = slab(BitMatrix.COLUMNS_LENGTH);
    final MemorySegment gadgets = slab(VectorOle.GADGETS);
    final MemorySegment c = slab(64);
    final MemorySegment d = slab(64);
    final OtExtension.Message sent =
        new OtExtension.Message(
            slab(OtExtension.U), slab(OtExtension.X_CHECK), slab(OtExtension.T_CHECK));
    final VectorOle.Message product =
        new VectorOle.Message(slab(VectorOle.CORRECTIONS), slab(32), slab(VectorOle.CHECK));
    final MemorySegment work = slab(Math.max(OtExtension.WORK, VectorOle.WORK));
    int cheatAt = -1;

    Run(long seed) {
      deal(alice, bob, seed);
      seeded = new SeededRandomness(seed + 1);
    }

    void honest() {
      extension.choose(bob, seeded, choices, t, work, sent);
    }

    long receive() {
      return extension.receive(alice, sent, extension.digest(sent.u()), q, work);
    }

    long extend() {
      honest();
      return receive();
    }

    /** x̃ and t̃ of Bob's true x and t, for the challenge of the u in the message. */
    void recompute() {
      var ud = extension.digest(sent.u());
      sent.x().copyFrom(MemorySegment.ofArray(Model.fold(pid.toArray(), ud, bytes(choices))));
      for (int i = 0; i < BitMatrix.ROWS; i++) {
        var row = Model.prg(bytes(bob.sentZero(i)), pid.toArray());
        MemorySegment.copy(
            Model.fold(pid.toArray(), ud, row), 0, sent.t(), ValueLayout.JAVA_BYTE, 16L * i, 16);
      }
    }

    /** Adds to the check of a row what one bit of the row does to it. */
    void moveRowCheck(int row, int bit) {
      var error = new byte[80];
      error[bit / 8] = (byte) (1 << (bit % 8));
      var moved =
          Model.xor(
              bytes(sent.t().asSlice(16L * row, 16)),
              Model.fold(pid.toArray(), extension.digest(sent.u()), error));
      MemorySegment.copy(moved, 0, sent.t(), ValueLayout.JAVA_BYTE, 16L * row, 16);
    }

    BigInteger factor() {
      var out = slab(32);
      VectorOle.factor(choices, gadgets, out);
      return scalar(out, 0);
    }

    long multiply(List<BigInteger> inputs) {
      send(inputs);
      return receiveProduct();
    }

    void send(List<BigInteger> inputs) {
      ole.gadgets(gadgets, work);
      var in = slab(64);
      for (int m = 0; m < 2; m++) {
        var encoded = inputs.get(m).toByteArray();
        int from = Math.max(0, encoded.length - 32);
        MemorySegment.copy(
            encoded,
            from,
            in,
            ValueLayout.JAVA_BYTE,
            32L * m + 32 - (encoded.length - from),
            encoded.length - from);
      }
      var ud = extension.digest(sent.u());
      if (cheatAt < 0) {
        ole.send(scratch, seeded, alice.delta(), q, gadgets, in, sent, ud, work, c, product);
      } else {
        var cheat =
            Model.send(
                pid.toArray(),
                bytes(alice.delta()),
                columns(q),
                inputs,
                BigInteger.valueOf(123456789),
                ud,
                bytes(sent.x()),
                bytes(sent.t()),
                cheatAt);
        product.corrections().copyFrom(MemorySegment.ofArray(cheat.corrections()));
        product.response().copyFrom(MemorySegment.ofArray(cheat.response()));
        product.check().copyFrom(MemorySegment.ofArray(cheat.check()));
        c.copyFrom(
            MemorySegment.ofArray(
                Model.concat(Model.scalar(cheat.c0()), Model.scalar(cheat.c1()))));
      }
    }

    long receiveProduct() {
      return ole.receive(choices, t, gadgets, sent, extension.digest(sent.u()), product, work, d);
    }
  }

  private static byte[][] columns(MemorySegment columns) {
    var all = new byte[BitMatrix.USED][];
    for (int j = 0; j < BitMatrix.USED; j++) {
      all[j] = bytes(columns.asSlice(32L * j, 32));
    }
    return all;
  }
}
