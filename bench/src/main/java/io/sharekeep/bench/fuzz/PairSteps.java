package io.sharekeep.bench.fuzz;

import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.Scratch;
import io.sharekeep.threshold.ecdsa.PairAgreement;
import io.sharekeep.threshold.group.Groups;
import io.sharekeep.threshold.keygen.Means;
import io.sharekeep.threshold.primitive.Primitives;
import io.sharekeep.threshold.wire.Octets;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * What two parties agree on in key generation and when they make their pair anew, at one of them,
 * while the other offers and answers what it likes. The first byte of an input chooses the message,
 * the rest is a {@linkplain Patch payload}.
 */
final class PairSteps implements Target {
  private static final Octets SESSION = Octets.of(new byte[32]);

  private final CountedScratch scratch = new CountedScratch();
  private final Means means =
      new Means(Groups.open(new Seeded(99)).secp256k1(), Primitives.open(), scratch, new Seeded(7));
  private final PairAgreement victim = agreement(Cast.VICTIM, Cast.ROGUE);
  private final Octets offer;
  private final Octets answer;

  PairSteps() {
    try (var rogue = agreement(Cast.ROGUE, Cast.VICTIM);
        var own = scratch.borrow(PairAgreement.OFFER.length());
        var theirs = scratch.borrow(PairAgreement.OFFER.length());
        var said = scratch.borrow(PairAgreement.ANSWER.length())) {
      victim.offer(own.bytes());
      rogue.offer(theirs.bytes());
      Finding.unless(rogue.answer(own.bytes(), said.bytes()), "an honest offer was refused");
      this.offer = octets(theirs);
      this.answer = octets(said);
    }
  }

  private PairAgreement agreement(PartyId self, PartyId peer) {
    return new PairAgreement(means, SESSION, self, peer, 3);
  }

  private static Octets octets(Scratch.Slab slab) {
    return Octets.of(slab.bytes().toArray(ValueLayout.JAVA_BYTE));
  }

  @Override
  public void take(byte[] input) {
    if (input.length >= 2) {
      boolean answers = (input[0] & 1) == 1;
      play(answers, Patch.of(input, 1, answers ? answer : offer));
    }
  }

  /**
   * @param answers whether it is the second message
   * @return whether it was taken
   */
  boolean play(boolean answers, Octets payload) {
    int lent = scratch.lent();
    boolean taken;
    try (var received = scratch.borrow(payload.length());
        var reply = scratch.borrow(PairAgreement.ANSWER.length())) {
      received.bytes().copyFrom(MemorySegment.ofArray(payload.toArray()));
      taken =
          answers
              ? victim.finish(received.bytes())
              : victim.answer(received.bytes(), reply.bytes());
    }
    Finding.unless(scratch.lent() == lent, "slabs are lent after the end, or returned twice");
    Finding.unless(
        !answers || taken == Arrays.equals(payload.toArray(), answer.toArray()),
        "another answer was taken, or the honest one was not");
    return taken;
  }

  Octets honest(boolean answers) {
    return answers ? answer : offer;
  }
}
