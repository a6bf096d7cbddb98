package io.sharekeep.attestation.note;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sharekeep.attestation.evidence.Octets;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The public half of a {@code log} key under the name of its log: type 0x02 of signed notes. */
public final class LogKey {
  private final NoteKey key;

  private LogKey(NoteKey key) {
    this.key = key;
  }

  /**
   * @param spki X.509 SubjectPublicKeyInfo of a P-256 key, DER
   * @throws IllegalArgumentException if it is none
   */
  public static LogKey of(String origin, byte[] spki) {
    return NoteKey.log(origin, spki)
        .map(LogKey::new)
        .orElseThrow(() -> new IllegalArgumentException("not a P-256 SubjectPublicKeyInfo"));
  }

  public String origin() {
    return key.name();
  }

  /**
   * Signs, and verifies what the signer gave before it is believed.
   *
   * @throws IllegalStateException when the signature does not verify: the token holds another key
   */
  public SignedCheckpoint sign(CheckpointSigner signer, Checkpoint checkpoint) {
    byte[] text = checkpoint.text();
    byte[] der = der(signer.sign(Octets.sha256(text).value()));
    var note =
        new SignedNote(
            new String(text, UTF_8), List.of(new SignedNote.Line(key.name(), key.id(), der)));
    if (!(note.by(key) instanceof SignedNote.Verified.Signed)) {
      throw new IllegalStateException("the log key's signature does not verify");
    }
    return new SignedCheckpoint(checkpoint, note.bytes());
  }

  /**
   * Reads a note. Signatures of keys that we do not know are passed over; there must be one of this
   * key, and none of this key may fail.
   *
   * @return empty for anything else than a well-formed checkpoint of this log, signed by this key
   */
  public Optional<SignedCheckpoint> verify(byte[] note) {
    return SignedNote.read(note)
        .filter(read -> read.by(key) instanceof SignedNote.Verified.Signed)
        .flatMap(read -> Checkpoint.read(read.text()))
        .filter(checkpoint -> checkpoint.origin().equals(origin()))
        .map(checkpoint -> new SignedCheckpoint(checkpoint, note));
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
