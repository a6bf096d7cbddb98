package io.sharekeep.committee;

import fr.acinq.secp256k1.Secp256k1;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;

/** Verifiers that share no code with the signers. */
public enum IndependentVerifier {
  /** The JDK's own Ed25519, RFC 8032. */
  JDK_ED25519("JDK Ed25519") {
    @Override
    public boolean verifies(byte[] publicKey, byte[] message, byte[] signature) {
      try {
        // The SubjectPublicKeyInfo of RFC 8410 is these twelve bytes and the key.
        var spki = HexFormat.of().parseHex("302a300506032b6570032100" + hex(publicKey));
        var verifier = Signature.getInstance("Ed25519");
        verifier.initVerify(
            KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(spki)));
        verifier.update(message);
        return verifier.verify(signature);
      } catch (GeneralSecurityException e) {
        return false; // a key or signature that cannot be read verifies nothing
      }
    }
  },

  /** libsecp256k1's Schnorr verification, BIP-340, through its JNI binding. */
  LIBSECP256K1("libsecp256k1 schnorr_verify") {
    @Override
    public boolean verifies(byte[] publicKey, byte[] message, byte[] signature) {
      return publicKey.length == 32
          && message.length == 32
          && signature.length == 64
          && Secp256k1.get().verifySchnorr(signature, message, publicKey);
    }
  },

  /** libsecp256k1's ECDSA verification, which takes a low s alone, through its JNI binding. */
  LIBSECP256K1_ECDSA("libsecp256k1 ecdsa_verify") {
    @Override
    public boolean verifies(byte[] publicKey, byte[] message, byte[] signature) {
      return publicKey.length == 33
          && message.length == 32
          && signature.length == 64
          && Secp256k1.get().verify(signature, message, publicKey);
    }
  };

  private final String title;

  IndependentVerifier(String title) {
    this.title = title;
  }

  /** The one for a signature scheme by its public name. */
  public static IndependentVerifier of(String scheme) {
    return switch (scheme) {
      case "frost-ed25519" -> JDK_ED25519;
      case "frost-secp256k1-tr" -> LIBSECP256K1;
      case "dkls23-secp256k1" -> LIBSECP256K1_ECDSA;
      default -> throw new IllegalArgumentException("no verifier for scheme " + scheme);
    };
  }

  /** For people and result files. */
  public String title() {
    return title;
  }

  /**
   * @param publicKey 32 bytes: Ed25519's encoding, or x-only; for ECDSA 33, compressed
   */
  public abstract boolean verifies(byte[] publicKey, byte[] message, byte[] signature);

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
