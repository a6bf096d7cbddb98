package io.sharekeep.threshold.group;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;

/**
 * Verifies many Ed25519 signatures of one key, RFC 8032 section 5.1.7: the multiples of the key are
 * made once, after which a verification is half of what one costs that begins with the key's bytes.
 * Safe for use by several threads.
 *
 * <p>As strict as libsodium where the key is good: S below the order, and R as it must come out,
 * byte by byte, and not the identity.
 */
public final class Ed25519Verifier {
  private static final int HALF = 32;

  private final byte[] key;
  private final EdwardsWindows negated;

  private Ed25519Verifier(byte[] key, EdwardsPoint point) {
    this.key = key;
    this.negated = new EdwardsWindows(point.negate());
  }

  /**
   * @return empty for a key that is not the canonical encoding of a point other than the identity
   *     in the prime-order subgroup: no key generation makes another
   */
  public static Optional<Ed25519Verifier> of(byte[] key) {
    return EdwardsPoint.decode(key)
        .filter(point -> !point.isIdentity() && point.inPrimeSubgroup())
        .map(point -> new Ed25519Verifier(key.clone(), point));
  }

  /**
   * @param signature R and S, 64 bytes; false for another length
   */
  public boolean verifies(byte[] message, byte[] signature) {
    if (signature.length != 2 * HALF) {
      return false;
    }
    var field = ScalarField.ED25519;
    var s = field.decode(Arrays.copyOfRange(signature, HALF, 2 * HALF));
    if (s.isEmpty()) {
      return false;
    }
    var challenge = field.reduce(digest(signature, message));
    var sum = new EdwardsSum();
    EdwardsWindows.BASE.addTo(sum, field.limbs(s.get()));
    negated.addTo(sum, field.limbs(challenge));
    return !sum.isIdentity() && Arrays.equals(sum.affine().encoded(), 0, HALF, signature, 0, HALF);
  }

  private byte[] digest(byte[] signature, byte[] message) {
    try {
      var sha512 = MessageDigest.getInstance("SHA-512");
      sha512.update(signature, 0, HALF);
      sha512.update(key);
      return sha512.digest(message);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java platform has SHA-512", impossible);
    }
  }
}
