package io.sharekeep.threshold.keygen;

import io.sharekeep.threshold.wire.Envelope;
import io.sharekeep.threshold.wire.Octets;

/** An envelope with one field changed, to be signed again by a rogue. */
public final class Altered {
  private Altered() {}

  public static Envelope payload(Envelope envelope, Octets payload) {
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
