package io.sharekeep.pkcs11.profile;

import io.sharekeep.pkcs11.terms.SealSuite;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What one kind of token does differently. Each part is one group of fields of a profile file; the
 * schema beside the files says what each may hold (design: pkcs11.md, section 9).
 *
 * @param name unique, lower case
 * @param title what people call the token
 * @param measured on what it was tried by us; empty if it is written from documents alone
 * @param source where the vendor says so
 * @param aead how blobs are sealed
 * @param slack bytes that C_Decrypt wants beyond the plaintext
 * @param bounce whether the token's driver cannot write to secret memory itself
 * @param alwaysAuthenticate whether every use of a private key wants the PIN again
 * @param mixedRandom whether random bytes are XORed with the system's
 * @param callTimeout after which a call counts as hung for good
 */
public record Profile(
    String name,
    String title,
    Optional<String> measured,
    String source,
    Match match,
    Aead aead,
    Gcm gcm,
    int slack,
    boolean bounce,
    Sessions sessions,
    Pin pin,
    Signatures signatures,
    Attributes attributes,
    Loss loss,
    boolean alwaysAuthenticate,
    boolean mixedRandom,
    Duration callTimeout) {

  /** How blobs are sealed. */
  public enum Aead {
    /** AES-GCM in the token. */
    GCM,
    /** AES-CBC, then HMAC-SHA-256, both in the token. */
    CBC_HMAC,
    /** A data key that RSA-OAEP in the token seals; AES-GCM outside. */
    RSA_OAEP_DEK,
    /** Whatever a trial with throw-away keys shows to be safe. */
    PROBE,
    /** The token cannot seal. */
    NONE
  }

  /**
   * AES-GCM.
   *
   * @param form which CK_GCM_PARAMS the token reads
   * @param ivBitsSet whether ulIvBits holds the length, rather than zero
   * @param maxChunk the most plaintext in one call, in bytes
   */
  public record Gcm(Form form, boolean ivBitsSet, IvMode iv, int maxChunk) {
    /** CK_GCM_PARAMS with ulIvBits (48 bytes), without (40 bytes), or to be found out. */
    public enum Form {
      WITH_IV_BITS,
      WITHOUT_IV_BITS,
      AUTO
    }
  }

  /** Who makes the IV. */
  public sealed interface IvMode {
    /** We do. */
    record Caller() implements IvMode {}

    /** The token, which writes it over the twelve zero bytes that it is given. */
    record ReadBack() implements IvMode {}

    /** The token, which puts it after the tag. */
    record Appended(int bytes) implements IvMode {}
  }

  /**
   * Sessions.
   *
   * @param max most sessions that may be open, 0 for what the token says
   * @param readWriteOnly whether it refuses read-only ones
   * @param anchor whether one must stay open to keep the login
   */
  public record Sessions(int max, boolean readWriteOnly, boolean anchor) {}

  /**
   * The login.
   *
   * @param userType CKU_USER or a vendor's own
   * @param min shortest PIN in bytes
   * @param max longest
   * @param namesUser whether the PIN must be {@code user:password}
   */
  public record Pin(long userType, int min, int max, boolean namesUser) {}

  /**
   * How curves' values are encoded.
   *
   * @param der whether C_Sign gives a DER SEQUENCE instead of r‖s
   * @param rawPoint whether CKA_EC_POINT is the bare point instead of an OCTET STRING
   */
  public record Signatures(boolean der, boolean rawPoint) {}

  /**
   * Attributes of keys.
   *
   * @param send the optional ones that the token takes in a template, without CKA_
   * @param exempt what evidence may show instead of what is demanded: attribute and exact finding
   */
  public record Attributes(Set<String> send, Map<String, String> exempt) {
    public Attributes {
      send = Set.copyOf(send);
      exempt = Map.copyOf(exempt);
    }
  }

  /**
   * What happens when the token is lost.
   *
   * @param reinitOn return values after which the library must be initialised anew
   * @param extra return values that mean a lost session here, beyond the usual ones
   */
  public record Loss(boolean finalizeOnLost, Set<Long> reinitOn, Set<Long> extra) {
    public Loss {
      reinitOn = Set.copyOf(reinitOn);
      extra = Set.copyOf(extra);
    }
  }

  /**
   * The suite of the blobs that this token seals.
   *
   * @throws IllegalStateException if it seals none, or nobody has found out yet
   */
  public SealSuite suite() {
    return switch (aead) {
      case GCM ->
          switch (gcm.iv()) {
            case IvMode.Caller _ -> SealSuite.GCM;
            case IvMode.ReadBack _, IvMode.Appended _ -> SealSuite.GCM_TOKEN_IV;
          };
      case CBC_HMAC -> SealSuite.CBC_HMAC;
      case RSA_OAEP_DEK -> SealSuite.RSA_OAEP_GCM;
      case PROBE, NONE -> throw new IllegalStateException("profile " + name + " has no suite");
    };
  }

  /** The same, once a trial has shown what the token can do. */
  public Profile sealing(Aead found) {
    return new Profile(
        name,
        title,
        measured,
        source,
        match,
        found,
        gcm,
        slack,
        bounce,
        sessions,
        pin,
        signatures,
        attributes,
        loss,
        alwaysAuthenticate,
        mixedRandom,
        callTimeout);
  }
}
