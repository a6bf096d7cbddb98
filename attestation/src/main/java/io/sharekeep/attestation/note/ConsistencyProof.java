package io.sharekeep.attestation.note;

import io.sharekeep.attestation.evidence.Octets;
import java.util.ArrayDeque;
import java.util.List;

/**
 * Shows that a tree has only grown, or that it holds a leaf (RFC 9162, section 2.1).
 *
 * @param nodes each 32 bytes, in the RFC's order
 */
public record ConsistencyProof(List<Octets> nodes) {
  public ConsistencyProof {
    nodes = List.copyOf(nodes);
  }

  /** RFC 9162, section 2.1.4.2; for equal sizes the roots must be equal and the proof empty. */
  public boolean shows(long first, Octets firstRoot, long second, Octets secondRoot) {
    if (first < 0 || first > second || nodes.stream().anyMatch(node -> node.length() != 32)) {
      return false;
    }
    if (first == second) {
      return nodes.isEmpty() && firstRoot.equals(secondRoot);
    }
    if (first == 0) {
      return nodes.isEmpty() && firstRoot.holds(MerkleHead.EMPTY.root());
    }
    var path = new ArrayDeque<>(nodes);
    if (Long.bitCount(first) == 1) {
      path.addFirst(firstRoot);
    }
    if (path.isEmpty()) {
      return false;
    }
    long fn = first - 1;
    long sn = second - 1;
    while ((fn & 1) == 1) {
      fn >>= 1;
      sn >>= 1;
    }
    byte[] fr = path.removeFirst().value();
    byte[] sr = fr;
    for (var node : path) {
      byte[] c = node.value();
      if (sn == 0) {
        return false;
      }
      if ((fn & 1) == 1 || fn == sn) {
        fr = MerkleHead.nodeHash(c, fr);
        sr = MerkleHead.nodeHash(c, sr);
        while ((fn & 1) == 0 && fn != 0) {
          fn >>= 1;
          sn >>= 1;
        }
      } else {
        sr = MerkleHead.nodeHash(sr, c);
      }
      fn >>= 1;
      sn >>= 1;
    }
    return sn == 0 && firstRoot.holds(fr) && secondRoot.holds(sr);
  }

  /** RFC 9162, section 2.1.3.2: that the leaf with this hash is at this index. */
  public boolean includes(Octets leafHash, long index, long size, Octets root) {
    if (index < 0 || index >= size || nodes.stream().anyMatch(node -> node.length() != 32)) {
      return false;
    }
    long fn = index;
    long sn = size - 1;
    byte[] r = leafHash.value();
    for (var node : nodes) {
      byte[] p = node.value();
      if (sn == 0) {
        return false;
      }
      if ((fn & 1) == 1 || fn == sn) {
        r = MerkleHead.nodeHash(p, r);
        while ((fn & 1) == 0 && fn != 0) {
          fn >>= 1;
          sn >>= 1;
        }
      } else {
        r = MerkleHead.nodeHash(r, p);
      }
      fn >>= 1;
      sn >>= 1;
    }
    return sn == 0 && root.holds(r);
  }
}
