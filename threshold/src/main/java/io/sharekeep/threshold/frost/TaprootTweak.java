package io.sharekeep.threshold.frost;

import java.util.Arrays;

/** What a Taproot output key commits to besides the internal key, BIP-341. */
public sealed interface TaprootTweak {
  /** No tweak at all: the internal key itself signs, as in a script path. Not BIP-86. */
  record None() implements TaprootTweak {}

  /** No script: the internal key is tweaked with the empty root, BIP-86. */
  record Bip86() implements TaprootTweak {}

  /**
   * A tree of scripts.
   *
   * @param root 32 bytes, copied on the way in and out
   */
  record MerkleRoot(byte[] root) implements TaprootTweak {
    public MerkleRoot {
      if (root.length != 32) {
        throw new IllegalArgumentException("a Merkle root is 32 bytes, not " + root.length);
      }
      root = root.clone();
    }

    @Override
    public byte[] root() {
      return root.clone();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof MerkleRoot that && Arrays.equals(root, that.root);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(root);
    }
  }
}
