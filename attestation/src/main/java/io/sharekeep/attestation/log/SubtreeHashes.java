package io.sharekeep.attestation.log;

/** The hashes of a tree's complete subtrees, wherever they are kept. */
@FunctionalInterface
public interface SubtreeHashes {
  /**
   * The Merkle tree hash of {@code 2^level} leaves from {@code index · 2^level} on; level 0 is the
   * hash of a leaf.
   *
   * @return 32 bytes
   * @throws TilesUnreadable if what holds it is missing or not what it should be
   */
  byte[] hash(int level, long index);
}
