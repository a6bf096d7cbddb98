package io.sharekeep.threshold.wire;

import io.sharekeep.threshold.PartyId;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The identity keys of a committee, from the receiver's own provisioning. Remembers, per party, the
 * last certificate whose signature it verified: an ECDSA verification costs more than all else in a
 * round. Safe for sessions on any thread.
 */
public final class IdentityPins {
  private final Map<PartyId, IdentityKey> keys;
  private final Map<PartyId, Octets> verified = Collections.synchronizedMap(new HashMap<>());

  public IdentityPins(Map<PartyId, IdentityKey> keys) {
    this.keys = Map.copyOf(keys);
  }

  public Optional<IdentityKey> find(PartyId party) {
    return Optional.ofNullable(keys.get(party));
  }

  /** Whether the pinned key of the party that it names signed this certificate. */
  public boolean certifies(EnvelopeCertificate certificate) {
    var party = certificate.body().party();
    var pin = keys.get(party);
    if (pin == null) {
      return false;
    }
    var hash = certificate.hash();
    if (Optional.ofNullable(verified.get(party)).equals(Optional.of(hash))) {
      return true;
    }
    if (!certificate.verifies(pin)) {
      return false;
    }
    verified.put(party, hash);
    return true;
  }
}
