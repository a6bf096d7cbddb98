package io.sharekeep.attestation.log;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Names 256 hashes of one level of a tree, or the first of them where the tree ends
 * (c2sp.org/tlog-tiles). A hash of level {@code l} is that of {@code 256^l} entries.
 *
 * @param level 0..7; 7 holds 2^56 entries and more than any log will have
 * @param index of the tile within its level
 * @param width hashes in it, 1..256
 */
public record Tile(int level, long index, int width) {
  /** Hashes in a full tile. */
  public static final int WIDTH = 256;

  /** Levels that a log of 2^62 entries needs. */
  static final int LEVELS = 8;

  private static final int BITS = 8;
  private static final String ENTRIES = "entries";

  private static final Pattern NAME =
      Pattern.compile(
          "tile/(?<level>[0-7]|entries)/(?<index>(x\\d{3}/){0,5}\\d{3})"
              + "(\\.p/(?<width>[1-9]\\d?|1\\d\\d|2[0-4]\\d|25[0-5]))?");

  public Tile {
    if (level < 0 || level >= LEVELS || index < 0 || width < 1 || width > WIDTH) {
      throw new IllegalArgumentException("no tile: " + level + ", " + index + ", " + width);
    }
  }

  /** {@code tile/0/x001/067.p/12}: below the folder of the log. */
  public String path() {
    return "tile/" + level + "/" + place();
  }

  /** {@code tile/entries/x001/067.p/12}: the entries whose hashes a tile of level 0 holds. */
  public String entriesPath() {
    if (level != 0) {
      throw new IllegalStateException("entries go with the tiles of level 0");
    }
    return "tile/" + ENTRIES + "/" + place();
  }

  private String place() {
    var place = new StringBuilder("%03d".formatted(index % 1000));
    for (long rest = index / 1000; rest > 0; rest /= 1000) {
      place.insert(0, "x%03d/".formatted(rest % 1000));
    }
    return width == WIDTH ? place.toString() : place + ".p/" + width;
  }

  /**
   * Reads what {@link #path} and {@link #entriesPath} write, and nothing else.
   *
   * @param path {@code tile/<level>/…} or {@code tile/entries/…}, for which the level is 0
   */
  public static Optional<Tile> named(String path) {
    var matcher = NAME.matcher(path);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long index = 0;
    for (var element : matcher.group("index").split("/", -1)) {
      index =
          index * 1000 + Integer.parseInt(element.startsWith("x") ? element.substring(1) : element);
    }
    var level = matcher.group("level");
    var width = matcher.group("width");
    var tile =
        new Tile(
            level.equals(ENTRIES) ? 0 : Integer.parseInt(level),
            index,
            width == null ? WIDTH : Integer.parseInt(width));
    // One name for one tile: zeros in front of an index, say, would be another.
    return Optional.of(tile)
        .filter(t -> path.equals(level.equals(ENTRIES) ? t.entriesPath() : t.path()));
  }

  public boolean full() {
    return width == WIDTH;
  }

  /** Whether a tree of that size has all of it. */
  public boolean isIn(long size) {
    return index * WIDTH + width <= hashes(size, level);
  }

  /** Hashes that a tree has at a level: complete subtrees of {@code 256^level} entries. */
  static long hashes(long size, int level) {
    return size >> (BITS * level);
  }

  /** All tiles of a tree, level by level, the partial ones last in their level. */
  public static List<Tile> of(long size) {
    var tiles = new ArrayList<Tile>();
    for (int level = 0; level < LEVELS && hashes(size, level) > 0; level++) {
      long count = hashes(size, level);
      for (long index = 0; index < count / WIDTH; index++) {
        tiles.add(new Tile(level, index, WIDTH));
      }
      if (count % WIDTH > 0) {
        tiles.add(new Tile(level, count / WIDTH, (int) (count % WIDTH)));
      }
    }
    return tiles;
  }

  /** The tile of level 0 in which a tree of that size has an entry. */
  public static Tile ofEntry(long index, long size) {
    if (index < 0 || index >= size) {
      throw new IllegalArgumentException("a log of " + size + " has no entry " + index);
    }
    return holding(size, 0, index);
  }

  /** The tile of a tree that holds a hash of a level. */
  static Tile holding(long size, int level, long position) {
    long count = hashes(size, level);
    long index = position / WIDTH;
    return new Tile(level, index, (int) Math.min(WIDTH, count - index * WIDTH));
  }
}
