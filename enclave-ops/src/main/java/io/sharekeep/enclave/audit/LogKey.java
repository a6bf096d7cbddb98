package io.sharekeep.enclave.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.CharacterCodingException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * The public half of a {@code log} key under the name of its log: reads and writes C2SP signed
 * notes with ECDSA P-256 signatures, type 0x02. The key id is the first four bytes of SHA-256 of
 * the SubjectPublicKeyInfo; the signature is DER over SHA-256 of the text.
 */
public final class LogKey {
  private static final String SIGNATURE_PREFIX = "\u2014 ";
  private static final int MAX_NOTE = 16 * 1024;
  private static final int MAX_SIGNATURES = 16;

  private final String origin;
  private final PublicKey key;
  private final byte[] id;

  private LogKey(String origin, PublicKey key, byte[] id) {
    this.origin = origin;
    this.key = key;
    this.id = id;
  }

  /**
   * @param spki X.509 SubjectPublicKeyInfo of a P-256 key, DER
   * @throws IllegalArgumentException if it is none
   */
  public static LogKey of(String origin, byte[] spki) {
    try {
      var key = KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(spki));
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(spki);
      return new LogKey(origin, key, Arrays.copyOf(hash, 4));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("not a P-256 SubjectPublicKeyInfo", e);
    }
  }

  public String origin() {
    return origin;
  }

  /**
   * Signs, and verifies what the signer gave before it is believed.
   *
   * @throws IllegalStateException when the signature does not verify: the token holds another key
   */
  SignedCheckpoint sign(CheckpointSigner signer, Checkpoint checkpoint) {
    byte[] text = checkpoint.text();
    byte[] der = der(signer.sign(sha256(text)));
    if (!verifies(text, der)) {
      throw new IllegalStateException("the log key's signature does not verify");
    }
    byte[] blob = Arrays.copyOf(id, id.length + der.length);
    System.arraycopy(der, 0, blob, id.length, der.length);
    var note = new ByteArrayOutputStream();
    note.writeBytes(text);
    note.writeBytes(
        ("\n" + SIGNATURE_PREFIX + origin + " " + Base64.getEncoder().encodeToString(blob) + "\n")
            .getBytes(UTF_8));
    return new SignedCheckpoint(checkpoint, note.toByteArray());
  }

  /**
   * Reads a note. Signatures of keys that we do not know are passed over; there must be one of this
   * key, and none of this key may fail.
   *
   * @return empty for anything else than a well-formed checkpoint of this log, signed by this key
   */
  public Optional<SignedCheckpoint> verify(byte[] note) {
    var checkpoint = read(note);
    return checkpoint.map(c -> new SignedCheckpoint(c, note));
  }

  private Optional<Checkpoint> read(byte[] note) {
    if (note.length > MAX_NOTE) {
      return Optional.empty();
    }
    String all;
    try {
      all = UTF_8.newDecoder().decode(java.nio.ByteBuffer.wrap(note)).toString();
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
    int split = all.lastIndexOf("\n\n");
    if (split < 0 || !all.endsWith("\n") || all.length() < split + 3) {
      return Optional.empty();
    }
    String text = all.substring(0, split + 1);
    String[] signatures = all.substring(split + 2, all.length() - 1).split("\n", -1);
    if (signatures.length > MAX_SIGNATURES || !signedBy(text.getBytes(UTF_8), signatures)) {
      return Optional.empty();
    }
    return parse(text);
  }

  private boolean signedBy(byte[] text, String[] lines) {
    boolean signed = false;
    for (String line : lines) {
      if (!line.startsWith(SIGNATURE_PREFIX)) {
        return false;
      }
      String[] parts = line.substring(SIGNATURE_PREFIX.length()).split(" ", -1);
      byte[] blob = parts.length == 2 ? base64(parts[1]).orElse(new byte[0]) : new byte[0];
      if (blob.length <= id.length) {
        return false;
      }
      if (parts[0].equals(origin) && Arrays.equals(Arrays.copyOf(blob, id.length), id)) {
        if (!verifies(text, Arrays.copyOfRange(blob, id.length, blob.length))) {
          return false;
        }
        signed = true;
      }
    }
    return signed;
  }

  private Optional<Checkpoint> parse(String text) {
    String[] lines = text.split("\n", -1);
    if (lines.length != 4 || !lines[0].equals(origin) || !lines[1].matches("0|[1-9][0-9]{0,17}")) {
      return Optional.empty();
    }
    return base64(lines[2])
        .filter(root -> root.length == 32)
        .map(root -> new Checkpoint(origin, Long.parseLong(lines[1]), root))
        // What was signed is exactly what we would have written.
        .filter(checkpoint -> Arrays.equals(checkpoint.text(), text.getBytes(UTF_8)));
  }

  private boolean verifies(byte[] text, byte[] der) {
    try {
      var verifier = Signature.getInstance("SHA256withECDSA");
      verifier.initVerify(key);
      verifier.update(text);
      return verifier.verify(der);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static Optional<byte[]> base64(String text) {
    try {
      return Optional.of(Base64.getDecoder().decode(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static byte[] sha256(byte[] text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** r ‖ s, 32 bytes each, as an ASN.1 SEQUENCE of two INTEGERs. */
  private static byte[] der(byte[] plain) {
    if (plain.length != 64) {
      throw new IllegalStateException("a P-256 signature is 64 bytes, not " + plain.length);
    }
    byte[] r = new BigInteger(1, Arrays.copyOf(plain, 32)).toByteArray();
    byte[] s = new BigInteger(1, Arrays.copyOfRange(plain, 32, 64)).toByteArray();
    var der = new ByteArrayOutputStream();
    der.write(0x30);
    der.write(r.length + s.length + 4);
    der.write(2);
    der.write(r.length);
    der.writeBytes(r);
    der.write(2);
    der.write(s.length);
    der.writeBytes(s);
    return der.toByteArray();
  }
}
