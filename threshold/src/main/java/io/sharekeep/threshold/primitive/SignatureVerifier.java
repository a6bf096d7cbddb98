package io.sharekeep.threshold.primitive;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.sharekeep.threshold.foreign.Secp256k1;
import io.sharekeep.threshold.foreign.Secp256k1Library;
import io.sharekeep.threshold.foreign.Sodium;
import io.sharekeep.threshold.foreign.SodiumLibrary;
import java.lang.foreign.Arena;
import java.util.Optional;

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
   * ECDSA on secp256k1 with a low s, SEC 1 section 4.1.4 and BIP-146.
   *
   * @param publicKey SEC 1, 33 bytes; false for another length
   * @param digest 32 bytes; false for another length
   * @param signature r ‖ s, 64 bytes; false for another length
   */
  public boolean ecdsa(byte[] publicKey, byte[] digest, byte[] signature) {
    if (publicKey.length != 33 || digest.length != 32 || signature.length != 64) {
      return false;
    }
    try (var arena = Arena.ofConfined()) {
      var point = arena.allocate(Secp256k1.POINT_LENGTH);
      return secp256k1.parse(arena.allocateFrom(JAVA_BYTE, publicKey), point)
          && secp256k1.ecdsaVerify(
              arena.allocateFrom(JAVA_BYTE, signature),
              arena.allocateFrom(JAVA_BYTE, digest),
              point);
    }
  }

  /**
   * The public key that an ECDSA signature belongs to, SEC 1 section 4.1.6.
   *
   * @param digest 32 bytes
   * @param signature r ‖ s, 64 bytes
   * @param recoveryId 0..3
   * @return 33 bytes; empty when there is none, or an argument is out of range
   */
  public Optional<byte[]> recover(byte[] digest, byte[] signature, int recoveryId) {
    if (digest.length != 32 || signature.length != 64 || recoveryId < 0 || recoveryId > 3) {
      return Optional.empty();
    }
    try (var arena = Arena.ofConfined()) {
      var point = arena.allocate(Secp256k1.POINT_LENGTH);
      if (!secp256k1.recover(
          arena.allocateFrom(JAVA_BYTE, signature),
          recoveryId,
          arena.allocateFrom(JAVA_BYTE, digest),
          point)) {
        return Optional.empty();
      }
      var encoding = arena.allocate(33);
      secp256k1.serialize(point, encoding);
      return Optional.of(encoding.toArray(JAVA_BYTE));
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
