package io.sharekeep.threshold.wire;

import io.sharekeep.cbor.Parsed;
import io.sharekeep.threshold.primitive.P256Verifier;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * A party's long-term P-256 public key as the committee document pins it. Its private half lies in
 * that party's HSM and signs only tagged structures.
 */
public final class IdentityKey {
  /** Bytes of a signature r ‖ s. */
  public static final int SIGNATURE_LENGTH = P256Verifier.SIGNATURE_LENGTH;

  /** What every uncompressed P-256 SubjectPublicKeyInfo begins with (RFC 5480). */
  private static final byte[] SPKI_PREFIX =
      Octets.ofHex("3059301306072a8648ce3d020106082a8648ce3d03010703420004").toArray();

  private static final int SPKI_LENGTH = SPKI_PREFIX.length + 64;

  private final P256Verifier verifier;
  private final Octets digest;

  private IdentityKey(P256Verifier verifier, Octets digest) {
    this.verifier = verifier;
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
    return P256Verifier.of(spki)
        .<Parsed<IdentityKey>>map(
            verifier -> new Parsed.Valid<>(new IdentityKey(verifier, digestOf(spki))))
        .orElseGet(() -> new Parsed.Malformed<>("identity key: not a point of P-256"));
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
    return verifier.verifies(message, signature);
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
