package io.sharekeep.attestation.log;

import io.sharekeep.attestation.evidence.Octets;
import io.sharekeep.attestation.note.ConsistencyProof;
import io.sharekeep.attestation.note.MerkleHead;
import java.util.ArrayList;
import java.util.List;

/** Makes a tree's proofs from its complete subtrees: RFC 6962, sections 2.1.1 and 2.1.2. */
public final class Proofs {
  private Proofs() {}

  /**
   * That the entry of that index is in the tree.
   *
   * @throws IllegalArgumentException if the tree has no such entry
   */
  public static ConsistencyProof inclusion(long index, long size, SubtreeHashes hashes) {
    if (index < 0 || index >= size) {
      throw new IllegalArgumentException("a log of " + size + " has no entry " + index);
    }
    var path = new ArrayList<byte[]>();
    long from = 0;
    long to = size;
    while (to - from > 1) {
      long middle = from + split(to - from);
      if (index < middle) {
        path.add(hash(hashes, middle, to));
        to = middle;
      } else {
        path.add(hash(hashes, from, middle));
        from = middle;
      }
    }
    return proof(path);
  }

  /**
   * That the tree holds the smaller one that it has grown from.
   *
   * @throws IllegalArgumentException if it is not smaller, or empty
   */
  public static ConsistencyProof consistency(long before, long size, SubtreeHashes hashes) {
    if (before < 1 || before > size) {
      throw new IllegalArgumentException("no log grew from " + before + " to " + size);
    }
    var path = new ArrayList<byte[]>();
    long from = 0;
    long to = size;
    boolean known = true; // the smaller tree's root is the verifier's own
    while (to != before) {
      long middle = from + split(to - from);
      if (before <= middle) {
        path.add(hash(hashes, middle, to));
        to = middle;
      } else {
        path.add(hash(hashes, from, middle));
        from = middle;
        known = false;
      }
    }
    if (!known) {
      path.add(hash(hashes, from, to));
    }
    return proof(path);
  }

  private static ConsistencyProof proof(List<byte[]> path) {
    return new ConsistencyProof(path.reversed().stream().map(Octets::new).toList());
  }

  /** The largest power of two smaller than {@code size}, which is at least 2. */
  private static long split(long size) {
    return Long.highestOneBit(size - 1);
  }

  /** The hash of the leaves {@code from} until {@code to}, which {@link #split} led to. */
  private static byte[] hash(SubtreeHashes hashes, long from, long to) {
    long size = to - from;
    if (Long.bitCount(size) == 1) {
      int level = Long.numberOfTrailingZeros(size);
      return hashes.hash(level, from >> level);
    }
    long middle = from + split(size);
    return MerkleHead.nodeHash(hash(hashes, from, middle), hash(hashes, middle, to));
  }
}
