package io.sharekeep.attestation.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sharekeep.attestation.note.Checkpoint;
import io.sharekeep.attestation.note.MerkleHead;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A log such as an appliance writes, and a copy of it as files. */
final class SampleLog {
  private static final EntryKind[] KINDS = {
    EntryKind.STARTED, EntryKind.DECIDED, EntryKind.BANNED, EntryKind.SIGNED, EntryKind.FROZE
  };

  private final List<byte[]> leaves = new ArrayList<>();
  private String state = StateDigest.FIRST;

  static SampleLog of(int size) {
    var log = new SampleLog();
    for (int i = 0; i < size; i++) {
      log.append(i, 1 + i / 3, "t");
    }
    return log;
  }

  void append(long index, long commit, String tenant) {
    var kind = KINDS[leaves.size() % KINDS.length];
    byte[] entry = ("{\"n\":" + leaves.size() + "}").getBytes(UTF_8);
    state = StateDigest.next(state, kind, entry);
    var at = Instant.parse("2026-11-23T10:00:00Z").plusMillis(250L * leaves.size());
    leaves.add(new LogEntry(at, commit, entry, index, kind, state, tenant).leaf());
  }

  List<byte[]> leaves() {
    return leaves;
  }

  String state() {
    return state;
  }

  /** Of the first entries. */
  Checkpoint head(int size) {
    var head = MerkleHead.EMPTY;
    for (var leaf : leaves.subList(0, size)) {
      head = head.append(leaf);
    }
    return new Checkpoint("log", size, head.root());
  }

  Checkpoint head() {
    return head(leaves.size());
  }

  TileFolder copy(Path folder) throws IOException {
    var writer = new TileWriter(folder);
    leaves.forEach(leaf -> writer.append(MerkleHead.leafHash(leaf)));
    for (var tile : Tile.of(leaves.size())) {
      if (!tile.full()) {
        write(folder.resolve(tile.path()), writer.tile(tile));
      }
      if (tile.level() == 0) {
        int from = (int) tile.index() * Tile.WIDTH;
        write(
            folder.resolve(tile.entriesPath()),
            EntryBundle.encode(leaves.subList(from, from + tile.width())));
      }
    }
    return new TileFolder(folder, leaves.size());
  }

  private static void write(Path file, byte[] bytes) throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }
}
