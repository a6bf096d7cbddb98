package io.sharekeep.threshold.rekey;

import io.sharekeep.threshold.Fault;
import io.sharekeep.threshold.Once;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.Scratch;
import io.sharekeep.threshold.Step;
import io.sharekeep.threshold.ecdsa.PairAgreement;
import io.sharekeep.threshold.keygen.Means;
import io.sharekeep.threshold.wire.Channels;
import io.sharekeep.threshold.wire.DkgCommitment;
import io.sharekeep.threshold.wire.Endpoint;
import io.sharekeep.threshold.wire.Octets;
import io.sharekeep.threshold.wire.Protocol;
import io.sharekeep.threshold.wire.SessionId;
import io.sharekeep.threshold.wire.SignedEnvelope;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A pair's new agreement, round 1 sent: a nonce of its own makes the session fresh. Goes on with
 * {@link #offer} once the peer's broadcast has been accepted. All states belong to one thread.
 */
public final class Committed implements AutoCloseable {
  /** Nothing is committed to. */
  private static final Octets NOTHING = Octets.of(new byte[32]);

  private final Means means;
  private final Endpoint endpoint;
  private final SignedEnvelope broadcast;
  private final Once<Scratch.Slab> ephemeral;

  private Committed(
      Means means, Endpoint endpoint, SignedEnvelope broadcast, Scratch.Slab ephemeral) {
    this.means = means;
    this.endpoint = endpoint;
    this.broadcast = broadcast;
    this.ephemeral = new Once<>(ephemeral);
  }

  /**
   * Draws the session nonce and an ephemeral key, in this order, and broadcasts them. Before this
   * call the caller has made durable that nothing of the pair's old secrets is used any more.
   *
   * @param endpoint of a session of exactly two parties, for a generation that is not 0
   * @param checkpoint this party's newest signed log checkpoint
   * @throws IllegalArgumentException when the context is none of a pair's new agreement
   */
  public static Committed start(Means means, Endpoint endpoint, Optional<Octets> checkpoint) {
    var context = endpoint.context();
    if (context.protocol() != Protocol.PAIR_REKEY || context.signers().size() != 2) {
      throw new IllegalArgumentException("this is no session of two that make their pair anew");
    }
    var ephemeral = means.scratch().borrow(32);
    try {
      var nonce = nonce(means);
      means.randomness().fill(ephemeral.bytes());
      var message =
          new DkgCommitment(
              nonce, NOTHING, Octets.of(means.primitives().x25519PublicKey(ephemeral.bytes())));
      var broadcast = endpoint.broadcast(Rounds.COMMIT, message.encoded(), checkpoint);
      return new Committed(means, endpoint, broadcast, ephemeral);
    } catch (RuntimeException | Error failure) {
      ephemeral.close();
      throw failure;
    }
  }

  private static Octets nonce(Means means) {
    try (var slab = means.work().borrow(32)) {
      means.randomness().fill(slab.bytes());
      return Octets.of(slab.bytes().toArray(ValueLayout.JAVA_BYTE));
    }
  }

  public List<SignedEnvelope> outbox() {
    return List.of(broadcast);
  }

  /**
   * Fixes the session id and offers base OT and a part of the seed: round 2. What was drawn is
   * spent whatever this returns.
   *
   * @throws IllegalStateException when round 1 is not complete
   */
  public Step<Offered> offer() {
    Rounds.require(endpoint.missingBroadcasts(Rounds.COMMIT).isEmpty(), Rounds.COMMIT);
    try (var spent = ephemeral.spend()) {
      var commitments = new TreeMap<PartyId, DkgCommitment>();
      var faulty = new ArrayList<PartyId>();
      endpoint
          .accepted(Rounds.COMMIT)
          .forEach((party, envelope) ->
              DkgCommitment.decode(envelope.envelope().payload())
                  .valid()
                  .filter(message -> message.commitment().equals(NOTHING))
                  .ifPresentOrElse(
                      message -> commitments.put(party, message), () -> faulty.add(party)));
      if (!faulty.isEmpty()) {
        return new Step.Aborted<>(Fault.BAD_ENCODING, faulty);
      }
      endpoint.fix(SessionId.ofRoundOne(endpoint.contextHash(), commitments));
      return switch (Channels.agree(
          means.primitives(), means.scratch(), endpoint, commitments, spent.bytes())) {
        case Step.Aborted<Channels>(Fault fault, List<PartyId> culprits) ->
            new Step.Aborted<>(fault, culprits);
        case Step.Advanced<Channels>(Channels channels) ->
            new Step.Advanced<>(Offered.send(means, endpoint, channels, agreement(channels)));
      };
    }
  }

  private PairAgreement agreement(Channels channels) {
    var peer = channels.peers().getFirst();
    try {
      return new PairAgreement(
          means,
          endpoint.session().orElseThrow(),
          endpoint.self(),
          peer,
          endpoint.context().generation());
    } catch (RuntimeException | Error failure) {
      channels.close();
      throw failure;
    }
  }

  /** Wipes what was not spent. */
  @Override
  public void close() {
    ephemeral.drain().ifPresent(Scratch.Slab::close);
  }
}
