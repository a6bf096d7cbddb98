package io.sharekeep.intent;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.Arrays;

/** A signature for a chain: r and s, where s is low (BIP-146, EIP-2). */
record EcdsaSignature(BigInteger r, BigInteger s) {
  /**
   * @param compact r ‖ s, 64 bytes
   * @throws IllegalArgumentException if no chain would take it: its maker has not verified it
   */
  static EcdsaSignature of(byte[] compact) {
    var r = new BigInteger(1, Arrays.copyOfRange(compact, 0, 32));
    var s = new BigInteger(1, Arrays.copyOfRange(compact, 32, 64));
    if (r.signum() == 0
        || r.compareTo(Secp256k1.N) >= 0
        || s.signum() == 0
        || s.compareTo(Secp256k1.N.shiftRight(1)) > 0) {
      throw new IllegalArgumentException("r or s is out of range, or s is high");
    }
    return new EcdsaSignature(r, s);
  }

  /** The parity of y(R) that recovers the key. */
  int parity(byte[] digest, Bytes key) {
    for (int parity = 0; parity < 2; parity++) {
      var recovered = Secp256k1.recover(digest, r, s, parity);
      if (recovered.filter(point -> point.compressed().equals(key)).isPresent()) {
        return parity;
      }
    }
    throw new IllegalArgumentException("the signature is not our key's");
  }

  /** SEC 1 appendix C.8, strict as BIP-66 wants it: at most 71 bytes with a low s. */
  byte[] der() {
    var first = r.toByteArray();
    var second = s.toByteArray();
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
