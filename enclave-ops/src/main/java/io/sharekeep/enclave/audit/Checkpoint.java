package io.sharekeep.enclave.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Base64;

/**
 * What a log says of itself at one moment (C2SP tlog-checkpoint).
 *
 * @param origin names the log: {@code <host>/<id>}, no spaces, no plus sign
 * @param size number of entries
 * @param root 32 bytes, RFC 6962
 */
public record Checkpoint(String origin, long size, byte[] root) {
  public Checkpoint {
    if (!origin.matches("[!-*,-~]{1,255}")) {
      throw new IllegalArgumentException(
          "the origin of a log is 1..255 printable ASCII characters without space or plus sign");
    }
    if (size < 0 || root.length != 32) {
      throw new IllegalArgumentException("not a checkpoint: size " + size);
    }
    root = root.clone();
  }

  /** The signed text: three lines, each with its newline. */
  byte[] text() {
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
