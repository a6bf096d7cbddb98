package io.sharekeep.attestation.note;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

final class MerkleHeadTest {
  private static final List<String> LEAVES =
      List.of(
          "",
          "00",
          "10",
          "2021",
          "3031",
          "40414243",
          "5051525354555657",
          "606162636465666768696a6b6c6d6e6f");

  @ParameterizedTest(name = "{0} leaves")
  @CsvFileSource(files = "src/test/resources/audit/rfc6962-roots.csv")
  void theRootsAreThoseOfCertificateTransparency(int size, String root) {
    var head = MerkleHead.EMPTY;
    for (int i = 0; i < size; i++) {
      head = head.append(HexFormat.of().parseHex(LEAVES.get(i)));
    }
    assertEquals(size, head.size());
    assertEquals(root, HexFormat.of().formatHex(head.root()));
  }

  @Test
  void growingAtTheEdgeIsTheRecursiveDefinition() throws Exception {
    var random = new SplittableRandom(6962);
    var leaves = new ArrayList<byte[]>();
    var head = MerkleHead.EMPTY;
    for (int i = 0; i < 130; i++) {
      var leaf = new byte[random.nextInt(50)];
      random.nextBytes(leaf);
      leaves.add(leaf);
      var before = head.root();
      var next = head.append(leaf);
      assertArrayEquals(before, head.root(), "a head does not change");
      head = next;
      assertArrayEquals(root(leaves), head.root(), "size " + (i + 1));
    }
  }

  /** RFC 6962, section 2.1, as it is written there. */
  private static byte[] root(List<byte[]> leaves) throws Exception {
    var sha256 = MessageDigest.getInstance("SHA-256");
    if (leaves.size() == 1) {
      sha256.update((byte) 0);
      return sha256.digest(leaves.getFirst());
    }
    int k = Integer.highestOneBit(leaves.size() - 1);
    sha256.update((byte) 1);
    var left = root(leaves.subList(0, k));
    var right = root(leaves.subList(k, leaves.size()));
    sha256.update(left);
    return sha256.digest(right);
  }
}
