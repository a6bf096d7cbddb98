package io.sharekeep.committee;

import static java.nio.charset.StandardCharsets.US_ASCII;

import fr.acinq.secp256k1.Secp256k1;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;

/** BIP-341's output key without a script tree, by libsecp256k1: not by the code under test. */
final class TaprootOutput {
  private TaprootOutput() {}

  /** Q = lift_x(P) + hash_TapTweak(P)·G, x-only. */
  static byte[] of(byte[] internalKey) {
    var compressed = new byte[33];
    compressed[0] = 2;
    System.arraycopy(internalKey, 0, compressed, 1, 32);
    var output = Secp256k1.get().pubKeyTweakAdd(compressed, tweak(internalKey));
    return Arrays.copyOfRange(output, 1, 33);
  }

  private static byte[] tweak(byte[] internalKey) {
    try {
      var sha256 = MessageDigest.getInstance("SHA-256");
      var tag = sha256.digest("TapTweak".getBytes(US_ASCII));
      sha256.update(tag);
      sha256.update(tag);
      return sha256.digest(internalKey);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
