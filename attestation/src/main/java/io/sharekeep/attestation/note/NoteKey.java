package io.sharekeep.attestation.note;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sharekeep.attestation.cose.PublicKeys;
import io.sharekeep.attestation.evidence.Octets;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A public key that signs notes, under its name (attestation, section 9).
 *
 * @param id 4 bytes that name the key in a signature line
 */
public record NoteKey(Kind kind, String name, Octets id, PublicKey key) {
  private static final String PEER_TYPE = "sharekeep.io/cosignature-p256/v1";

  /** {@code SubjectPublicKeyInfo} of an Ed25519 key up to its 32 bytes, RFC 8410. */
  private static final byte[] ED25519_SPKI = HexFormat.of().parseHex("302a300506032b6570032100");

  /** What a key signs, and how. */
  public enum Kind {
    /** The text. */
    ED25519(0x01),

    /** The text; ASN.1 DER over SHA-256: a {@code log} key. */
    ECDSA(0x02),

    /** A witness's cosignature with its time. */
    COSIGNATURE_ED25519(0x04),

    /** A peer's cosignature with its time, by its {@code log} key. */
    COSIGNATURE_P256(0xff);

    private final int type;

    Kind(int type) {
      this.type = type;
    }
  }

  /** Of a log, type 0x02. */
  public static Optional<NoteKey> log(String name, byte[] spki) {
    return p256(spki).map(key -> new NoteKey(Kind.ECDSA, name, first4(Octets.sha256(spki)), key));
  }

  /** Of a peer that cosigns with its {@code log} key, type 0xff. */
  public static Optional<NoteKey> peer(String name, byte[] spki) {
    return p256(spki)
        .map(key ->
            new NoteKey(Kind.COSIGNATURE_P256, name, hashed(name, 0xff, PEER_TYPE, spki), key));
  }

  /**
   * Reads {@code name+id+base64}: the type byte, for 0xff the name of the type, and the key.
   *
   * @return empty if it is none, or of a type that is not known here
   */
  public static Optional<NoteKey> parse(String vkey) {
    String[] parts = vkey.split("\\+", 3);
    if (parts.length != 3 || parts[0].isEmpty() || !parts[0].matches("[!-*,-~]{1,255}")) {
      return Optional.empty();
    }
    return SignedNote.base64(parts[2])
        .filter(bytes -> bytes.length > 1)
        .flatMap(bytes -> of(parts[0], bytes))
        .filter(key -> key.id().toString().equals(parts[1]));
  }

  private static Optional<NoteKey> of(String name, byte[] typed) {
    byte[] key = Arrays.copyOfRange(typed, 1, typed.length);
    return switch (typed[0] & 0xff) {
      case 0x01 -> ed25519(Kind.ED25519, name, key);
      case 0x02 -> log(name, key);
      case 0x04 -> ed25519(Kind.COSIGNATURE_ED25519, name, key);
      case 0xff -> {
        byte[] type = PEER_TYPE.getBytes(UTF_8);
        yield key.length > type.length && Arrays.equals(Arrays.copyOf(key, type.length), type)
            ? peer(name, Arrays.copyOfRange(key, type.length, key.length))
            : Optional.empty();
      }
      default -> Optional.empty();
    };
  }

  private static Optional<NoteKey> ed25519(Kind kind, String name, byte[] raw) {
    if (raw.length != 32) {
      return Optional.empty();
    }
    byte[] spki = Arrays.copyOf(ED25519_SPKI, ED25519_SPKI.length + raw.length);
    System.arraycopy(raw, 0, spki, ED25519_SPKI.length, raw.length);
    return PublicKeys.ed25519(spki)
        .map(key -> new NoteKey(kind, name, hashed(name, kind.type, "", raw), key));
  }

  private static Optional<PublicKey> p256(byte[] spki) {
    return PublicKeys.ec(spki)
        .filter(key ->
            key instanceof ECPublicKey ec
                && ec.getParams().getCurve().getField().getFieldSize() == 256);
  }

  private static Octets hashed(String name, int type, String typeName, byte[] key) {
    var input = new ByteArrayOutputStream();
    input.writeBytes(name.getBytes(UTF_8));
    input.write('\n');
    input.write(type);
    input.writeBytes(typeName.getBytes(UTF_8));
    input.writeBytes(key);
    return first4(Octets.sha256(input.toByteArray()));
  }

  private static Octets first4(Octets hash) {
    return new Octets(Arrays.copyOf(hash.value(), 4));
  }

  /** What a cosigner signs: a header line with the time, so that it is no checkpoint. */
  public static byte[] cosigned(long time, String text) {
    return ("cosignature/v1\ntime " + time + "\n" + text).getBytes(UTF_8);
  }

  /** The time that a valid signature states, 0 for a plain one; empty if it does not verify. */
  Optional<Long> verify(String text, byte[] signature) {
    return switch (kind) {
      case ED25519 -> verified("Ed25519", text.getBytes(UTF_8), signature, 0);
      case ECDSA -> verified("SHA256withECDSA", text.getBytes(UTF_8), signature, 0);
      case COSIGNATURE_ED25519 -> cosignature("Ed25519", text, signature);
      case COSIGNATURE_P256 -> cosignature("SHA256withECDSA", text, signature);
    };
  }

  private Optional<Long> cosignature(String algorithm, String text, byte[] timed) {
    if (timed.length <= Long.BYTES) {
      return Optional.empty();
    }
    long time = ByteBuffer.wrap(timed).getLong();
    return time < 0
        ? Optional.empty()
        : verified(
            algorithm,
            cosigned(time, text),
            Arrays.copyOfRange(timed, Long.BYTES, timed.length),
            time);
  }

  private Optional<Long> verified(String algorithm, byte[] message, byte[] signature, long time) {
    try {
      var verifier = Signature.getInstance(algorithm);
      verifier.initVerify(key);
      verifier.update(message);
      return verifier.verify(signature) ? Optional.of(time) : Optional.empty();
    } catch (GeneralSecurityException e) {
      return Optional.empty();
    }
  }
}
