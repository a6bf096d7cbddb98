package io.sharekeep.attestation.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sharekeep.attestation.note.MerkleHead;
import java.util.ArrayList;
import java.util.List;

/** A tree in memory, by the definition of RFC 6962 and without any of the code that is tested. */
final class GrownTree implements SubtreeHashes {
  private final List<byte[]> leaves = new ArrayList<>();

  static GrownTree of(long size) {
    var tree = new GrownTree();
    for (long i = 0; i < size; i++) {
      tree.leaves.add(entry(i));
    }
    return tree;
  }

  static byte[] entry(long index) {
    return ("entry " + index).getBytes(UTF_8);
  }

  List<byte[]> entries() {
    return leaves;
  }

  byte[] root(long size) {
    return mth(0, (int) size);
  }

  @Override
  public byte[] hash(int level, long index) {
    int from = (int) (index << level);
    int to = from + (1 << level);
    if (to > leaves.size()) {
      throw new AssertionError("no complete subtree: level " + level + ", " + index);
    }
    return mth(from, to);
  }

  private byte[] mth(int from, int to) {
    int n = to - from;
    if (n == 0) {
      return MerkleHead.EMPTY.root();
    }
    if (n == 1) {
      return MerkleHead.leafHash(leaves.get(from));
    }
    int k = 1;
    while (2 * k < n) {
      k *= 2;
    }
    return MerkleHead.nodeHash(mth(from, from + k), mth(from + k, to));
  }
}
