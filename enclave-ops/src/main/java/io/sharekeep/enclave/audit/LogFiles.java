package io.sharekeep.enclave.audit;

import io.sharekeep.attestation.log.EntryBundle;
import io.sharekeep.attestation.log.Tile;
import io.sharekeep.attestation.log.TileWriter;
import io.sharekeep.attestation.note.MerkleHead;
import io.sharekeep.enclave.store.LogRows;
import io.sharekeep.enclave.store.Store;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The log as files for whoever checks it (c2sp.org/tlog-tiles), made from the rows when they are
 * asked for: signing waits for none of it, and what is lost or bent is written anew after a
 * restart.
 */
final class LogFiles {
  private static final int ROWS = 4096;

  private final Store store;
  private final LogRows rows;
  private final TileWriter tiles;

  LogFiles(Store store, Path folder, String tenant) {
    this.store = store;
    this.rows = new LogRows(tenant);
    this.tiles = new TileWriter(folder);
  }

  /**
   * @param path what named the tile: its hashes, or the entries below it
   * @param size entries on disk
   */
  Optional<byte[]> file(Tile tile, String path, long size) {
    if (!tile.isIn(size)) {
      return Optional.empty();
    }
    return Optional.of(path.equals(tile.path()) ? hashes(tile, size) : entries(tile));
  }

  private byte[] entries(Tile tile) {
    return EntryBundle.encode(leaves(tile.index() * Tile.WIDTH, tile.width()));
  }

  private synchronized byte[] hashes(Tile tile, long size) {
    while (tiles.size() < size) {
      int count = (int) Math.min(ROWS, size - tiles.size());
      for (byte[] leaf : leaves(tiles.size(), count)) {
        tiles.append(MerkleHead.leafHash(leaf));
      }
    }
    return tiles.tile(tile);
  }

  private List<byte[]> leaves(long from, int count) {
    var leaves = store.read(reading -> rows.leaves(reading, from, count));
    if (leaves.size() != count) {
      throw new IllegalStateException("the log has no entries " + from + " and " + count + " on");
    }
    return leaves;
  }
}
