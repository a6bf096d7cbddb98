package io.sharekeep.attestation.note;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.attestation.evidence.Octets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConsistencyProofTest {
  private static final int MOST = 24;

  private final List<byte[]> leaves = new ArrayList<>();
  private final List<Octets> roots = new ArrayList<>();

  ConsistencyProofTest() {
    var head = MerkleHead.EMPTY;
    roots.add(new Octets(head.root()));
    for (int i = 0; i < MOST; i++) {
      leaves.add(new byte[] {(byte) i});
      head = head.append(leaves.getLast());
      roots.add(new Octets(head.root()));
    }
  }

  @Test
  void everyPairOfSizesIsShownByItsProofAndByNoOther() {
    for (int first = 1; first <= MOST; first++) {
      for (int second = first; second <= MOST; second++) {
        var proof = TreeProofs.consistency(leaves, first, second);
        assertTrue(
            proof.shows(first, roots.get(first), second, roots.get(second)),
            first + " to " + second);
        if (first < second) {
          assertFalse(proof.shows(first, roots.get(first - 1), second, roots.get(second)));
          assertFalse(proof.shows(first, roots.get(first), second, roots.get(second - 1)));
          var longer = new ArrayList<>(proof.nodes());
          longer.add(roots.getFirst());
          assertFalse(
              new ConsistencyProof(longer)
                  .shows(first, roots.get(first), second, roots.get(second)));
          if (!proof.nodes().isEmpty()) {
            var shorter = proof.nodes().subList(1, proof.nodes().size());
            assertFalse(
                new ConsistencyProof(shorter)
                    .shows(first, roots.get(first), second, roots.get(second)));
          }
        }
      }
    }
  }

  @Test
  void everyLeafIsShownAtItsPlaceAndNowhereElse() {
    for (int size = 1; size <= MOST; size++) {
      for (int index = 0; index < size; index++) {
        var proof = TreeProofs.inclusion(leaves.subList(0, size), index);
        var leaf = new Octets(MerkleHead.leafHash(leaves.get(index)));
        assertTrue(proof.includes(leaf, index, size, roots.get(size)));
        if (size > 1) {
          assertFalse(proof.includes(leaf, (index + 1) % size, size, roots.get(size)));
          assertFalse(proof.includes(leaf, index, size, roots.get(size - 1)));
        }
      }
    }
  }

  @Test
  void anEmptyProofShowsOnlyWhatNeedsNone() {
    var nothing = new ConsistencyProof(List.of());
    assertTrue(nothing.shows(0, roots.get(0), 5, roots.get(5)));
    assertFalse(nothing.shows(0, roots.get(1), 5, roots.get(5)));
    assertTrue(nothing.shows(5, roots.get(5), 5, roots.get(5)));
    assertFalse(nothing.shows(5, roots.get(5), 5, roots.get(4)));
    assertFalse(nothing.shows(3, roots.get(3), 5, roots.get(5)));
    assertFalse(nothing.shows(4, roots.get(4), 5, roots.get(5)));
    assertFalse(nothing.shows(5, roots.get(5), 4, roots.get(4)));
    assertEquals(List.of(), nothing.nodes());
  }
}
