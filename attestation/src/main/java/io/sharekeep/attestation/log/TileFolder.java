package io.sharekeep.attestation.log;

import io.sharekeep.attestation.note.MerkleHead;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Tiles and entries of one log as files, read. A tile that is only partly there under the name that
 * the tree's size asks for may be there whole, as C2SP tlog-tiles lets logs grow.
 */
public final class TileFolder implements SubtreeHashes {
  private static final int REMEMBERED = 64;

  private final Path folder;
  private final long size;
  private final Map<String, byte[]> read =
      new LinkedHashMap<>(REMEMBERED, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, byte[]> eldest) {
          return size() > REMEMBERED;
        }
      };

  /**
   * @param folder holds the folder {@code tile}
   * @param size of the tree that is to be read
   */
  public TileFolder(Path folder, long size) {
    this.folder = folder;
    this.size = size;
  }

  public long size() {
    return size;
  }

  @Override
  public byte[] hash(int level, long index) {
    int tileLevel = level / Byte.SIZE;
    int within = level % Byte.SIZE;
    long first = index << within;
    var tile = Tile.holding(size, tileLevel, first);
    byte[] hashes = tile(tile);
    return subtree(hashes, (int) (first % Tile.WIDTH), 1 << within);
  }

  private static byte[] subtree(byte[] hashes, int from, int count) {
    if (count == 1) {
      return Arrays.copyOfRange(
          hashes, from * MerkleHead.HASH_BYTES, (from + 1) * MerkleHead.HASH_BYTES);
    }
    int half = count / 2;
    return MerkleHead.nodeHash(subtree(hashes, from, half), subtree(hashes, from + half, half));
  }

  /** The hashes of a tile one after the other, 32 bytes each. */
  byte[] tile(Tile tile) {
    return read.computeIfAbsent(
        tile.path(),
        _ -> {
          byte[] hashes =
              file(tile.path(), new Tile(tile.level(), tile.index(), Tile.WIDTH).path());
          int expected = tile.width() * MerkleHead.HASH_BYTES;
          if (hashes.length != expected && hashes.length != Tile.WIDTH * MerkleHead.HASH_BYTES) {
            throw new TilesUnreadable(
                tile.path(), "has " + hashes.length + " bytes, not " + expected);
          }
          return Arrays.copyOf(hashes, expected);
        });
  }

  /** The entries of a tile of level 0, at least as many as it is wide. */
  public List<byte[]> entries(Tile tile) {
    byte[] bytes =
        file(tile.entriesPath(), new Tile(tile.level(), tile.index(), Tile.WIDTH).entriesPath());
    var entries =
        EntryBundle.decode(bytes)
            .orElseThrow(
                () -> new TilesUnreadable(tile.entriesPath(), "is not a bundle of entries"));
    if (entries.size() != tile.width() && entries.size() != Tile.WIDTH) {
      throw new TilesUnreadable(
          tile.entriesPath(), "has " + entries.size() + " entries, not " + tile.width());
    }
    return entries.subList(0, tile.width());
  }

  private byte[] file(String path, String whole) {
    try {
      return Files.readAllBytes(folder.resolve(path));
    } catch (NoSuchFileException missing) {
      if (path.equals(whole)) {
        throw new TilesUnreadable(path, "is missing");
      }
      try {
        return Files.readAllBytes(folder.resolve(whole));
      } catch (NoSuchFileException alsoMissing) {
        throw new TilesUnreadable(path, "is missing");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
