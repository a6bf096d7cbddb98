package io.sharekeep.threshold.primitive;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.sharekeep.threshold.foreign.Secp256k1;
import io.sharekeep.threshold.foreign.Secp256k1Library;
import io.sharekeep.threshold.foreign.Sodium;
import io.sharekeep.threshold.foreign.SodiumLibrary;
import java.lang.foreign.Arena;

/**
 * Verifies finished signatures by libsodium and libsecp256k1, apart from the code that made them.
 * All operands are public. Safe for use by several threads.
 */
public final class SignatureVerifier {
  private final Secp256k1 secp256k1;

  private SignatureVerifier(Secp256k1 secp256k1) {
    this.secp256k1 = secp256k1;
  }

  /**
   * The verifier, once both libraries are there.
   *
   * @throws IllegalStateException when one is missing; the message says what to do
   */
  public static SignatureVerifier open() {
    var _ = SodiumLibrary.load().required();
    var _ = Secp256k1Library.load().required();
    return new SignatureVerifier(Secp256k1.forPublicValues());
  }

  /**
   * Ed25519 by RFC 8032 section 5.1.7, strictly: S below the order, public key and R canonical and
   * not of small order.
   *
   * <p>What it accepts satisfies the equation without cofactor, as an equality of canonical
   * encodings, and therefore also the one with it: every conforming verifier accepts it.
   *
   * @param publicKey 32 bytes; false for another length
   * @param signature 64 bytes; false for another length
   */
  public boolean ed25519(byte[] publicKey, byte[] message, byte[] signature) {
    if (publicKey.length != 32 || signature.length != 64) {
      return false;
    }
    try (var arena = Arena.ofConfined()) {
      return Sodium.verify(
          arena.allocateFrom(JAVA_BYTE, signature),
          arena.allocateFrom(JAVA_BYTE, message),
          arena.allocateFrom(JAVA_BYTE, publicKey));
    }
  }

  /**
   * Schnorr by BIP-340, for messages of any length.
   *
   * @param xOnly 32 bytes; false for another length
   * @param signature 64 bytes; false for another length
   */
  public boolean bip340(byte[] xOnly, byte[] message, byte[] signature) {
    if (xOnly.length != 32 || signature.length != 64) {
      return false;
    }
    try (var arena = Arena.ofConfined()) {
      return secp256k1.schnorrVerify(
          arena.allocateFrom(JAVA_BYTE, signature),
          arena.allocateFrom(JAVA_BYTE, message),
          arena.allocateFrom(JAVA_BYTE, xOnly));
    }
  }
}
