package io.sharekeep.threshold.keygen;

import io.sharekeep.threshold.wire.Envelope;
import io.sharekeep.threshold.wire.Octets;
import java.util.Optional;

/** An envelope with one field changed, to be signed again by a rogue. */
public final class Altered {
  private Altered() {}

  public static Envelope payload(Envelope envelope, Octets payload) {
    return with(envelope, envelope.view(), payload);
  }

  public static Envelope view(Envelope envelope, Octets view) {
    return with(envelope, Optional.of(view), envelope.payload());
  }

  private static Envelope with(Envelope envelope, Optional<Octets> view, Octets payload) {
    return new Envelope(
        envelope.protocol(),
        envelope.suite(),
        envelope.keyId(),
        envelope.epoch(),
        envelope.session(),
        envelope.round(),
        envelope.from(),
        envelope.to(),
        view,
        payload,
        envelope.expiry(),
        envelope.certificate(),
        envelope.checkpoint());
  }
}
