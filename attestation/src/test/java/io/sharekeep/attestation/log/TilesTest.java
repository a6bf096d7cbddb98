package io.sharekeep.attestation.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.attestation.evidence.Octets;
import io.sharekeep.attestation.note.MerkleHead;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TilesTest {
  @TempDir Path folder;

  private TileWriter written(long size) {
    var writer = new TileWriter(folder);
    for (long i = 0; i < size; i++) {
      writer.append(MerkleHead.leafHash(GrownTree.entry(i)));
    }
    return writer;
  }

  /** The example of c2sp.org/tlog-tiles, "Partial Tiles": a tree of 70,000 entries. */
  @Test
  void theTilesOfATreeAreThoseOfTheSpecificationsExample() {
    var tiles = Tile.of(70_000);
    assertEquals(
        "0 full 273, 0 of 112 1, 1 full 1, 1 of 17 1, 2 of 1 1",
        tiles.stream()
            .collect(
                Collectors.groupingBy(
                    tile -> tile.level() + (tile.full() ? " full" : " of " + tile.width()),
                    Collectors.counting()))
            .entrySet()
            .stream()
            .map(group -> group.getKey() + " " + group.getValue())
            .sorted()
            .collect(Collectors.joining(", ")));
    assertEquals(
        List.of("tile/0/000", "tile/1/000.p/1"), Tile.of(256).stream().map(Tile::path).toList());
  }

  /** The index is the example of c2sp.org/tlog-tiles. */
  @Test
  void aTileIsNamedAsTheSpecificationNamesIt() {
    assertEquals("tile/3/x001/x234/067", new Tile(3, 1_234_067, 256).path());
    assertEquals("tile/0/999.p/17", new Tile(0, 999, 17).path());
    assertEquals("tile/0/x001/000", new Tile(0, 1000, 256).path());
    assertEquals("tile/entries/x001/x234/067.p/8", new Tile(0, 1_234_067, 8).entriesPath());
    for (var tile : Tile.of(70_000)) {
      assertEquals(Optional.of(tile), Tile.named(tile.path()));
    }
    assertEquals(
        Optional.of(new Tile(0, 1_234_067, 8)), Tile.named("tile/entries/x001/x234/067.p/8"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "tile/0/00",
        "tile/0/0000",
        "tile/0/x000/001",
        "tile/0/001/002",
        "tile/0/x001",
        "tile/8/000",
        "tile/00/000",
        "tile/-1/000",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/000.p/",
        "tile/0/../000",
        "tile/entries/../../etc/passwd",
        "tile/0/000/",
        "/tile/0/000",
        "tile/0/x999/x999/x999/x999/x999/x999/999",
      })
  void whatIsNoNameOfATileIsNone(String path) {
    assertEquals(Optional.empty(), Tile.named(path));
  }

  @Test
  void whatIsWrittenIsReadForEveryWidth() {
    long size = 2 * 256 + 37;
    var tree = GrownTree.of(size);
    var writer = written(size);
    assertEquals(size, writer.size());
    for (var tile : Tile.of(size)) {
      assertEquals(tile.width() * MerkleHead.HASH_BYTES, writer.tile(tile).length);
    }
    // What is asked for after the log has grown is what it was.
    assertArrayEquals(
        MerkleHead.leafHash(GrownTree.entry(2 * 256)), writer.tile(new Tile(0, 2, 1)));
    assertArrayEquals(MerkleHead.leafHash(GrownTree.entry(256)), writer.tile(new Tile(0, 1, 1)));
    assertArrayEquals(tree.hash(8, 1), lastHash(writer.tile(new Tile(1, 0, 2))));
  }

  private static byte[] lastHash(byte[] tile) {
    return Arrays.copyOfRange(tile, tile.length - MerkleHead.HASH_BYTES, tile.length);
  }

  @Test
  void proofsFromTilesAreThoseFromTheEntries() throws IOException {
    long size = 600;
    var tree = GrownTree.of(size);
    var writer = written(size);
    for (var tile : Tile.of(size)) {
      if (!tile.full()) {
        var file = folder.resolve(tile.path());
        Files.createDirectories(file.getParent());
        Files.write(file, writer.tile(tile));
      }
    }
    var tiles = new TileFolder(folder, size);
    var root = new Octets(tree.root(size));
    for (long index : new long[] {0, 1, 255, 256, 511, 512, 599}) {
      var leaf = new Octets(MerkleHead.leafHash(GrownTree.entry(index)));
      assertTrue(Proofs.inclusion(index, size, tiles).includes(leaf, index, size, root));
    }
    for (long before : new long[] {1, 255, 256, 257, 512, 600}) {
      var earlier = new Octets(tree.root(before));
      assertTrue(Proofs.consistency(before, size, tiles).shows(before, earlier, size, root));
    }
  }

  @Test
  void aTileThatIsMissingShortOrLongIsNamed() throws IOException {
    written(600);
    var tile = folder.resolve("tile/0/001");
    byte[] whole = Files.readAllBytes(tile);
    Files.write(tile, Arrays.copyOf(whole, whole.length - 1));
    assertEquals(
        "tile/0/001 has 8191 bytes, not 8192",
        assertThrows(TilesUnreadable.class, () -> new TileFolder(folder, 600).hash(0, 300))
            .getMessage());
    Files.delete(tile);
    assertEquals(
        "tile/0/001 is missing",
        assertThrows(TilesUnreadable.class, () -> new TileFolder(folder, 600).hash(0, 300))
            .getMessage());
    assertEquals(
        "tile/0/002.p/88 is missing",
        assertThrows(TilesUnreadable.class, () -> new TileFolder(folder, 600).hash(0, 550))
            .getMessage());
  }

  @Test
  void whatWasLostOrBentIsWrittenAgain() throws IOException {
    written(600);
    var lost = folder.resolve("tile/0/000");
    byte[] was = Files.readAllBytes(lost);
    Files.delete(lost);
    var bent = folder.resolve("tile/0/001");
    byte[] whole = Files.readAllBytes(bent);
    Files.write(bent, new byte[whole.length]);
    written(600);
    assertArrayEquals(was, Files.readAllBytes(lost));
    assertArrayEquals(whole, Files.readAllBytes(bent));
  }

  @Test
  void aLeafWhoseTileCannotBeWrittenIsTakenWhenItCan() throws IOException {
    var writer = written(511);
    var inTheWay = Files.createDirectories(folder.resolve("tile/0/001/x"));
    byte[] leaf = MerkleHead.leafHash(GrownTree.entry(511));
    assertThrows(UncheckedIOException.class, () -> writer.append(leaf));
    assertEquals(511, writer.size());
    Files.delete(inTheWay);
    Files.delete(inTheWay.getParent());
    writer.append(leaf);
    var tree = GrownTree.of(512);
    assertArrayEquals(tree.hash(8, 1), lastHash(writer.tile(new Tile(1, 0, 2))));
    assertArrayEquals(leaf, lastHash(writer.tile(new Tile(0, 1, 256))));
  }

  @Test
  void aTileThatIsNotThereYetIsNotInvented() {
    var writer = written(300);
    assertThrows(TilesUnreadable.class, () -> writer.tile(new Tile(0, 1, 45)));
    assertThrows(TilesUnreadable.class, () -> writer.tile(new Tile(0, 2, 1)));
    assertThrows(TilesUnreadable.class, () -> writer.tile(new Tile(1, 0, 2)));
    assertThrows(TilesUnreadable.class, () -> writer.tile(new Tile(2, 0, 1)));
  }

  @Test
  void entriesGoInBundlesWithTheirLengths() {
    var entries = List.of(new byte[0], new byte[] {1, 2}, new byte[EntryBundle.LONGEST]);
    byte[] bundle = EntryBundle.encode(entries);
    var decoded = EntryBundle.decode(bundle).orElseThrow();
    assertEquals(3, decoded.size());
    for (int i = 0; i < 3; i++) {
      assertArrayEquals(entries.get(i), decoded.get(i));
    }
    assertArrayEquals(new byte[] {0, 0, 0, 2, 1, 2}, Arrays.copyOf(bundle, 6));
    assertEquals(Optional.empty(), EntryBundle.decode(Arrays.copyOf(bundle, 3)));
    assertEquals(Optional.empty(), EntryBundle.decode(Arrays.copyOf(bundle, bundle.length - 1)));
    assertThrows(
        IllegalArgumentException.class,
        () -> EntryBundle.encode(List.of(new byte[EntryBundle.LONGEST + 1])));
  }
}
