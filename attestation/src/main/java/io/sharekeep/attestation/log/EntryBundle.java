package io.sharekeep.attestation.log;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Up to 256 entries as one file: each after its length, two bytes big-endian (C2SP tlog-tiles). */
public final class EntryBundle {
  /** Bytes of the longest entry that a bundle can hold. */
  public static final int LONGEST = 0xffff;

  private EntryBundle() {}

  /**
   * @throws IllegalArgumentException for an entry that is longer than 65,535 bytes
   */
  public static byte[] encode(List<byte[]> entries) {
    var bytes = new ByteArrayOutputStream();
    for (byte[] entry : entries) {
      if (entry.length > LONGEST) {
        throw new IllegalArgumentException("an entry of " + entry.length + " bytes is too long");
      }
      bytes.write(entry.length >> 8);
      bytes.write(entry.length);
      bytes.writeBytes(entry);
    }
    return bytes.toByteArray();
  }

  /** The entries; empty for anything but a whole number of them. */
  public static Optional<List<byte[]>> decode(byte[] bytes) {
    var entries = new ArrayList<byte[]>();
    var rest = ByteBuffer.wrap(bytes);
    while (rest.hasRemaining()) {
      if (rest.remaining() < Short.BYTES) {
        return Optional.empty();
      }
      int length = Short.toUnsignedInt(rest.getShort());
      if (length > rest.remaining()) {
        return Optional.empty();
      }
      var entry = new byte[length];
      rest.get(entry);
      entries.add(entry);
    }
    return Optional.of(entries);
  }
}
