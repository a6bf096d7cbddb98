package io.sharekeep.softhsm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A search that misses would let every test of residue pass. */
class NeedlesTest {
  private static final byte[] VARIED = bytes("00112233445566778899aabbccddeeff");
  private static final byte[] BEHIND_ZEROS = bytes("00000000000000000123456789abcdef");
  private static final byte[] BEFORE_ZEROS = bytes("fedcba98765432100000000000000000");
  private static final byte[] SHORTEST = bytes("a1b2c3d4e5f60718");

  @TempDir private Path folder;

  @Test
  void eachIsFoundAtEveryOffsetAndInItsKind() {
    var needles =
        Needles.of(
            List.of(List.of(VARIED, SHORTEST), List.of(BEHIND_ZEROS), List.of(BEFORE_ZEROS)));
    for (int at = 0; at <= 48; at++) {
      assertArrayEquals(new int[] {1, 0, 0}, counts(needles, VARIED, at), "at " + at);
      assertArrayEquals(new int[] {1, 0, 0}, counts(needles, SHORTEST, at), "at " + at);
      assertArrayEquals(new int[] {0, 1, 0}, counts(needles, BEHIND_ZEROS, at), "at " + at);
      assertArrayEquals(new int[] {0, 0, 1}, counts(needles, BEFORE_ZEROS, at), "at " + at);
    }
  }

  @Test
  void partOfOneIsNone() {
    var needles = Needles.of(List.of(List.of(VARIED, BEHIND_ZEROS, BEFORE_ZEROS)));
    for (var needle : List.of(VARIED, BEHIND_ZEROS, BEFORE_ZEROS)) {
      for (int i = 0; i < needle.length; i++) {
        var other = needle.clone();
        other[i] ^= 1;
        assertArrayEquals(new int[] {0}, counts(needles, other, 24), "byte " + i);
      }
    }
  }

  @Test
  void whatStandsTwiceCountsTwice() {
    var memory = new byte[64];
    System.arraycopy(VARIED, 0, memory, 0, VARIED.length);
    System.arraycopy(VARIED, 0, memory, memory.length - VARIED.length, VARIED.length);
    var counts = new int[1];
    Needles.of(List.of(List.of(VARIED))).count(memory, memory.length, counts);
    assertEquals(2, counts[0]);
  }

  @Test
  void whatLiesAcrossTwoPartsOfAFileIsFound() throws IOException {
    var needles =
        Needles.of(List.of(List.of(VARIED), List.of(BEHIND_ZEROS), List.of(BEFORE_ZEROS)));
    var kinds = List.of(VARIED, BEHIND_ZEROS, BEFORE_ZEROS);
    for (int kind = 0; kind < kinds.size(); kind++) {
      for (int before = 1; before < VARIED.length; before++) {
        var memory = new byte[(1 << 20) + 4096];
        System.arraycopy(kinds.get(kind), 0, memory, (1 << 20) - before, VARIED.length);
        var file = Files.write(folder.resolve(kind + "-" + before), memory);
        assertEquals(
            1, ProcessMemory.count(file, needles)[kind], before + " bytes before the border");
      }
    }
  }

  @Test
  void whatIsTooShortToBeLookedForIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> Needles.of(List.of(List.of(new byte[7]))));
  }

  private static int[] counts(Needles needles, byte[] needle, int at) {
    var memory = new byte[64];
    System.arraycopy(needle, 0, memory, at, Math.min(needle.length, memory.length - at));
    var counts = new int[needles.kinds()];
    needles.count(memory, memory.length, counts);
    return counts;
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex);
  }
}
