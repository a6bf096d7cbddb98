package io.sharekeep.attestation.eat;

import io.sharekeep.attestation.evidence.Octets;
import io.sharekeep.attestation.json.Named;
import io.sharekeep.attestation.json.NamedFields;
import io.sharekeep.cbor.Cbor;

/**
 * What this appliance last made of a peer's report.
 *
 * @param tier AR4SI tier
 * @param expires Unix seconds
 */
public record PeerReport(Octets ueid, Octets sha384, long tier, long expires) {
  Cbor toCbor() {
    return Named.map(
        m -> m.put("ueid", ueid).put("report", sha384).put("tier", tier).put("expires", expires));
  }

  static PeerReport read(NamedFields f) {
    return new PeerReport(
        f.octets("ueid", 33, 33),
        f.octets("report", 48, 48),
        f.integer("tier", 0, 127),
        f.integer("expires", 0, Long.MAX_VALUE));
  }
}
