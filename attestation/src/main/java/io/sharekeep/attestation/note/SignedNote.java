package io.sharekeep.attestation.note;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sharekeep.attestation.evidence.Octets;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * A text and signatures under it (C2SP signed-note), as read: no signature has been verified.
 *
 * @param text with its final newline: what is signed
 */
public record SignedNote(String text, List<Line> lines) {
  static final String PREFIX = "\u2014 ";
  private static final int MAX_BYTES = 16 * 1024;
  private static final int MAX_SIGNATURES = 16;

  public SignedNote {
    lines = List.copyOf(lines);
  }

  /**
   * One signature.
   *
   * @param name of the key
   * @param keyId the first 4 bytes of a hash of name and key
   * @param signature what its type makes of it
   */
  public record Line(String name, Octets keyId, byte[] signature) {
    String written() {
      byte[] blob = Arrays.copyOf(keyId.value(), 4 + signature.length);
      System.arraycopy(signature, 0, blob, 4, signature.length);
      return PREFIX + name + " " + Base64.getEncoder().encodeToString(blob) + "\n";
    }
  }

  /** Empty for what is no note: bad UTF-8, control characters, a line that is no signature. */
  public static Optional<SignedNote> read(byte[] note) {
    if (note.length > MAX_BYTES) {
      return Optional.empty();
    }
    String all;
    try {
      all = UTF_8.newDecoder().decode(ByteBuffer.wrap(note)).toString();
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
    int split = all.lastIndexOf("\n\n");
    if (split < 0
        || !all.endsWith("\n")
        || all.length() < split + 3
        || all.chars().anyMatch(c -> c != '\n' && (c < 0x20 || c == 0x7f))) {
      return Optional.empty();
    }
    String[] signatures = all.substring(split + 2, all.length() - 1).split("\n", -1);
    if (signatures.length > MAX_SIGNATURES) {
      return Optional.empty();
    }
    var lines = new ArrayList<Line>();
    for (String signature : signatures) {
      var line = line(signature);
      if (line.isEmpty()) {
        return Optional.empty();
      }
      lines.add(line.get());
    }
    return Optional.of(new SignedNote(all.substring(0, split + 1), lines));
  }

  private static Optional<Line> line(String line) {
    String[] parts =
        line.startsWith(PREFIX) ? line.substring(PREFIX.length()).split(" ", -1) : new String[0];
    if (parts.length != 2 || parts[0].isEmpty() || parts[0].contains("+")) {
      return Optional.empty();
    }
    return base64(parts[1])
        .filter(blob -> blob.length > 4)
        .map(blob ->
            new Line(
                parts[0],
                new Octets(Arrays.copyOf(blob, 4)),
                Arrays.copyOfRange(blob, 4, blob.length)));
  }

  /** Standard base64 as an encoder writes it, and no other spelling of the same bytes. */
  static Optional<byte[]> base64(String text) {
    try {
      byte[] bytes = Base64.getDecoder().decode(text);
      return Base64.getEncoder().encodeToString(bytes).equals(text)
          ? Optional.of(bytes)
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** What this note holds of one key. */
  public Verified by(NoteKey key) {
    var result = (Verified) new Verified.Absent();
    for (var line : lines) {
      if (line.name().equals(key.name()) && line.keyId().equals(key.id())) {
        var at = key.verify(text, line.signature());
        if (at.isEmpty()) {
          return new Verified.Bad();
        }
        result = new Verified.Signed(at.get());
      }
    }
    return result;
  }

  /** Of one key in one note. */
  public sealed interface Verified {
    /** That key has not signed. */
    record Absent() implements Verified {}

    /** A signature in that key's name does not verify, which spoils the note. */
    record Bad() implements Verified {}

    /**
     * @param time Unix seconds that a cosignature states; 0 for a plain signature
     */
    record Signed(long time) implements Verified {}
  }

  /** With one more signature. */
  public SignedNote with(Line line) {
    var more = new ArrayList<>(lines);
    more.add(line);
    return new SignedNote(text, more);
  }

  public byte[] bytes() {
    var note = new StringBuilder(text).append('\n');
    lines.forEach(line -> note.append(line.written()));
    return note.toString().getBytes(UTF_8);
  }
}
