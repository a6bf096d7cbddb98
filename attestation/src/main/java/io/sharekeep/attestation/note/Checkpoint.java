package io.sharekeep.attestation.note;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * What a log says of itself at one moment (C2SP tlog-checkpoint).
 *
 * @param origin names the log: {@code <host>/<id>}, no spaces, no plus sign
 * @param size number of entries
 * @param root 32 bytes, RFC 6962
 */
public record Checkpoint(String origin, long size, byte[] root) {
  private static final String ORIGIN = "[!-*,-~]{1,255}";

  public Checkpoint {
    if (!origin.matches(ORIGIN)) {
      throw new IllegalArgumentException(
          "the origin of a log is 1..255 printable ASCII characters without space or plus sign");
    }
    if (size < 0 || root.length != 32) {
      throw new IllegalArgumentException("not a checkpoint: size " + size);
    }
    root = root.clone();
  }

  /** Reads a note's text: exactly the three lines that {@link #text} writes. */
  public static Optional<Checkpoint> read(String text) {
    String[] lines = text.split("\n", -1);
    if (lines.length != 4 || !lines[0].matches(ORIGIN) || !lines[1].matches("0|[1-9][0-9]{0,17}")) {
      return Optional.empty();
    }
    return SignedNote.base64(lines[2])
        .filter(root -> root.length == 32)
        .map(root -> new Checkpoint(lines[0], Long.parseLong(lines[1]), root))
        // What was signed is exactly what we would have written.
        .filter(checkpoint -> Arrays.equals(checkpoint.text(), text.getBytes(UTF_8)));
  }

  /** The signed text: three lines, each with its newline. */
  public byte[] text() {
    return (origin + "\n" + size + "\n" + Base64.getEncoder().encodeToString(root) + "\n")
        .getBytes(UTF_8);
  }

  @Override
  public byte[] root() {
    return root.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Checkpoint that
        && size == that.size
        && origin.equals(that.origin)
        && Arrays.equals(root, that.root);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(size) * 31 + Arrays.hashCode(root);
  }
}
