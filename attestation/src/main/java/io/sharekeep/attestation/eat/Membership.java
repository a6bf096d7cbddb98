package io.sharekeep.attestation.eat;

import io.sharekeep.attestation.evidence.Octets;
import io.sharekeep.attestation.json.Named;
import io.sharekeep.attestation.json.NamedFields;
import io.sharekeep.cbor.Cbor;
import java.util.Map;

/**
 * A committee that this appliance is in.
 *
 * @param document SHA-384 of the committee document
 * @param party our number in it
 * @param recovery SHA-256 of the key to which our backups are sealed
 * @param banned by party, the index of the log entry that banned it
 */
public record Membership(
    String tenant,
    String id,
    Octets document,
    long party,
    Octets recovery,
    Map<String, Long> banned) {
  public Membership {
    banned = Map.copyOf(banned);
  }

  Cbor toCbor() {
    return Named.map(m ->
        m.put("tenant", tenant)
            .put("id", id)
            .put("document", document)
            .put("party", party)
            .put("recovery", recovery)
            .put(
                "banned",
                Named.map(n -> banned.forEach((who, index) -> n.put(who, (long) index)))));
  }

  static Membership read(NamedFields f) {
    return new Membership(
        f.text("tenant", 1, 64),
        f.text("id", 1, 128),
        f.octets("document", 48, 48),
        f.integer("party", 1, 65535),
        f.octets("recovery", 32, 32),
        f.free("banned", 64, (path, item) -> NamedFields.asInteger(path, item, 0, Long.MAX_VALUE)));
  }
}
