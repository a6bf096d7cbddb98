package io.sharekeep.threshold.ecdsa;

import io.sharekeep.threshold.Fault;
import io.sharekeep.threshold.Once;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.Scratch;
import io.sharekeep.threshold.Step;
import io.sharekeep.threshold.keygen.Means;
import io.sharekeep.threshold.wire.Channels;
import io.sharekeep.threshold.wire.DkgCommitment;
import io.sharekeep.threshold.wire.Endpoint;
import io.sharekeep.threshold.wire.Octets;
import io.sharekeep.threshold.wire.SessionId;
import io.sharekeep.threshold.wire.SignedEnvelope;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * ECDSA signing, round 1 sent: this party has drawn its nonces and committed to them (protocols.md,
 * section 4.6). Goes on with {@link #extend} once every broadcast of round 1 has been accepted by
 * the endpoint.
 *
 * <p>All states of a signature belong to the thread that made the first.
 */
public final class Committed implements AutoCloseable {
  private final Means means;
  private final Endpoint endpoint;
  private final Quorum quorum;
  private final SignedEnvelope broadcast;
  private final Once<Drawn> drawn;

  /**
   * @param ephemeral the X25519 secret
   * @param blind 32 bytes, opened in round 3
   */
  private record Drawn(Nonces nonces, Scratch.Slab ephemeral, Octets blind)
      implements AutoCloseable {
    @Override
    public void close() {
      try (nonces) {
        ephemeral.close();
      }
    }

    @Override
    public String toString() {
      return "Drawn[redacted]";
    }
  }

  private Committed(
      Means means, Endpoint endpoint, Quorum quorum, SignedEnvelope broadcast, Drawn drawn) {
    this.means = means;
    this.endpoint = endpoint;
    this.quorum = quorum;
    this.broadcast = broadcast;
    this.drawn = new Once<>(drawn);
  }

  /**
   * Draws nonces, blind, session nonce and ephemeral key, in this order, and broadcasts the
   * commitment.
   *
   * @param endpoint of a fresh session whose context the caller has compared with its own records,
   *     for a message and a path that are fixed: field 13 of the context stands for them
   * @param checkpoint this party's newest signed log checkpoint
   * @throws IllegalArgumentException when the context is none of an ECDSA signature by a quorum
   */
  public static Committed start(Means means, Endpoint endpoint, Optional<Octets> checkpoint) {
    var quorum = new Quorum(means, endpoint);
    var nonces = Nonces.draw(means, endpoint.self(), Rounds.BATCH);
    Scratch.Slab ephemeral;
    try {
      ephemeral = means.scratch().borrow(32);
    } catch (RuntimeException | Error failure) {
      nonces.close();
      throw failure;
    }
    var drawn = new Drawn(nonces, ephemeral, random(means));
    try {
      var nonce = random(means);
      means.randomness().fill(ephemeral.bytes());
      var message =
          new DkgCommitment(
              nonce,
              Nonces.commitment(
                  endpoint.contextHash(),
                  endpoint.self(),
                  nonce,
                  List.of(nonces.opening()),
                  drawn.blind()),
              Octets.of(means.primitives().x25519PublicKey(ephemeral.bytes())));
      var broadcast = endpoint.broadcast(Rounds.COMMIT, message.encoded(), checkpoint);
      return new Committed(means, endpoint, quorum, broadcast, drawn);
    } catch (RuntimeException | Error failure) {
      drawn.close();
      throw failure;
    }
  }

  public List<SignedEnvelope> outbox() {
    return List.of(broadcast);
  }

  /**
   * Fixes the session id and sends each peer its extension: round 2. What was drawn is spent
   * whatever this returns.
   *
   * @param pairs the secrets of the pair with each peer, lent for this call
   * @throws IllegalStateException when round 1 is not complete
   */
  public Step<Extended> extend(Pairs pairs) {
    Rounds.require(endpoint.missingBroadcasts(Rounds.COMMIT).isEmpty(), Rounds.COMMIT);
    var spent = drawn.spend();
    try (var ephemeral = spent.ephemeral()) {
      var commitments = new TreeMap<PartyId, DkgCommitment>();
      var faulty = new ArrayList<PartyId>();
      endpoint
          .accepted(Rounds.COMMIT)
          .forEach((party, envelope) ->
              DkgCommitment.decode(envelope.envelope().payload())
                  .valid()
                  .ifPresentOrElse(
                      message -> commitments.put(party, message), () -> faulty.add(party)));
      if (!faulty.isEmpty()) {
        spent.nonces().close();
        return new Step.Aborted<>(Fault.BAD_ENCODING, faulty);
      }
      endpoint.fix(SessionId.ofRoundOne(endpoint.contextHash(), commitments));
      return switch (Channels.agree(
          means.primitives(), means.scratch(), endpoint, commitments, ephemeral.bytes())) {
        case Step.Aborted<Channels>(Fault fault, List<PartyId> culprits) -> {
          spent.nonces().close();
          yield new Step.Aborted<>(fault, culprits);
        }
        case Step.Advanced<Channels>(Channels channels) ->
            new Step.Advanced<>(
                Extended.send(
                    means,
                    endpoint,
                    quorum,
                    commitments,
                    new Session(spent.nonces(), spent.blind(), channels),
                    pairs));
      };
    } catch (RuntimeException | Error failure) {
      spent.nonces().close();
      throw failure;
    }
  }

  private static Octets random(Means means) {
    try (var slab = means.work().borrow(32)) {
      means.randomness().fill(slab.bytes());
      return Octets.of(slab.bytes().toArray(ValueLayout.JAVA_BYTE));
    }
  }

  /** Wipes what was not spent. */
  @Override
  public void close() {
    drawn.drain().ifPresent(Drawn::close);
  }
}
