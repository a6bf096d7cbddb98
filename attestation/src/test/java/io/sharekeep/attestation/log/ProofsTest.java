package io.sharekeep.attestation.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.attestation.evidence.Octets;
import io.sharekeep.attestation.note.MerkleHead;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Published values: the eight leaves and the proofs of github.com/transparency-dev/merkle,
 * testdata/inclusion and testdata/consistency at 417fb0c3, which are Certificate Transparency's.
 */
class ProofsTest {
  private static final long LARGEST = 41;
  private static final GrownTree TREE = GrownTree.of(LARGEST);

  private static final List<byte[]> PUBLISHED =
      Stream.of(
              "",
              "00",
              "10",
              "2021",
              "3031",
              "40414243",
              "5051525354555657",
              "606162636465666768696a6b6c6d6e6f")
          .map(HexFormat.of()::parseHex)
          .toList();

  private static byte[] base64(String text) {
    return Base64.getDecoder().decode(text);
  }

  private static List<byte[]> hashes(String text) {
    return text == null ? List.of() : Stream.of(text.split(" ")).map(ProofsTest::base64).toList();
  }

  private static MerkleHead published(long size) {
    var head = MerkleHead.EMPTY;
    for (int i = 0; i < size; i++) {
      head = head.append(PUBLISHED.get(i));
    }
    return head;
  }

