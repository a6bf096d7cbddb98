package io.sharekeep.attestation.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;

/**
 * Writes the tiles of a log that grows. A full tile goes to its file once, whole; a file that is
 * there already and holds something else is replaced, so that what was lost or bent comes back when
 * the log is written again from its beginning.
 *
 * <p>Files are not synced: they derive from entries that are.
 */
public final class TileWriter {
  private final Path folder;
  private final TileBuilder tiles = new TileBuilder(this::write);

  /**
   * @param folder in which the folder {@code tile} is, or will be made
   */
  public TileWriter(Path folder) {
    this.folder = folder;
  }

  /** Leaves so far. */
  public synchronized long size() {
    return tiles.size();
  }

  /**
   * One more leaf.
   *
   * @throws UncheckedIOException if a tile can't be written; then the leaf was not taken
   */
  public synchronized void append(byte[] leafHash) {
    tiles.append(leafHash);
  }

  /**
   * A tile as C2SP tlog-tiles serves it; of one that is full by now, as many hashes as were asked.
   *
   * @throws TilesUnreadable if the log has no such tile, or its file is gone
   */
  public synchronized byte[] tile(Tile tile) {
    if (!tile.isIn(tiles.size())) {
      throw new TilesUnreadable(tile.path(), "is not there yet");
    }
    return tile.index() == Tile.hashes(tiles.size(), tile.level()) / Tile.WIDTH
        ? tiles.end(tile.level(), tile.width())
        : new TileFolder(folder, tiles.size()).tile(tile);
  }

  private void write(Tile tile, byte[] bytes) {
    var file = folder.resolve(tile.path());
    try {
      if (Files.exists(file) && Arrays.equals(Files.readAllBytes(file), bytes)) {
        return;
      }
      Files.createDirectories(file.getParent());
      var fresh = file.resolveSibling(file.getFileName() + ".new");
      Files.write(fresh, bytes);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }
}
