package io.sharekeep.enclave.session;

import io.sharekeep.enclave.StepReply;
import io.sharekeep.threshold.wire.Envelope;
import io.sharekeep.threshold.wire.Octets;
import io.sharekeep.threshold.wire.SignedEnvelope;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** What a party sent with another payload, validly signed by it. */
final class Resigned {
  private Resigned() {}

  /**
   * Of what one party sent to another.
   *
   * @param change of the payload
   */
  static List<byte[]> of(
      Core sender, int to, Map<Integer, StepReply> sent, UnaryOperator<Octets> change) {
    var desk = sender.desk();
    return Relay.inbox(to, sent).stream()
        .map(bytes -> SignedEnvelope.decode(bytes).valid().orElseThrow().envelope())
        .filter(envelope -> envelope.from().equals(desk.books().self()))
        .map(envelope -> {
          var signer =
              desk.envelopeKeys()
                  .signer(
                      _ -> {
                        throw new AssertionError("the key of the session is the current one");
                      },
                      _ -> {});
          return signer.sign(with(envelope, change.apply(envelope.payload()))).encoded();
        })
        .toList();
  }

  private static Envelope with(Envelope envelope, Octets payload) {
    return new Envelope(
        envelope.protocol(),
        envelope.suite(),
        envelope.keyId(),
        envelope.epoch(),
        envelope.session(),
        envelope.round(),
        envelope.from(),
        envelope.to(),
        envelope.view(),
        payload,
        envelope.expiry(),
        envelope.certificate(),
        envelope.checkpoint());
  }
}
