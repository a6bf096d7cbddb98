package io.sharekeep.threshold.wire;

import io.sharekeep.cbor.Cbor;
import io.sharekeep.cbor.Parsed;

/**
 * Key generation, round 1, broadcast.
 *
 * @param nonce n, 32 bytes: makes the session unique for its sender
 * @param commitment com, 32 bytes: to what round 2 opens
 * @param ephemeralKey eph, 32 bytes: the X25519 key to seal to
 */
public record DkgCommitment(Octets nonce, Octets commitment, Octets ephemeralKey) {
  private static final int MAX_LENGTH = 128;

  public DkgCommitment {
    nonce.sized(32);
    commitment.sized(32);
    ephemeralKey.sized(32);
  }

  public Octets encoded() {
    return Octets.owned(
        WireCodec.encode(
            Cbor.map(map ->
                map.put(1, nonce.raw()).put(2, commitment.raw()).put(3, ephemeralKey.raw()))));
  }

  public static Parsed<DkgCommitment> decode(Octets payload) {
    return WireCodec.decode(
        payload.raw(),
        MAX_LENGTH,
        fields ->
            new DkgCommitment(
                WireCodec.octets(fields, 1, 32),
                WireCodec.octets(fields, 2, 32),
                WireCodec.octets(fields, 3, 32)));
  }
}
