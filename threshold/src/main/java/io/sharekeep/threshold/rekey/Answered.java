package io.sharekeep.threshold.rekey;

import io.sharekeep.threshold.Fault;
import io.sharekeep.threshold.Once;
import io.sharekeep.threshold.Step;
import io.sharekeep.threshold.ecdsa.PairAgreement;
import io.sharekeep.threshold.keygen.Means;
import io.sharekeep.threshold.wire.Endpoint;
import io.sharekeep.threshold.wire.SignedEnvelope;
import java.util.List;

/**
 * A pair's new agreement, round 3 sent. Goes on with {@link #finish} once the peer's answer has
 * been accepted.
 */
public final class Answered implements AutoCloseable {
  private final Means means;
  private final Endpoint endpoint;
  private final SignedEnvelope answer;
  private final Once<Offered.Held> held;

  Answered(Means means, Endpoint endpoint, SignedEnvelope answer, Offered.Held held) {
    this.means = means;
    this.endpoint = endpoint;
    this.answer = answer;
    this.held = new Once<>(held);
  }

  public List<SignedEnvelope> outbox() {
    return List.of(answer);
  }

  /**
   * Ends the agreement. What is held is spent whatever this returns.
   *
   * @return {@code BAD_ENCODING} and the peer where its answer is not well-formed, or is to other
   *     messages than were sent
   * @throws IllegalStateException when round 3 is not complete
   */
  public Step<Agreed> finish() {
    Rounds.require(endpoint.missingSealed(Rounds.ANSWER).isEmpty(), Rounds.ANSWER);
    var spent = held.spend();
    try (var received = means.work().borrow(PairAgreement.ANSWER.length())) {
      var peer = spent.peer();
      if (!endpoint.open(Rounds.ANSWER, peer, spent.channels().to(peer), received.bytes())
          || !spent.agreement().finish(received.bytes())) {
        spent.close();
        return new Step.Aborted<>(Fault.BAD_ENCODING, List.of(peer));
      }
      return new Step.Advanced<>(new Agreed(spent));
    } catch (RuntimeException | Error failure) {
      spent.close();
      throw failure;
    }
  }

  /** Wipes what was not spent. */
  @Override
  public void close() {
    held.drain().ifPresent(Offered.Held::close);
  }
}
