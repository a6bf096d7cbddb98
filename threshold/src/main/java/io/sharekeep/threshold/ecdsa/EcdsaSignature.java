package io.sharekeep.threshold.ecdsa;

import io.sharekeep.threshold.group.PublicScalar;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;

/**
 * A verified signature with a low s (BIP-146).
 *
 * @param r not zero
 * @param s at most q/2, not zero
 * @param recoveryId 0..3: bit 0 is the parity of y(R), bit 1 says that x(R) ≥ q
 */
public record EcdsaSignature(PublicScalar r, PublicScalar s, int recoveryId) {
  /** r ‖ s, 64 bytes. */
  public byte[] compact() {
    var out = new ByteArrayOutputStream();
    out.writeBytes(r.encoded());
    out.writeBytes(s.encoded());
    return out.toByteArray();
  }

  /** DER, SEC 1 appendix C.8, strict as BIP-66 wants it: at most 71 bytes. */
  public byte[] der() {
    var first = new BigInteger(1, r.encoded()).toByteArray();
    var second = new BigInteger(1, s.encoded()).toByteArray();
    var out = new ByteArrayOutputStream();
    out.write(0x30);
    out.write(4 + first.length + second.length);
    out.write(2);
    out.write(first.length);
    out.writeBytes(first);
    out.write(2);
    out.write(second.length);
    out.writeBytes(second);
    return out.toByteArray();
  }
}
