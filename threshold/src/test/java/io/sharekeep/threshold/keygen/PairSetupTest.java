package io.sharekeep.threshold.keygen;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.leftovers.LeavesNothing;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.TestScratch;
import io.sharekeep.threshold.ecdsa.PairAgreement;
import io.sharekeep.threshold.ecdsa.PairSecrets;
import io.sharekeep.threshold.group.Group;
import io.sharekeep.threshold.group.Groups;
import io.sharekeep.threshold.wire.Octets;
import io.sharekeep.threshold.wire.Suite;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the parties of an ECDSA key agree in pairs. */
@LeavesNothing
class PairSetupTest {
  private static final Group GROUP = Groups.open(new SeededRandomness(4)).secp256k1();
  private static final PartyId FIRST = new PartyId(1);
  private static final PartyId SECOND = new PartyId(2);
  private static final Octets SESSION = Octets.of(new byte[32]);

  @Test
  void anEcdsaKeyLeavesEveryPairWithOneSecretSeenFromBothSides() {
    try (var ceremony =
        new TestCeremony(GROUP, Suite.DKLS23_SECP256K1, TestCeremony.weighted(3, 1, 2), 3)) {
      ceremony.run(TestCeremony.Relay.HONEST);
      assertEquals(ceremony.done(FIRST).key(), ceremony.done(SECOND).key());
      fit(pair(ceremony, FIRST, SECOND), pair(ceremony, SECOND, FIRST));
    }
  }

  private static byte[] pair(TestCeremony ceremony, PartyId self, PartyId peer) {
    return Optional.ofNullable(ceremony.pairs.get(self))
        .flatMap(pairs -> Optional.ofNullable(pairs.get(peer)))
        .orElseThrow();
  }

  @Test
  void aKeyOfAnotherSuiteLeavesNoPairs() {
    try (var ceremony =
        new TestCeremony(GROUP, Suite.FROST_SECP256K1_TR, TestCeremony.committee(2, 2), 3)) {
      ceremony.run(TestCeremony.Relay.HONEST);
      assertEquals(ceremony.done(FIRST).key(), ceremony.done(SECOND).key());
      assertTrue(ceremony.pairs.isEmpty());
    }
  }

  /** k^Δ of one is k^0 or k^1 of the other, by the bits of Δ, both ways; z is the same. */
  private static void fit(byte[] first, byte[] second) {
    assertEquals(PairSecrets.LENGTH, first.length);
    int differ = 0;
    for (var sides : List.of(List.of(first, second), List.of(second, first))) {
      var alice = sides.getFirst();
      var bob = sides.getLast();
      for (int i = 0; i < 256; i++) {
        int bit = alice[i >> 3] >> (i & 7) & 1;
        var received = Arrays.copyOfRange(alice, 32 + 32 * i, 64 + 32 * i);
        int chosen = 32 + 8192 * (1 + bit) + 32 * i;
        int other = 32 + 8192 * (2 - bit) + 32 * i;
        assertArrayEquals(Arrays.copyOfRange(bob, chosen, chosen + 32), received);
        differ += Arrays.equals(Arrays.copyOfRange(bob, other, other + 32), received) ? 0 : 1;
      }
    }
    assertEquals(512, differ);
    var zeta = Arrays.copyOfRange(first, first.length - 32, first.length);
    assertArrayEquals(zeta, Arrays.copyOfRange(second, second.length - 32, second.length));
    assertFalse(Arrays.equals(new byte[32], zeta));
  }

  /** What a test does to a message on its way. */
  @FunctionalInterface
  private interface Interference {
    Interference NONE = _ -> {};

    void on(MemorySegment payload);
  }

  private static boolean agrees(Interference onOffer, Interference onAnswer) {
    try (var scratch = new TestScratch();
        var first = new PairAgreement(means(scratch, 1), SESSION, FIRST, SECOND, 0);
        var second = new PairAgreement(means(scratch, 2), SESSION, SECOND, FIRST, 0);
        var one = scratch.borrow(PairAgreement.OFFER.length());
        var two = scratch.borrow(PairAgreement.OFFER.length());
        var three = scratch.borrow(PairAgreement.ANSWER.length());
        var four = scratch.borrow(PairAgreement.ANSWER.length())) {
      first.offer(one.bytes());
      second.offer(two.bytes());
      onOffer.on(one.bytes());
      if (!second.answer(one.bytes(), three.bytes())) {
        return false;
      }
      assertTrue(first.answer(two.bytes(), four.bytes()));
      onAnswer.on(three.bytes());
      return first.finish(three.bytes());
    }
  }

  private static Means means(TestScratch scratch, long seed) {
    return new Means(GROUP, TestParty.PRIMITIVES, scratch, new SeededRandomness(seed));
  }

  private static void swapPoints(MemorySegment message) {
    var first = message.asSlice(0, 33).toArray(ValueLayout.JAVA_BYTE);
    MemorySegment.copy(message, 33, message, 0, 33);
    MemorySegment.copy(MemorySegment.ofArray(first), 0, message, 33, 33);
  }

  /** Good points, but not those that were sent: only the confirmation shows it. */
  @Test
  void aPairThatSawDifferentMessagesHasNoKey() {
    assertTrue(agrees(Interference.NONE, Interference.NONE));
    assertFalse(
        agrees(offer -> swapPoints(PairAgreement.OFFER.field(offer, 1)), Interference.NONE));
    assertFalse(
        agrees(Interference.NONE, answer -> swapPoints(PairAgreement.ANSWER.field(answer, 0))));
    assertFalse(
        agrees(Interference.NONE, answer -> PairAgreement.ANSWER.field(answer, 1).fill((byte) 1)));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 33, 16_896 - 33})
  void whatIsNoPointIsRefused(long at) {
    assertFalse(
        agrees(
            offer -> PairAgreement.OFFER.field(offer, 1).asSlice(at, 33).fill((byte) 0),
            Interference.NONE));
    assertFalse(
        agrees(
            Interference.NONE,
            answer -> PairAgreement.ANSWER.field(answer, 0).asSlice(at, 33).fill((byte) 0xff)));
  }

  @Test
  void aFrameOfAnotherFormIsRefused() {
    assertFalse(
        agrees(offer -> offer.set(ValueLayout.JAVA_BYTE, 0, (byte) 0xa3), Interference.NONE));
    assertFalse(
        agrees(Interference.NONE, answer -> answer.set(ValueLayout.JAVA_BYTE, 0, (byte) 0xa3)));
  }

  @Test
  void aMessageThatDoesNotComeLeavesNobodyWithAKey() {
    try (var ceremony =
        new TestCeremony(GROUP, Suite.DKLS23_SECP256K1, TestCeremony.committee(2, 2), 3)) {
      ceremony.run((round, _, envelope) ->
          round == 2
                  && envelope.envelope().from().equals(SECOND)
                  && envelope.envelope().to().isPresent()
              ? List.of()
              : List.of(envelope.encoded()));
      assertEquals(
          Optional.of(new TestCeremony.Ending.Stuck(2)),
          Optional.ofNullable(ceremony.endings.get(FIRST)));
      assertTrue(ceremony.pairs.isEmpty());
    }
  }
}
