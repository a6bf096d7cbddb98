package io.sharekeep.attestation.note;

import io.sharekeep.attestation.evidence.Octets;
import java.util.ArrayList;
import java.util.List;

/** Proofs by the recursive definitions of RFC 6962, sections 2.1.1 and 2.1.2. */
public final class TreeProofs {
  private TreeProofs() {}

  public static ConsistencyProof consistency(List<byte[]> leaves, int first, int second) {
    return new ConsistencyProof(
        first == second ? List.of() : sub(first, leaves.subList(0, second), true));
  }

  public static ConsistencyProof inclusion(List<byte[]> leaves, int index) {
    return new ConsistencyProof(path(index, leaves));
  }

  public static Octets root(List<byte[]> leaves) {
    var head = MerkleHead.EMPTY;
    for (var leaf : leaves) {
      head = head.append(leaf);
    }
    return new Octets(head.root());
  }

  private static List<Octets> sub(int m, List<byte[]> leaves, boolean known) {
    int n = leaves.size();
    if (m == n) {
      return known ? List.of() : List.of(root(leaves));
    }
    int k = Integer.highestOneBit(n - 1);
    var left = leaves.subList(0, k);
    var right = leaves.subList(k, n);
    var proof = new ArrayList<Octets>();
    if (m <= k) {
      proof.addAll(sub(m, left, known));
      proof.add(root(right));
    } else {
      proof.addAll(sub(m - k, right, false));
      proof.add(root(left));
    }
    return proof;
  }

  private static List<Octets> path(int m, List<byte[]> leaves) {
    int n = leaves.size();
    if (n == 1) {
      return List.of();
    }
    int k = Integer.highestOneBit(n - 1);
    var left = leaves.subList(0, k);
    var right = leaves.subList(k, n);
    var proof = new ArrayList<>(m < k ? path(m, left) : path(m - k, right));
    proof.add(root(m < k ? right : left));
    return proof;
  }
}
