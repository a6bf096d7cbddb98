package io.sharekeep.attestation.note;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;

/**
 * The head of a Merkle tree (RFC 6962, section 2.1) that grows at its right edge: the roots of its
 * complete subtrees, the largest first. Immutable; appending costs a hash or two.
 */
public final class MerkleHead {
  /** Bytes of a hash. */
  public static final int HASH_BYTES = 32;

  /** The tree without leaves. */
  public static final MerkleHead EMPTY = new MerkleHead(0, List.of());

  private final long size;
  private final List<byte[]> peaks;

  private MerkleHead(long size, List<byte[]> peaks) {
    this.size = size;
    this.peaks = peaks;
  }

  public long size() {
    return size;
  }

  /** The head with one more leaf. */
  public MerkleHead append(byte[] leaf) {
    return appendHash(leafHash(leaf));
  }

  /** The head with one more leaf, of which the hash is known. */
  public MerkleHead appendHash(byte[] leafHash) {
    var next = new ArrayList<>(peaks);
    byte[] node = leafHash;
    // As many trailing ones as the old size has, so many subtrees of equal size are completed.
    for (long s = size; (s & 1) == 1; s >>= 1) {
      node = nodeHash(next.removeLast(), node);
    }
    next.add(node);
    return new MerkleHead(size + 1, List.copyOf(next));
  }

  /** 32 bytes; of the empty tree, the hash of nothing. */
  public byte[] root() {
    if (peaks.isEmpty()) {
      return sha256().digest();
    }
    byte[] root = peaks.getLast();
    for (int i = peaks.size() - 2; i >= 0; i--) {
      root = nodeHash(peaks.get(i), root);
    }
    return root.clone();
  }

  /** SHA-256(0x00 ‖ leaf). */
  public static byte[] leafHash(byte[] leaf) {
    var sha256 = sha256();
    sha256.update((byte) 0);
    return sha256.digest(leaf);
  }

  /** SHA-256(0x01 ‖ left ‖ right). */
  public static byte[] nodeHash(byte[] left, byte[] right) {
    var sha256 = sha256();
    sha256.update((byte) 1);
    sha256.update(left);
    return sha256.digest(right);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
