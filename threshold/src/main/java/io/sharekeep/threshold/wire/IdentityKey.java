package io.sharekeep.threshold.wire;

import io.sharekeep.cbor.Parsed;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;

/**
 * A party's long-term P-256 public key as the committee document pins it. Its private half lies in
 * that party's HSM and signs only tagged structures.
 */
public final class IdentityKey {
  /** Bytes of a signature r ‖ s. */
  public static final int SIGNATURE_LENGTH = 64;

  /** What every uncompressed P-256 SubjectPublicKeyInfo begins with (RFC 5480). */
  private static final byte[] SPKI_PREFIX =
      Octets.ofHex("3059301306072a8648ce3d020106082a8648ce3d03010703420004").toArray();

  private static final int SPKI_LENGTH = SPKI_PREFIX.length + 64;

  private final ECPublicKey key;
  private final Octets digest;

  private IdentityKey(ECPublicKey key, Octets digest) {
    this.key = key;
    this.digest = digest;
  }

  /**
   * @param spki the DER SubjectPublicKeyInfo of an uncompressed P-256 point, 91 bytes
   */
  public static Parsed<IdentityKey> parse(byte[] spki) {
    if (spki.length != SPKI_LENGTH
        || !Arrays.equals(spki, 0, SPKI_PREFIX.length, SPKI_PREFIX, 0, SPKI_PREFIX.length)) {
      return new Parsed.Malformed<>("identity key: not an uncompressed P-256 key");
    }
    try {
      var key = KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(spki));
      return key instanceof ECPublicKey ec
          ? new Parsed.Valid<>(new IdentityKey(ec, digestOf(spki)))
          : new Parsed.Malformed<>("identity key: not an elliptic-curve key");
    } catch (InvalidKeySpecException offCurve) {
      return new Parsed.Malformed<>("identity key: not a point of P-256");
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("this Java platform has no EC", impossible);
    }
  }

  /** SHA-256 of the SubjectPublicKeyInfo, by which contexts and certificates name a key. */
  public Octets digest() {
    return digest;
  }

  /** The digest of any public key by its SubjectPublicKeyInfo. */
  public static Octets digestOf(byte[] spki) {
    try {
      return Octets.owned(MessageDigest.getInstance("SHA-256").digest(spki));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every Java platform has SHA-256", impossible);
    }
  }

  /** ECDSA over SHA-256 of {@code message}; {@code signature} is r ‖ s, 64 bytes. */
  public boolean verifies(byte[] message, byte[] signature) {
    if (signature.length != SIGNATURE_LENGTH) {
      return false;
    }
    try {
      var verifier = Signature.getInstance("SHA256withECDSAinP1363Format");
      verifier.initVerify(key);
      verifier.update(message);
      return verifier.verify(signature);
    } catch (java.security.SignatureException malformed) {
      return false;
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("this Java platform has no P-256 ECDSA", impossible);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof IdentityKey that && digest.equals(that.digest);
  }

  @Override
  public int hashCode() {
    return digest.hashCode();
  }

  @Override
  public String toString() {
    return "identity key " + digest;
  }
}
