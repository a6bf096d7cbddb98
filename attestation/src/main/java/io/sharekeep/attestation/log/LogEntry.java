package io.sharekeep.attestation.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One entry of the audit log, read: canonical JSON (RFC 8785) of
 *
 * <pre>{"at","commit","entry":{…},"index","kind","schema":"sharekeep.log/v1","state","tenant"}
 * </pre>
 *
 * @param at when it was written, UTC
 * @param commit number of the store's commit that it is part of
 * @param entry canonical JSON of the entry's own fields
 * @param index its place in the log, from 0
 * @param state hex: {@link StateDigest} after it
 */
public record LogEntry(
    Instant at,
    long commit,
    byte[] entry,
    long index,
    EntryKind kind,
    String state,
    String tenant) {
  /** Names this form; entries of another are another form. */
  public static final String SCHEMA = "sharekeep.log/v1";

  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

  public LogEntry {
    entry = entry.clone();
  }

  @Override
  public byte[] entry() {
    return entry.clone();
  }

  /** The bytes that are hashed into the tree. */
  public byte[] leaf() {
    return ("{\"at\":\""
            + at
            + "\",\"commit\":"
            + commit
            + ",\"entry\":"
            + new String(entry, UTF_8)
            + ",\"index\":"
            + index
            + ",\"kind\":\""
            + kind.label()
            + "\",\"schema\":\""
            + SCHEMA
            + "\",\"state\":\""
            + state
            + "\",\"tenant\":\""
            + tenant
            + "\"}")
        .getBytes(UTF_8);
  }

  /**
   * Reads a leaf, from both its ends to the entry's own fields, which are left as they are.
   *
   * @return empty for anything but what {@link #leaf} would write
   */
  public static Optional<LogEntry> read(byte[] leaf) {
    var text = new String(leaf, UTF_8);
    try {
      var end = new Backwards(text);
      var tenant = end.before("\"}", ",\"tenant\":\"");
      var state = end.before("\"", ",\"state\":\"");
      end.before("\"", ",\"schema\":\"");
      var kind = EntryKind.of(end.before("\"", ",\"kind\":\""));
      long index = Long.parseLong(end.before("", ",\"index\":"));
      int at = "{\"at\":\"".length();
      int atEnd = text.indexOf('"', at);
      int commit = atEnd + "\",\"commit\":".length();
      int commitEnd = text.indexOf(',', commit);
      int entry = commitEnd + ",\"entry\":".length();
      if (kind.isEmpty() || atEnd < 0 || commitEnd < 0 || entry >= end.at) {
        return Optional.empty();
      }
      var read =
          new LogEntry(
              Instant.parse(text.substring(at, atEnd)),
              Long.parseLong(text.substring(commit, commitEnd)),
              text.substring(entry, end.at).getBytes(UTF_8),
              index,
              kind.get(),
              state,
              tenant);
      // Everything between the fields, and every form of a number or time but ours, shows here.
      return read.commit() >= 0
              && index >= 0
              && read.isObject()
              && isDigest(state)
              && Arrays.equals(read.leaf(), leaf)
          ? Optional.of(read)
          : Optional.empty();
    } catch (NumberFormatException | DateTimeException | StringIndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }

  private boolean isObject() {
    return entry.length >= 2 && entry[0] == '{' && entry[entry.length - 1] == '}';
  }

  private static boolean isDigest(String state) {
    return DIGEST.matcher(state).matches();
  }

  /** Takes one field after the other off the end of a text. */
  private static final class Backwards {
    private final String text;
    private int at;

    Backwards(String text) {
      this.text = text;
      this.at = text.length();
    }

    /**
     * @throws StringIndexOutOfBoundsException if the text does not go on so
     */
    String before(String close, String open) {
      int until = at - close.length();
      int from = text.lastIndexOf(open, until - open.length());
      if (from < 0) {
        throw new StringIndexOutOfBoundsException(open);
      }
      at = from;
      return text.substring(from + open.length(), until);
    }
  }
}
