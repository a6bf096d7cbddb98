package io.sharekeep.threshold.ecdsa;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.leftovers.LeavesNothing;
import io.sharekeep.threshold.Fault;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.Step;
import io.sharekeep.threshold.group.Group;
import io.sharekeep.threshold.group.Groups;
import io.sharekeep.threshold.keygen.SeededRandomness;
import io.sharekeep.threshold.keygen.TestParty;
import io.sharekeep.threshold.wire.DropReason;
import io.sharekeep.threshold.wire.Octets;
import io.sharekeep.threshold.wire.Protocol;
import io.sharekeep.threshold.wire.Reception;
import io.sharekeep.threshold.wire.SignedEnvelope;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a session of signing takes, spends and refuses, apart from what it computes. */
@LeavesNothing
class SigningStateTest {
  private static final Group GROUP = Groups.open(new SeededRandomness(4)).secp256k1();
  private static final TestKey KEY = new TestKey(GROUP, 1, 2, 1, 1, 1);
  private static final Octets DIGEST = Octets.of(Model.h32("sid", 99));
  private static final SigningKey STORED = SigningKey.stored(GROUP, KEY.publicKey);
  private static final PartyId FIRST = new PartyId(1);
  private static final PartyId SECOND = new PartyId(2);
  private static final List<PartyId> SIGNERS = List.of(FIRST, SECOND, new PartyId(3));

  private static TestSigner.Ceremony ceremony(long session, List<PartyId> signers) {
    var context = KEY.context(signers, session);
    long seed = 5;
    var ceremony = new TestSigner.Ceremony(STORED, DIGEST);
    signers.forEach(id ->
        ceremony.with(new TestSigner(KEY, context, id, GROUP, seed, TestSigner.Mutator.HONEST)));
    return ceremony;
  }

  /** T-PANIC: what goes wrong within OT code is a burn, since the peer may have caused it. */
  @Test
  void anExceptionInOtCodeBurnsThePair() {
    try (var ceremony = ceremony(5, SIGNERS)) {
      ceremony.run(2);
      ceremony.signer(1).breakPair(SECOND);
      ceremony.signer(1).send(3, STORED, DIGEST);
      assertEquals(
          Optional.of(new Step.Aborted<>(Fault.BAD_EXTENSION, List.of(SECOND))),
          ceremony.signer(1).aborted);
      assertTrue(Fault.BAD_EXTENSION.burnsPair());
    }
  }

  @Test
  void everyStateIsSpentByItsStep() {
    try (var ceremony = ceremony(5, List.of(FIRST, SECOND))) {
      ceremony.run(1);
      for (int round = 2; round <= 4; round++) {
        int step = round;
        ceremony.signer(1).keepState();
        ceremony.run(step, step);
        assertThrows(
            IllegalStateException.class,
            () -> ceremony.signer(1).stepKept(step, STORED, DIGEST),
            "round " + step);
      }
    }
  }

  @Test
  void aRoundIsNotLeftBeforeAllHaveSpoken() {
    try (var ceremony = ceremony(5, List.of(FIRST, SECOND))) {
      ceremony.signer(1).send(1, STORED, DIGEST);
      assertThrows(IllegalStateException.class, () -> ceremony.signer(1).send(2, STORED, DIGEST));
    }
  }

  /** T-REP: a sealed message counts for its recipient, its round and its session alone. */
  @Test
  void aSealedMessageCountsForItsRecipientRoundAndSessionAlone() {
    try (var ceremony = ceremony(5, SIGNERS);
        var other = ceremony(6, SIGNERS)) {
      ceremony.run(1);
      other.run(1);
      other.signers.values().forEach(signer -> signer.send(2, STORED, DIGEST));
      var sent = new ArrayList<SignedEnvelope>();
      ceremony.signers.values().forEach(s -> sent.addAll(s.send(2, STORED, DIGEST)));
      var toFirst =
          sent.stream()
              .filter(e -> e.envelope().from().equals(SECOND))
              .filter(e -> e.envelope().to().equals(Optional.of(FIRST)))
              .findFirst()
              .orElseThrow();
      assertEquals(dropped(DropReason.UNEXPECTED), receive(ceremony, 3, 2, toFirst));
      assertEquals(dropped(DropReason.UNEXPECTED), receive(ceremony, 1, 3, toFirst));
      assertEquals(dropped(DropReason.FOREIGN_SESSION), receive(other, 1, 2, toFirst));
      assertEquals(new Reception.Accepted(toFirst), receive(ceremony, 1, 2, toFirst));
      assertEquals(dropped(DropReason.REPEATED), receive(ceremony, 1, 2, toFirst));
    }
  }

