package io.sharekeep.threshold.ecdsa;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.leftovers.LeavesNothing;
import io.sharekeep.threshold.PartyId;
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
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The production code and the model agree byte for byte under the same randomness. */
@LeavesNothing
class ModelPeerTest {
  private static final PartyId ALICE = new PartyId(3);
  private static final PartyId BOB = new PartyId(11);
  private static final Octets SESSION = Octets.of(Model.h32("sid", 7));

  static Model.Draw draw(long seed) {
    var random = new SeededRandomness(seed);
    return length -> {
      try (var arena = Arena.ofConfined()) {
        var out = arena.allocate(length);
        random.fill(out);
        return out.toArray(ValueLayout.JAVA_BYTE);
      }
    };
  }

  static Stream<Group> groups() {
    return Stream.of(Groups.open(new SeededRandomness(1)).secp256k1(), Groups.java().secp256k1());
  }

  private static byte[] bytes(MemorySegment segment) {
    return segment.toArray(ValueLayout.JAVA_BYTE);
  }

  @ParameterizedTest
  @MethodSource("groups")
  void oneDirectionOfAPairIsTheSameByteForByte(Group group) {
    var primitives = Primitives.open();
    try (var scratch = new TestScratch();
        var arena = Arena.ofConfined();
        var aliceSlab = scratch.borrow(PairSecrets.LENGTH);
        var bobSlab = scratch.borrow(PairSecrets.LENGTH);
        var rest = scratch.borrow(1 << 19)) {
      var alice = new PairSecrets(aliceSlab.bytes());
      var bob = new PairSecrets(bobSlab.bytes());
      var ot = BaseOt.of(group, primitives, scratch, SESSION, ALICE, BOB, 4);
      var sid = Model.pairOt(SESSION.toArray(), 3, 11, 4);

      var offer = arena.allocate(BaseOt.MESSAGE);
      var scalars = rest.bytes().asSlice(0, BaseOt.SCALARS);
      ot.offer(new SeededRandomness(1), alice.delta(), scalars, offer);
      var modelOffer = Model.offer(sid, draw(1));
      assertArrayEquals(modelOffer.message(), bytes(offer));

      var answer = arena.allocate(BaseOt.MESSAGE);
      assertTrue(ot.answer(new SeededRandomness(2), offer, bob, answer));
      var modelAnswer = Model.answer(sid, modelOffer.message(), draw(2));
      assertArrayEquals(modelAnswer.message(), bytes(answer));

      assertTrue(ot.finish(offer, answer, scalars, alice));
      var keys = Model.finish(sid, modelOffer, modelAnswer.message());
      for (int i = 0; i < PairSecrets.OTS; i++) {
        assertArrayEquals(modelAnswer.zero().get(i), bytes(bob.sentZero(i)));
        assertArrayEquals(modelAnswer.one().get(i), bytes(bob.sentOne(i)));
        assertArrayEquals(keys.get(i), bytes(alice.received(i)));
      }
      assertEquals(
          Octets.of(Model.h32("pair-ot/done", sid, modelOffer.message(), modelAnswer.message())),
          ot.confirmation(offer, answer));

      var pid = new PairId(SESSION, 5, ALICE, BOB).hash();
      assertArrayEquals(Model.h32("pair", SESSION.toArray(), 5, 3, 11), pid.toArray());
      var extension = new OtExtension(primitives, pid);
      var ole = new VectorOle(group, primitives, pid);
      var choices = rest.bytes().asSlice(0, OtExtension.CHOICES);
      var t = rest.bytes().asSlice(8192, BitMatrix.COLUMNS_LENGTH);
      var q = rest.bytes().asSlice(32768, BitMatrix.COLUMNS_LENGTH);
      var gadgets = rest.bytes().asSlice(65536, VectorOle.GADGETS);
      var work = rest.bytes().asSlice(131072, VectorOle.WORK);
      var outputs = rest.bytes().asSlice(1 << 18, 64);
      var sent =
          new OtExtension.Message(
              arena.allocate(OtExtension.U),
              arena.allocate(OtExtension.X_CHECK),
              arena.allocate(OtExtension.T_CHECK));
      var ud =
          extension.choose(
              bob, new SeededRandomness(3), choices, t, work.asSlice(0, OtExtension.WORK), sent);
      var modelSent = Model.extend(pid.toArray(), modelAnswer.zero(), modelAnswer.one(), draw(3));
      assertArrayEquals(modelSent.u(), bytes(sent.u()));
      assertArrayEquals(modelSent.x(), bytes(sent.x()));
      assertArrayEquals(modelSent.t(), bytes(sent.t()));
      assertEquals(0, extension.receive(alice, sent, ud, q, work.asSlice(0, OtExtension.WORK)));
      var modelColumns = Model.received(pid.toArray(), modelOffer.delta(), keys, modelSent);

      ole.gadgets(gadgets, work);
      VectorOle.factor(choices, gadgets, outputs.asSlice(0, 32));
      assertArrayEquals(
          Model.scalar(Model.factor(pid.toArray(), modelSent.choices())),
          bytes(outputs.asSlice(0, 32)));
      var inputs = List.of(new BigInteger(255, new Random(1)), BigInteger.ONE);
      var in = rest.bytes().asSlice((1 << 18) + 128, 64);
      in.copyFrom(
          MemorySegment.ofArray(
              Model.concat(Model.scalar(inputs.get(0)), Model.scalar(inputs.get(1)))));
      var product =
          new VectorOle.Message(
              arena.allocate(VectorOle.CORRECTIONS),
              arena.allocate(32),
              arena.allocate(VectorOle.CHECK));
      ole.send(
          scratch,
          new SeededRandomness(4),
          alice.delta(),
          q,
          gadgets,
          in,
          sent,
          ud,
          work,
          outputs,
          product);
      var modelProduct =
          Model.send(
              pid.toArray(),
              modelOffer.delta(),
              modelColumns,
              inputs,
              draw(4).scalar(),
              modelSent.ud(),
              modelSent.x(),
              modelSent.t(),
              -1);
      assertArrayEquals(modelProduct.corrections(), bytes(product.corrections()));
      assertArrayEquals(modelProduct.response(), bytes(product.response()));
      assertArrayEquals(modelProduct.check(), bytes(product.check()));
      assertArrayEquals(
          Model.concat(Model.scalar(modelProduct.c0()), Model.scalar(modelProduct.c1())),
          bytes(outputs));
      assertEquals(0, ole.receive(choices, t, gadgets, sent, ud, product, work, outputs));
      var d = Model.receive(pid.toArray(), modelSent, modelProduct);
      assertArrayEquals(
          Model.concat(Model.scalar(d.get(0)), Model.scalar(d.get(1))), bytes(outputs));
      assertEquals(
          inputs.getFirst().multiply(Model.factor(pid.toArray(), modelSent.choices())).mod(Model.Q),
          modelProduct.c0().add(d.getFirst()).mod(Model.Q));
    }
  }

  @Test
  void theBinaryFieldIsTheOneOfTheText() {
    var random = new Random(3);
    try (var arena = Arena.ofConfined()) {
      var v = arena.allocate(80);
      var factors = arena.allocate(64);
      var out = arena.allocate(16);
      for (int n = 0; n < 200; n++) {
        var row = new byte[80];
        random.nextBytes(row);
        v.copyFrom(MemorySegment.ofArray(row));
        var f = new ArrayList<BigInteger>();
        for (int b = 0; b < 4; b++) {
          var factor = new byte[16];
          if (n == 0) {
            factor[15] = (byte) 0x80; // x^127
          } else {
            random.nextBytes(factor);
          }
          MemorySegment.copy(factor, 0, factors, ValueLayout.JAVA_BYTE, 16L * b, 16);
          f.add(Model.polynomial(factor, 0));
        }
        BinaryField.fold(v, 0, factors, out, 0);
        var sum = Model.polynomial(row, 64);
        for (int b = 0; b < 4; b++) {
          sum = sum.xor(Model.multiply(f.get(b), Model.polynomial(row, 16 * b)));
        }
        assertEquals(sum, Model.polynomial(bytes(out), 0));
      }
    }
  }
}
