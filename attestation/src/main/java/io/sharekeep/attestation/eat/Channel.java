package io.sharekeep.attestation.eat;

import io.sharekeep.attestation.evidence.Octets;
import io.sharekeep.attestation.json.Named;
import io.sharekeep.attestation.json.NamedFields;
import io.sharekeep.cbor.Cbor;
import java.util.Optional;

/**
 * The keys by which others meet this appliance.
 *
 * @param identity SHA-256 of the {@code identity} key's SubjectPublicKeyInfo
 * @param envelope the short-lived envelope key, 32 bytes
 * @param envelopeSerial of its certificate
 * @param receipt the receipt key of this boot, 32 bytes, where receipts are given
 * @param tls SHA-256 of the {@code tls} key's SubjectPublicKeyInfo
 * @param exporter RFC 9266 value of the connection that asked, 32 bytes
 */
public record Channel(
    Octets identity,
    Octets envelope,
    long envelopeSerial,
    Optional<Octets> receipt,
    Octets tls,
    Optional<Octets> exporter) {
  Cbor toCbor() {
    return Named.map(m ->
        m.put("identity", identity)
            .put("envelope", envelope)
            .put("envelope_serial", envelopeSerial)
            .put("receipt", receipt, Named::bytes)
            .put("tls", tls)
            .put("ekm", exporter, Named::bytes));
  }

  static Channel read(NamedFields f) {
    return new Channel(
        f.octets("identity", 32, 32),
        f.octets("envelope", 32, 32),
        f.integer("envelope_serial", 0, Long.MAX_VALUE),
        f.optional("receipt", g -> g.octets("receipt", 32, 32)),
        f.octets("tls", 32, 32),
        f.optional("ekm", g -> g.octets("ekm", 32, 32)));
  }
}