  private static Reception dropped(DropReason reason) {
    return new Reception.Dropped(reason);
  }

  private static Reception receive(
      TestSigner.Ceremony ceremony, int id, int round, SignedEnvelope envelope) {
    return ceremony
        .signer(id)
        .party
        .endpoint
        .receive(round, envelope.encoded(), TestParty.NOW, _ -> 0);
  }

  /** T-OT-3: one party's source repeats, and the multiplications have other names all the same. */
  @Test
  void oneSourceThatRepeatsDoesNotRepeatASession() {
    try (var ceremony = ceremony(5, List.of(FIRST, SECOND))) {
      ceremony.run(1);
      var context = KEY.context(List.of(FIRST, SECOND), 5);
      try (var again = new TestSigner.Ceremony(STORED, DIGEST)) {
        again.with(new TestSigner(KEY, context, FIRST, GROUP, 5, TestSigner.Mutator.HONEST));
        again.with(new TestSigner(KEY, context, SECOND, GROUP, 77, TestSigner.Mutator.HONEST));
        again.run(2);
        ceremony.run(2, 2);
        var one = ceremony.signer(1).party.endpoint.session();
        var two = again.signer(1).party.endpoint.session();
        assertTrue(one.isPresent() && two.isPresent() && !one.equals(two));
      }
    }
  }

  @Test
  void onlyTheContextOfAnEcdsaSignatureByAQuorumWillDo() {
    for (var context :
        List.of(
            KEY.context(List.of(FIRST), 5),
            KEY.context(Protocol.DKG, SIGNERS, List.of(), 5),
            KEY.online(SIGNERS, Octets.of(new byte[32]), 5),
            KEY.context(Protocol.PRESIGN, SIGNERS, List.of(4L), 5))) {
      try (var party = new TestParty(context, FIRST, GROUP, 5)) {
        assertThrows(
            IllegalArgumentException.class,
            () -> Committed.start(party.means, party.endpoint, Optional.empty()));
      }
    }
  }

  @Test
  void aDigestOfAnotherLengthAndAnotherNumberOfSharesAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> Message.of(GROUP, Octets.of(new byte[31])));
    assertEquals(
        "00".repeat(31) + "05",
        Message.of(GROUP, Octets.of(Model.scalar(Model.Q.add(BigInteger.valueOf(5)))))
            .scalar()
            .toString());
    assertThrows(
        IllegalArgumentException.class,
        () -> new PairSecrets(java.lang.foreign.MemorySegment.ofArray(new byte[5])));
  }

  /** T-OT-2: no point of the oracle is a known multiple of G, and none is the other's. */
  @Test
  void theOfferDoesNotShowTheChoice() {
    try (var party = new TestParty(KEY.context(SIGNERS, 5), FIRST, GROUP, 5);
        var pair = party.scratch.borrow(PairSecrets.LENGTH);
        var scalars = party.scratch.borrow(BaseOt.SCALARS);
        var offer = party.scratch.borrow(BaseOt.MESSAGE)) {
      int oddWhereChosen = 0;
      int ones = 0;
      for (int n = 0; n < 4; n++) {
        var secrets = new PairSecrets(pair.bytes());
        BaseOt.of(GROUP, TestParty.PRIMITIVES, party.scratch, DIGEST, FIRST, SECOND, n)
            .offer(party.means.randomness(), secrets.delta(), scalars.bytes(), offer.bytes());
        for (int i = 0; i < PairSecrets.OTS; i++) {
          int bit = BitMatrix.bit(secrets.delta(), i);
          ones += bit;
          oddWhereChosen += offer.bytes().get(ValueLayout.JAVA_BYTE, 66L * i + 33L * bit) & 1;
        }
      }
      // 1024 fair coins: six deviations are 96.
      assertTrue(Math.abs(ones - 512) < 96, "ones " + ones);
      assertTrue(Math.abs(oddWhereChosen - 512) < 96, "odd " + oddWhereChosen);
      var message = new byte[64];
      Arrays.fill(message, (byte) 7);
      var hashed = ModelHashToCurve.hash(message, "SHAREKEEP-V1-OT-secp256k1_XMD:SHA-256_SSWU_RO_");
      assertTrue(!hashed.equals(Model.times(new BigInteger(1, message).mod(Model.Q))));
    }
  }
}
