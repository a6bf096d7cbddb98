package io.sharekeep.threshold.ecdsa;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.Scratch;
import io.sharekeep.threshold.keygen.Means;
import io.sharekeep.threshold.wire.FixedFields;
import io.sharekeep.threshold.wire.Octets;
import io.sharekeep.threshold.wire.Tag;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * How one party comes to share {@link PairSecrets} with one peer: base OT in both directions and a
 * seed for zero shares, in two messages each way (protocols.md, sections 4.2 and 4.5). Every
 * payload is sealed to the peer by the caller.
 *
 * <p>What is agreed lies in one slab until {@link #close}. Nothing of it is used unless both
 * parties saw the same messages: the answer carries what its sender saw, and who sees something
 * else never certifies the key.
 */
public final class PairAgreement implements AutoCloseable {
  private static final int SEED = 32;

  /** Contribution to the zero-share seed, base OT offer. */
  public static final FixedFields OFFER = new FixedFields(SEED, (int) BaseOt.MESSAGE);

  /** Base OT answer, and what its sender saw of both messages. */
  public static final FixedFields ANSWER = new FixedFields((int) BaseOt.MESSAGE, 32);

  private static final long SECRETS = 0;
  private static final long SCALARS = PairSecrets.LENGTH;
  private static final long OWN_SEED = SCALARS + BaseOt.SCALARS;
  private static final long OWN_OFFER = OWN_SEED + SEED;

  /** Bytes that one agreement holds between rounds. */
  public static final long LENGTH = OWN_OFFER + BaseOt.MESSAGE;

  private final Means means;
  private final Octets session;
  private final PartyId self;
  private final PartyId peer;
  private final BaseOt asAlice;
  private final BaseOt asBob;
  private final Scratch.Slab slab;

  /**
   * @param session 32 bytes: the session id, which holds fresh nonces of both
   * @param generation 0 in key generation, one more with each rekey of the pair
   */
  public PairAgreement(Means means, Octets session, PartyId self, PartyId peer, long generation) {
    this.means = means;
    this.session = session;
    this.self = self;
    this.peer = peer;
    this.asAlice = direction(means, session, self, peer, generation);
    this.asBob = direction(means, session, peer, self, generation);
    this.slab = means.scratch().borrow(LENGTH);
  }

  private static BaseOt direction(
      Means means, Octets session, PartyId alice, PartyId bob, long generation) {
    return BaseOt.of(
        means.group(), means.primitives(), means.work(), session, alice, bob, generation);
  }

  /**
   * Writes the first message: draws the seed's part, then the offer.
   *
   * @param payload as long as {@link #OFFER}
   */
  public void offer(MemorySegment payload) {
    OFFER.frame(payload);
    var seed = part(OWN_SEED, SEED);
    means.randomness().fill(seed);
    var offer = part(OWN_OFFER, BaseOt.MESSAGE);
    asAlice.offer(means.randomness(), secrets().delta(), part(SCALARS, BaseOt.SCALARS), offer);
    MemorySegment.copy(seed, 0, OFFER.field(payload, 0), 0, SEED);
    MemorySegment.copy(offer, 0, OFFER.field(payload, 1), 0, BaseOt.MESSAGE);
  }

  /**
   * Reads the peer's first message and writes the second.
   *
   * @param received as long as {@link #OFFER}, on a slab
   * @param payload as long as {@link #ANSWER}
   * @return false if it is not well-formed: the peer is to blame
   */
  public boolean answer(MemorySegment received, MemorySegment payload) {
    ANSWER.frame(payload);
    if (!OFFER.framed(received)) {
      return false;
    }
    var offer = OFFER.field(received, 1);
    var answer = ANSWER.field(payload, 0);
    if (!asBob.answer(means.randomness(), offer, secrets(), answer)) {
      return false;
    }
    MemorySegment.copy(
        asBob.confirmation(offer, answer).toArray(), 0, ANSWER.field(payload, 1), JAVA_BYTE, 0, 32);
    seed(OFFER.field(received, 0));
    return true;
  }

  /** z = H32("zeta/seed", sid, min id, max id, c_min, c_max). */
  private void seed(MemorySegment theirs) {
    boolean first = self.compareTo(peer) < 0;
    var own = part(OWN_SEED, SEED);
    try (var work = means.work().borrow(320 + 64)) {
      new SecretHash(means.primitives(), Tag.ZETA_SEED, work.bytes().asSlice(0, 320))
          .bytes(session.toArray())
          .integer((first ? self : peer).value())
          .integer((first ? peer : self).value())
          .segment(first ? own : theirs)
          .segment(first ? theirs : own)
          .digest(work.bytes().asSlice(320, 64), secrets().zeta());
    }
  }

  /**
   * Reads the peer's second message. From then on the secrets are whole.
   *
   * @param received as long as {@link #ANSWER}, on a slab
   * @return false if it is not well-formed, or its sender saw other messages than this party: then
   *     there is no key
   */
  public boolean finish(MemorySegment received) {
    if (!ANSWER.framed(received)) {
      return false;
    }
    var offer = part(OWN_OFFER, BaseOt.MESSAGE);
    var answer = ANSWER.field(received, 0);
    if (!asAlice.finish(offer, answer, part(SCALARS, BaseOt.SCALARS), secrets())) {
      return false;
    }
    var seen = Octets.of(ANSWER.field(received, 1).toArray(ValueLayout.JAVA_BYTE));
    return asAlice.confirmation(offer, answer).equals(seen);
  }

  /** What is agreed, {@link PairSecrets#LENGTH} bytes that live until {@link #close}. */
  public MemorySegment bytes() {
    return part(SECRETS, PairSecrets.LENGTH);
  }

  private PairSecrets secrets() {
    return new PairSecrets(bytes());
  }

  private MemorySegment part(long at, long length) {
    return slab.bytes().asSlice(at, length);
  }

  /** Wipes. */
  @Override
  public void close() {
    slab.close();
  }

  @Override
  public String toString() {
    return "PairAgreement[redacted]";
  }
}
