package io.sharekeep.attestation.eat;

import io.sharekeep.attestation.evidence.Octets;
import io.sharekeep.attestation.json.Named;
import io.sharekeep.attestation.json.NamedFields;
import io.sharekeep.cbor.Cbor;

/**
 * How far the log has come.
 *
 * @param checkpoint a signed note, with the cosignatures of witnesses
 * @param sizeAtPrevious entries at the report before
 * @param commit number of the store's last commit
 * @param securityState 32 bytes: rolling digest of what decides signatures
 */
public record LogState(Octets checkpoint, long sizeAtPrevious, long commit, Octets securityState) {
  Cbor toCbor() {
    return Named.map(m ->
        m.put("checkpoint", checkpoint)
            .put("size_at_previous", sizeAtPrevious)
            .put("commit", commit)
            .put("security_state", securityState));
  }

  static LogState read(NamedFields f) {
    return new LogState(
        f.octets("checkpoint", 1, 16384),
        f.integer("size_at_previous", 0, Long.MAX_VALUE),
        f.integer("commit", 0, Long.MAX_VALUE),
        f.octets("security_state", 32, 32));
  }
}
