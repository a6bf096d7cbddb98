package io.sharekeep.threshold.wire;

import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.group.Ed25519Verifier;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The identity keys of a committee, from the receiver's own provisioning. Remembers, per party, the
 * last certificate whose signature it verified, and the multiples of the envelope key in it: an
 * ECDSA verification costs more than all else in a round, and an hour's envelopes are of one key.
 * Safe for sessions on any thread.
 */
public final class IdentityPins {
  private final Map<PartyId, IdentityKey> keys;
  private final Map<PartyId, Verified> verified = Collections.synchronizedMap(new HashMap<>());

  private record Verified(Octets certificate, Ed25519Verifier envelopes) {}

  public IdentityPins(Map<PartyId, IdentityKey> keys) {
    this.keys = Map.copyOf(keys);
  }

  public Optional<IdentityKey> find(PartyId party) {
    return Optional.ofNullable(keys.get(party));
  }

  /**
   * What verifies the envelopes of the party that a certificate names.
   *
   * @return empty unless the pinned key of that party signed the certificate, and for an envelope
   *     key that is none
   */
  public Optional<Ed25519Verifier> certified(EnvelopeCertificate certificate) {
    var party = certificate.body().party();
    var pin = keys.get(party);
    if (pin == null) {
      return Optional.empty();
    }
    var hash = certificate.hash();
    var known = verified.get(party);
    if (known != null && known.certificate().equals(hash)) {
      return Optional.of(known.envelopes());
    }
    if (!certificate.verifies(pin)) {
      return Optional.empty();
    }
    var envelopes = Ed25519Verifier.of(certificate.body().envelopeKey().raw());
    envelopes.ifPresent(verifier -> verified.put(party, new Verified(hash, verifier)));
    return envelopes;
  }
}
