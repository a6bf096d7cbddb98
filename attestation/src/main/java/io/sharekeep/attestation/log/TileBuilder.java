package io.sharekeep.attestation.log;

import io.sharekeep.attestation.note.MerkleHead;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Makes tiles from the hashes of leaves. A full one is handed on, once; the ends of the levels are
 * kept, at most 255 hashes each.
 */
final class TileBuilder {
  private final BiConsumer<Tile, byte[]> full;
  private final List<List<byte[]>> ends = new ArrayList<>();
  private long size;

  /**
   * @param full takes each full tile; if it throws, the leaf that filled it was not taken
   */
  TileBuilder(BiConsumer<Tile, byte[]> full) {
    this.full = full;
    for (int level = 0; level < Tile.LEVELS; level++) {
      ends.add(new ArrayList<>());
    }
  }

  long size() {
    return size;
  }

  void append(byte[] leafHash) {
    byte[] hash = leafHash.clone();
    int completed = 0;
    for (; completed < Tile.LEVELS && isLast(completed); completed++) {
      var hashes = new ArrayList<>(ends.get(completed));
      hashes.add(hash);
      long index = size >> (Byte.SIZE * (completed + 1));
      full.accept(new Tile(completed, index, Tile.WIDTH), joined(hashes));
      hash = root(hashes);
    }
    for (int level = 0; level < completed; level++) {
      ends.get(level).clear();
    }
    ends.get(completed).add(hash);
    size++;
  }

  /** Whether the next hash of that level fills a tile. */
  private boolean isLast(int level) {
    return ends.get(level).size() == Tile.WIDTH - 1;
  }

  /** The first hashes of a level's last, partial tile. */
  byte[] end(int level, int width) {
    return joined(ends.get(level).subList(0, width));
  }

  private static byte[] joined(List<byte[]> hashes) {
    var bytes = new byte[hashes.size() * MerkleHead.HASH_BYTES];
    for (int i = 0; i < hashes.size(); i++) {
      System.arraycopy(hashes.get(i), 0, bytes, i * MerkleHead.HASH_BYTES, MerkleHead.HASH_BYTES);
    }
    return bytes;
  }

  private static byte[] root(List<byte[]> hashes) {
    var level = hashes;
    while (level.size() > 1) {
      var above = new ArrayList<byte[]>();
      for (int i = 0; i < level.size(); i += 2) {
        above.add(MerkleHead.nodeHash(level.get(i), level.get(i + 1)));
      }
      level = above;
    }
    return level.getFirst();
  }
}
