package io.sharekeep.threshold.ecdsa;

import io.sharekeep.threshold.group.Group;
import io.sharekeep.threshold.group.PublicScalar;
import io.sharekeep.threshold.wire.Octets;

/**
 * What is signed.
 *
 * @param digest 32 bytes
 * @param scalar m, the digest mod q
 */
record Message(Octets digest, PublicScalar scalar) {
  /**
   * @throws IllegalArgumentException when the digest has not 32 bytes
   */
  static Message of(Group group, Octets digest) {
    if (digest.length() != 32) {
      throw new IllegalArgumentException("a digest has 32 bytes, not " + digest.length());
    }
    var wide = new byte[64];
    System.arraycopy(digest.toArray(), 0, wide, 32, 32);
    return new Message(digest, group.publicOps().reduce(wide));
  }
}