  /** The first {@code size} of the published leaves. */
  private static SubtreeHashes publishedHashes() {
    return new SubtreeHashes() {
      @Override
      public byte[] hash(int level, long index) {
        return level == 0
            ? MerkleHead.leafHash(PUBLISHED.get((int) index))
            : MerkleHead.nodeHash(hash(level - 1, 2 * index), hash(level - 1, 2 * index + 1));
      }
    };
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1, bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=,",
    "0, 8, XcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=,"
        + " lqKW0iTyhcZ77pPDD4owkVfw2qNdxbh+QQt4YwoJz8c="
        + " Xwg/ChozygdqlSeYMlgNs+DvRYS9/x9UyKNg9Q3jAx4="
        + " a0eq8p7jwq+a+Im8H7klTavTEXfxYjLdaqsDXKOb9uQ=",
    "5, 8, XcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=,"
        + " vBoGQ7EuTS18d5GPROD095qDi2z57FtcKD4fTYhZnms="
        + " yoVOoSjtBQtBs1/8G4e46yveRh6eO1WW7Oa51ZdaCuA="
        + " 037kGJdt2VdTwcc4Yrk5j6Kiz5tP8P3+izDNlSCWFLc=",
    "2, 3, rra8/idLcKFPsGel5VeCZNsPqbUa9eC6FZFY8yngbnc=,"
        + " +sVCA+fMaWzw38tCySodnbr3CtnmIfS9jZhmLwDjwSU=",
    "1, 5, Tju7H3tHjc/nH7YxYxUZo7yhLJrvyhYSv85ME6hiZNQ=,"
        + " bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0="
        + " Xwg/ChozygdqlSeYMlgNs+DvRYS9/x9UyKNg9Q3jAx4="
        + " vBoGQ7EuTS18d5GPROD095qDi2z57FtcKD4fTYhZnms=",
  })
  void publishedInclusionProofsAreWhatWeMakeAndTake(
      long index, long size, String root, String path) {
    assertArrayEquals(base64(root), published(size).root());
    var ours = Proofs.inclusion(index, size, publishedHashes());
    assertEquals(encoded(hashes(path)), encoded(ours.nodes().stream().map(Octets::value).toList()));
    var leaf = new Octets(MerkleHead.leafHash(PUBLISHED.get((int) index)));
    assertTrue(ours.includes(leaf, index, size, new Octets(base64(root))));
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=,"
        + " bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=,",
    "1, 8, bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=,"
        + " XcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=,"
        + " lqKW0iTyhcZ77pPDD4owkVfw2qNdxbh+QQt4YwoJz8c="
        + " Xwg/ChozygdqlSeYMlgNs+DvRYS9/x9UyKNg9Q3jAx4="
        + " a0eq8p7jwq+a+Im8H7klTavTEXfxYjLdaqsDXKOb9uQ=",
    "6, 8, duZ9rbzfHhDht03cYIq9L5jfsW+851J3tSMqEn8gh+8=,"
        + " XcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=,"
        + " DrxdNDf74tsVi58Sah0RjjCBgQMdCpSfje3t68VY72o="
        + " yoVOoSjtBQtBs1/8G4e46yveRh6eO1WW7Oa51ZdaCuA="
        + " 037kGJdt2VdTwcc4Yrk5j6Kiz5tP8P3+izDNlSCWFLc=",
    "2, 5, +sVCA+fMaWzw38tCySodnbr3CtnmIfS9jZhmLwDjwSU=,"
        + " Tju7H3tHjc/nH7YxYxUZo7yhLJrvyhYSv85ME6hiZNQ=,"
        + " Xwg/ChozygdqlSeYMlgNs+DvRYS9/x9UyKNg9Q3jAx4="
        + " vBoGQ7EuTS18d5GPROD095qDi2z57FtcKD4fTYhZnms=",
    "6, 7, duZ9rbzfHhDht03cYIq9L5jfsW+851J3tSMqEn8gh+8=,"
        + " 3bib5AOAnjJXUNPSY814kpwpQreUKjS3fhIslZSnTIw=,"
        + " DrxdNDf74tsVi58Sah0RjjCBgQMdCpSfje3t68VY72o="
        + " sIaT7C5yFZcTBkHoIR5+7cy0wmQTlj7ubB4u0W/7Gl8="
        + " 037kGJdt2VdTwcc4Yrk5j6Kiz5tP8P3+izDNlSCWFLc=",
  })
  void publishedConsistencyProofsAreWhatWeMakeAndTake(
      long before, long size, String rootBefore, String root, String path) {
    var ours = Proofs.consistency(before, size, publishedHashes());
    assertEquals(encoded(hashes(path)), encoded(ours.nodes().stream().map(Octets::value).toList()));
    assertTrue(ours.shows(before, new Octets(base64(rootBefore)), size, new Octets(base64(root))));
  }

  private static List<String> encoded(List<byte[]> hashes) {
    return hashes.stream().map(Base64.getEncoder()::encodeToString).toList();
  }

  @Test
  void anyEntryOfAnyTreeIsProved() {
    for (long size = 1; size <= LARGEST; size++) {
      var root = new Octets(TREE.root(size));
      for (long index = 0; index < size; index++) {
        var leaf = new Octets(MerkleHead.leafHash(GrownTree.entry(index)));
        assertTrue(
            Proofs.inclusion(index, size, TREE).includes(leaf, index, size, root),
            index + " of " + size);
      }
    }
  }

  @Test
  void anyTreeIsProvedToHoldAnySmallerOne() {
    for (long size = 1; size <= LARGEST; size++) {
      var root = new Octets(TREE.root(size));
      for (long before = 1; before <= size; before++) {
        assertTrue(
            Proofs.consistency(before, size, TREE)
                .shows(before, new Octets(TREE.root(before)), size, root),
            before + " to " + size);
      }
    }
  }

  @Test
  void aHeadThatGrewIsTheDefinitions() {
    var grown = MerkleHead.EMPTY;
    for (long size = 0; size <= LARGEST; size++) {
      assertArrayEquals(TREE.root(size), grown.root());
      if (size < LARGEST) {
        grown = grown.append(GrownTree.entry(size));
      }
    }
  }

  @Test
  void proofsOfWhatCannotBeAreNotMade() {
    assertThrows(IllegalArgumentException.class, () -> Proofs.inclusion(3, 3, TREE));
    assertThrows(IllegalArgumentException.class, () -> Proofs.inclusion(-1, 3, TREE));
    assertThrows(IllegalArgumentException.class, () -> Proofs.consistency(0, 3, TREE));
    assertThrows(IllegalArgumentException.class, () -> Proofs.consistency(4, 3, TREE));
  }
}
