package io.sharekeep.intent;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A group key on secp256k1 with its chain code: what BIP-32's public derivation starts from.
 *
 * @param publicKey 33 bytes, compressed, without any tweak
 * @param chainCode 32 bytes
 */
public record ExtendedKey(Bytes publicKey, Bytes chainCode) {
  private static final String HMAC = "HmacSHA512";

  public ExtendedKey {
    if (chainCode.length() != 32 || Secp256k1.Point.decode(publicKey).isEmpty()) {
      throw new IllegalArgumentException("no public key on secp256k1 with a chain code");
    }
  }

  /**
   * BIP-32, "Public parent key → public child key". Empty for a hardened step, which a threshold
   * key does not have, and for the rare index without a key.
   */
  Optional<ExtendedKey> child(long index) {
    if (index < 0 || index > Integer.MAX_VALUE) {
      return Optional.empty();
    }
    var data = ByteBuffer.allocate(37).put(publicKey.toArray()).putInt((int) index).array();
    byte[] i;
    try {
      var mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(chainCode.toArray(), HMAC));
      i = mac.doFinal(data);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HMAC-SHA-512", e);
    }
    var parent = Secp256k1.Point.decode(publicKey).orElseThrow();
    return Secp256k1.scalar(Bytes.of(i, 0, 32))
        .map(offset -> Secp256k1.GENERATOR.multiply(offset).add(parent))
        .filter(child -> !child.isInfinity())
        .map(child -> new ExtendedKey(child.compressed(), Bytes.of(Arrays.copyOfRange(i, 32, 64))));
  }
}
