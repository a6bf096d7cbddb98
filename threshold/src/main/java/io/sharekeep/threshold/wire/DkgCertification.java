package io.sharekeep.threshold.wire;

import io.sharekeep.cbor.Cbor;
import io.sharekeep.cbor.Parsed;

/**
 * Key generation, round 4, broadcast.
 *
 * @param signature of the identity key over the certificate statement, 64 bytes; what it covers
 *     everybody has computed
 */
public record DkgCertification(Octets signature) {
  private static final int MAX_LENGTH = 80;

  public DkgCertification {
    signature.sized(IdentityKey.SIGNATURE_LENGTH);
  }

  public Octets encoded() {
    return Octets.owned(WireCodec.encode(Cbor.map(map -> map.put(1, signature.raw()))));
  }

  public static Parsed<DkgCertification> decode(Octets payload) {
    return WireCodec.decode(
        payload.raw(),
        MAX_LENGTH,
        fields -> new DkgCertification(WireCodec.octets(fields, 1, IdentityKey.SIGNATURE_LENGTH)));
  }
}
