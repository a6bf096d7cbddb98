package io.sharekeep.threshold.keygen;

import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.wire.Envelope;
import io.sharekeep.threshold.wire.EnvelopeCertificate;
import io.sharekeep.threshold.wire.Octets;
import io.sharekeep.threshold.wire.Protocol;
import io.sharekeep.threshold.wire.Suite;
import java.util.Optional;

/** An envelope in the making, one field after another. */
final class Change {
  private Protocol protocol;
  private Suite suite;
  private Octets keyId;
  private long epoch;
  private Octets session;
  private int round;
  private PartyId from;
  private Optional<PartyId> to;
  private Optional<Octets> view;
  private final Octets payload;
  private long expiry;
  private Optional<EnvelopeCertificate> certificate;
  private Optional<Octets> checkpoint;

  private Change(Envelope from) {
    this.protocol = from.protocol();
    this.suite = from.suite();
    this.keyId = from.keyId();
    this.epoch = from.epoch();
    this.session = from.session();
    this.round = from.round();
    this.from = from.from();
    this.to = from.to();
    this.view = from.view();
    this.payload = from.payload();
    this.expiry = from.expiry();
    this.certificate = from.certificate();
    this.checkpoint = from.checkpoint();
  }

  static Change of(Envelope envelope) {
    return new Change(envelope);
  }

  Envelope made() {
    return new Envelope(
        protocol,
        suite,
        keyId,
        epoch,
        session,
        round,
        from,
        to,
        view,
        payload,
        expiry,
        certificate,
        checkpoint);
  }

  Change protocol(Protocol other) {
    protocol = other;
    return this;
  }

  Change suite(Suite other) {
    suite = other;
    return this;
  }

  Change keyId(Octets other) {
    keyId = other;
    return this;
  }

  Change epoch(long other) {
    epoch = other;
    return this;
  }

  Change session(Octets other) {
    session = other;
    return this;
  }

  Change round(int other) {
    round = other;
    return this;
  }

  Change from(PartyId other) {
    from = other;
    return this;
  }

  Change to(Optional<PartyId> other) {
    to = other;
    return this;
  }

  Change view(Optional<Octets> other) {
    view = other;
    return this;
  }

  Change expiry(long other) {
    expiry = other;
    return this;
  }

  Change certificate(Optional<EnvelopeCertificate> other) {
    certificate = other;
    return this;
  }

  Change checkpoint(Optional<Octets> other) {
    checkpoint = other;
    return this;
  }
}
