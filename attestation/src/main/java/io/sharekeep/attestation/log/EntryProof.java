package io.sharekeep.attestation.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sharekeep.attestation.evidence.Octets;
import io.sharekeep.attestation.note.ConsistencyProof;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * One entry with its proof and a checkpoint, as a text for whoever keeps nothing else
 * (c2sp.org/tlog-proof). The entry itself is the extra data.
 *
 * @param entry the leaf
 * @param index its place in the log
 * @param note the signed checkpoint, as the log gave it
 */
public record EntryProof(byte[] entry, long index, ConsistencyProof path, byte[] note) {
  private static final String HEADER = "c2sp.org/tlog-proof@v1";
  private static final String EXTRA = "extra ";
  private static final String INDEX = "index ";
  private static final int MAX_BYTES = 256 * 1024;

  public EntryProof {
    entry = entry.clone();
    note = note.clone();
  }

  @Override
  public byte[] entry() {
    return entry.clone();
  }

  @Override
  public byte[] note() {
    return note.clone();
  }

  /** The text, UTF-8. */
  public byte[] bytes() {
    var text = new StringBuilder(HEADER).append('\n');
    text.append(EXTRA).append(base64(entry)).append('\n');
    text.append(INDEX).append(index).append('\n');
    path.nodes().forEach(node -> text.append(base64(node.value())).append('\n'));
    text.append('\n').append(new String(note, UTF_8));
    return text.toString().getBytes(UTF_8);
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  /**
   * Reads a proof.
   *
   * @return empty for anything but what {@link #bytes} writes
   */
  public static Optional<EntryProof> read(byte[] bytes) {
    if (bytes.length > MAX_BYTES) {
      return Optional.empty();
    }
    var text = new String(bytes, UTF_8);
    int end = text.indexOf("\n\n");
    var lines = end < 0 ? List.<String>of() : List.of(text.substring(0, end).split("\n", -1));
    if (lines.size() < 3
        || !lines.get(0).equals(HEADER)
        || !lines.get(1).startsWith(EXTRA)
        || !lines.get(2).matches(INDEX + "(0|[1-9][0-9]{0,17})")) {
      return Optional.empty();
    }
    try {
      var nodes = new ArrayList<Octets>();
      for (var line : lines.subList(3, lines.size())) {
        nodes.add(new Octets(Base64.getDecoder().decode(line)));
      }
      var read =
          new EntryProof(
              Base64.getDecoder().decode(lines.get(1).substring(EXTRA.length())),
              Long.parseLong(lines.get(2).substring(INDEX.length())),
              new ConsistencyProof(nodes),
              text.substring(end + 2).getBytes(UTF_8));
      return Arrays.equals(read.bytes(), bytes) ? Optional.of(read) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
