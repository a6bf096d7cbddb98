package io.sharekeep.attestation.log;

import io.sharekeep.attestation.note.Checkpoint;
import io.sharekeep.attestation.note.MerkleHead;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a copy of a log from its first entry to its last and says the first thing that is wrong
 * with it: every entry against its tile, every tile against those below, the whole against a head
 * that somebody vouches for, and what the entries say of themselves.
 */
public final class LogVerification {
  private final TileFolder files;
  private final TileBuilder built = new TileBuilder(this::compare);
  private final Map<EntryKind, Long> kinds = new EnumMap<>(EntryKind.class);
  private MerkleHead grown = MerkleHead.EMPTY;
  private String state = StateDigest.FIRST;
  private long commit;
  private @Nullable String tenant;

  private LogVerification(TileFolder files) {
    this.files = files;
  }

  /** What came of it. */
  public sealed interface Result {}

  /**
   * Every entry is as it was when the head was signed.
   *
   * @param commit the store's commit that the last entry is part of
   * @param state hex: the digest of the security state after the last entry
   * @param kinds how many entries of each kind
   */
  public record Whole(Checkpoint head, long commit, String state, Map<EntryKind, Long> kinds)
      implements Result {
    public Whole {
      kinds = Map.copyOf(kinds);
    }
  }

  /**
   * The first thing that is wrong.
   *
   * @param where an entry by its index, or a file
   * @param why ends the sentence that begins with the place
   */
  public record Refused(String where, String why) implements Result {}

  /** Ends the walk; never leaves this class. */
  private static final class Wrong extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient Refused refused;

    Wrong(String where, String why) {
      super(where + " " + why, null, false, false);
      this.refused = new Refused(where, why);
    }
  }

  /**
   * @param files the copy, read at the head's size
   * @param head under a signature that the caller has verified
   */
  public static Result run(TileFolder files, Checkpoint head) {
    if (files.size() != head.size()) {
      throw new IllegalArgumentException("the files are to be read at the head's size");
    }
    try {
      return new LogVerification(files).check(head);
    } catch (Wrong e) {
      return e.refused;
    } catch (TilesUnreadable e) {
      return new Refused(e.file(), e.why());
    }
  }

  private Result check(Checkpoint head) {
    for (var tile : Tile.of(head.size())) {
      if (tile.level() == 0) {
        entries(tile);
      }
    }
    for (var tile : Tile.of(head.size())) {
      if (!tile.full()) {
        compare(tile, built.end(tile.level(), tile.width()));
      }
    }
    if (!Arrays.equals(grown.root(), head.root())) {
      return new Refused("the checkpoint", "was signed over other entries than these");
    }
    return new Whole(head, commit, state, kinds);
  }

  private void entries(Tile tile) {
    byte[] hashes = files.tile(tile);
    int at = 0;
    for (byte[] leaf : files.entries(tile)) {
      byte[] hash = MerkleHead.leafHash(leaf);
      var where = "entry " + grown.size();
      if (!Arrays.equals(
          hash,
          0,
          MerkleHead.HASH_BYTES,
          hashes,
          at * MerkleHead.HASH_BYTES,
          (at + 1) * MerkleHead.HASH_BYTES)) {
        throw new Wrong(where, "does not hash to what " + tile.path() + " says");
      }
      read(leaf, where);
      built.append(hash);
      grown = grown.appendHash(hash);
      at++;
    }
  }

  private void read(byte[] leaf, String where) {
    var entry =
        LogEntry.read(leaf)
            .orElseThrow(() -> new Wrong(where, "is not of the form " + LogEntry.SCHEMA));
    if (entry.index() != grown.size()) {
      throw new Wrong(where, "says that it is entry " + entry.index());
    }
    if (entry.commit() < commit) {
      throw new Wrong(where, "was written by commit " + entry.commit() + ", after " + commit);
    }
    if (tenant != null && !tenant.equals(entry.tenant())) {
      throw new Wrong(where, "is another tenant's");
    }
    var next = StateDigest.next(state, entry.kind(), entry.entry());
    if (!next.equals(entry.state())) {
      throw new Wrong(where, "carries a state digest that does not follow from the one before");
    }
    tenant = entry.tenant();
    commit = entry.commit();
    state = next;
    kinds.merge(entry.kind(), 1L, Long::sum);
  }

  private void compare(Tile tile, byte[] expected) {
    if (!Arrays.equals(files.tile(tile), expected)) {
      throw new Wrong(tile.path(), "does not hold the hashes of what is below it");
    }
  }
}
