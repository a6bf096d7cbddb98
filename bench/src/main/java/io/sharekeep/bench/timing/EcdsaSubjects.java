package io.sharekeep.bench.timing;

import io.sharekeep.bench.PlainScratch;
import io.sharekeep.bench.fuzz.EcdsaDuet;
import io.sharekeep.bench.fuzz.EcdsaDuet.Part;
import io.sharekeep.bench.fuzz.EcdsaDuet.Ready;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.Randomness;
import io.sharekeep.threshold.ecdsa.PairAgreement;
import io.sharekeep.threshold.group.Group;
import io.sharekeep.threshold.keygen.Means;
import io.sharekeep.threshold.primitive.Primitives;
import io.sharekeep.threshold.wire.Octets;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Threshold ECDSA's steps that touch a secret, as wholes: base OT both ways, and the three rounds
 * of a signature that need nonces, choice bits, pair secrets or the share. What is drawn is the
 * same 32 bytes over and over in one kind and random in the other, and so are the secrets of key
 * and pair; the peer and all that is public are fresh for either.
 */
final class EcdsaSubjects {
  /** One set of long-lived secrets for the fixed kind, the others for the random one. */
  private static final int DUETS = 5;

  /** Steps of milliseconds: this many tell a difference of a thousandth. */
  private static final int MOST = 4_000;

  private final Group group;
  private final Primitives primitives;
  private final Randomness random;
  private final FixedOperand fixed;
  private final Operands draws;

  /** Never all zero, never above the order. */
  private final Randomness drawn;

  private final List<EcdsaDuet> duets = new ArrayList<>();

  EcdsaSubjects(Group group, Primitives primitives, Randomness random, FixedOperand fixed) {
    this.group = group;
    this.primitives = primitives;
    this.random = random;
    this.fixed = fixed;
    this.draws = fixed.scalars(group.id(), 11);
    this.drawn =
        bytes -> {
          for (long at = 0; at < bytes.byteSize(); at += 32) {
            long length = Math.min(32, bytes.byteSize() - at);
            MemorySegment.copy(draws.work(), 0, bytes, at, length);
          }
        };
  }

  List<Subject> all() {
    return List.of(
        round("ecdsa extend", Part.COMMIT),
        round("ecdsa multiply", Part.EXTEND),
        round("ecdsa sign", Part.MULTIPLY),
        offer(),
        answer());
  }

  private Subject round(String name, Part part) {
    Deque<Ready> ready = new ArrayDeque<>();
    return new Slow(
        new Plain(
            name + ", " + fixed.text(),
            1,
            (kind, slot) -> {
              draws.load(kind, slot);
              ready.push(duet(kind, slot).ready(part, drawn, random));
            },
            () -> ready.element().step().get(),
            () -> ready.pop().undo().run()),
        MOST);
  }

  private EcdsaDuet duet(int kind, int slot) {
    while (duets.size() < DUETS) {
      duets.add(new EcdsaDuet(new PlainScratch(), 100 + duets.size()));
    }
    return duets.get(kind == 0 ? 0 : 1 + slot % (DUETS - 1));
  }

  private PairAgreement agreement(PlainScratch scratch, Randomness source, int self, int peer) {
    return new PairAgreement(
        new Means(group, primitives, scratch, source),
        Octets.of(new byte[32]),
        new PartyId(self),
        new PartyId(peer),
        0);
  }

  /** Δ and the scalars of the receiver; what it sends hides Δ. */
  private Subject offer() {
    var scratch = new PlainScratch();
    var agreement = agreement(scratch, drawn, 1, 2);
    var payload = scratch.borrow(PairAgreement.OFFER.length()).bytes();
    return new Slow(
        new Plain(
            "base OT offer, " + fixed.text(),
            1,
            draws::load,
            () -> {
              agreement.offer(payload);
              return payload;
            }),
        MOST / 8);
  }

  /** The scalars of the sender. */
  private Subject answer() {
    var scratch = new PlainScratch();
    var peer = agreement(scratch, random, 2, 1);
    var offer = scratch.borrow(PairAgreement.OFFER.length()).bytes();
    peer.offer(offer);
    var agreement = agreement(scratch, drawn, 1, 2);
    var payload = scratch.borrow(PairAgreement.ANSWER.length()).bytes();
    return new Slow(
        new Plain(
            "base OT answer, " + fixed.text(),
            1,
            draws::load,
            () -> {
              if (!agreement.answer(offer, payload)) {
                throw new IllegalStateException("an honest offer was refused");
              }
              return payload;
            }),
        MOST / 8);
  }
}
