package io.sharekeep.intent;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
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
  /** Steps that a path may have. */
  static final int MAX_DEPTH = 8;

  private static final String HMAC = "HmacSHA512";

  public ExtendedKey {
    if (chainCode.length() != 32 || Secp256k1.Point.decode(publicKey).isEmpty()) {
      throw new IllegalArgumentException("no public key on secp256k1 with a chain code");
    }
  }

  /**
   * The key at a path: 33 bytes, compressed. Empty for a hardened step, a path that is too deep,
   * and the rare index that has no key.
   */
  Optional<Bytes> at(List<Long> path) {
    if (path.size() > MAX_DEPTH
        || path.stream().anyMatch(step -> step < 0 || step > Integer.MAX_VALUE)) {
      return Optional.empty();
    }
    var found = Optional.of(this);
    for (long step : path) {
      found = found.flatMap(parent -> parent.child((int) step));
    }
    return found.map(ExtendedKey::publicKey);
  }

  /** BIP-32, "Public parent key → public child key". */
  private Optional<ExtendedKey> child(int index) {
    var data = ByteBuffer.allocate(37).put(publicKey.toArray()).putInt(index).array();
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
