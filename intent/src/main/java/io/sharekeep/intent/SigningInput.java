package io.sharekeep.intent;

/**
 * One signature that the transaction needs from us.
 *
 * @param index which input of the transaction it is for, from 0
 * @param scheme how to sign
 * @param path derivation path of the key, {@code m} for the key itself
 * @param tweak what to do to the group key before signing
 * @param bytes exactly what is signed: Ed25519 takes the whole message, the others a 32-byte digest
 */
public record SigningInput(int index, Scheme scheme, String path, Tweak tweak, Bytes bytes) {
  /** The signature schemes that a chain can ask of us. */
  public enum Scheme {
    /** RFC 8032, over the message itself. */
    ED25519("ed25519"),
    /** BIP-340, over a 32-byte digest. */
    BIP340("bip340"),
    /** ECDSA on secp256k1 with a low s, over a 32-byte digest. */
    ECDSA("ecdsa");

    private final String label;

    Scheme(String label) {
      this.label = label;
    }

    /** The curve's usual name. */
    public String curve() {
      return this == ED25519 ? "ed25519" : "secp256k1";
    }

    public String label() {
      return label;
    }
  }

  /** How the key that the chain sees comes from the group key. */
  public enum Tweak {
    /** It is the group key. */
    NONE("none"),
    /** The Taproot output key without a script tree (BIP-86, BIP-341). */
    BIP86("bip86");

    private final String label;

    Tweak(String label) {
      this.label = label;
    }

    public String label() {
      return label;
    }
  }
}
