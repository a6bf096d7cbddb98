package io.sharekeep.threshold.rekey;

import io.sharekeep.threshold.Fault;
import io.sharekeep.threshold.Once;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.Step;
import io.sharekeep.threshold.ecdsa.PairAgreement;
import io.sharekeep.threshold.keygen.Means;
import io.sharekeep.threshold.wire.Channels;
import io.sharekeep.threshold.wire.Endpoint;
import io.sharekeep.threshold.wire.SignedEnvelope;
import java.util.List;

/**
 * A pair's new agreement, round 2 sent. Goes on with {@link #answer} once the peer's offer has been
 * accepted.
 */
public final class Offered implements AutoCloseable {
  private final Means means;
  private final Endpoint endpoint;
  private final SignedEnvelope offer;
  private final Once<Held> held;

  /** The channel to the peer, and the agreement. */
  record Held(Channels channels, PairAgreement agreement) implements AutoCloseable {
    PartyId peer() {
      return channels.peers().getFirst();
    }

    @Override
    public void close() {
      try (channels) {
        agreement.close();
      }
    }

    @Override
    public String toString() {
      return "Held[redacted]";
    }
  }

  private Offered(Means means, Endpoint endpoint, SignedEnvelope offer, Held held) {
    this.means = means;
    this.endpoint = endpoint;
    this.offer = offer;
    this.held = new Once<>(held);
  }

  /** Takes channel and agreement over. */
  static Offered send(Means means, Endpoint endpoint, Channels channels, PairAgreement agreement) {
    var held = new Held(channels, agreement);
    try (var payload = means.work().borrow(PairAgreement.OFFER.length())) {
      agreement.offer(payload.bytes());
      var sent =
          endpoint.seal(Rounds.OFFER, held.peer(), channels.to(held.peer()), payload.bytes());
      return new Offered(means, endpoint, sent, held);
    } catch (RuntimeException | Error failure) {
      held.close();
      throw failure;
    }
  }

  public List<SignedEnvelope> outbox() {
    return List.of(offer);
  }

  /**
   * Answers the peer's offer: round 3. What is held is spent whatever this returns.
   *
   * @return {@code BAD_ENCODING} and the peer where its offer is not well-formed
   * @throws IllegalStateException when round 2 is not complete
   */
  public Step<Answered> answer() {
    Rounds.require(endpoint.missingSealed(Rounds.OFFER).isEmpty(), Rounds.OFFER);
    var spent = held.spend();
    try (var received = means.work().borrow(PairAgreement.OFFER.length());
        var payload = means.work().borrow(PairAgreement.ANSWER.length())) {
      var peer = spent.peer();
      var channel = spent.channels().to(peer);
      if (!endpoint.open(Rounds.OFFER, peer, channel, received.bytes())
          || !spent.agreement().answer(received.bytes(), payload.bytes())) {
        spent.close();
        return new Step.Aborted<>(Fault.BAD_ENCODING, List.of(peer));
      }
      return new Step.Advanced<>(
          new Answered(
              means,
              endpoint,
              endpoint.seal(Rounds.ANSWER, peer, channel, payload.bytes()),
              spent));
    } catch (RuntimeException | Error failure) {
      spent.close();
      throw failure;
    }
  }

  /** Wipes what was not spent. */
  @Override
  public void close() {
    held.drain().ifPresent(Held::close);
  }
}
