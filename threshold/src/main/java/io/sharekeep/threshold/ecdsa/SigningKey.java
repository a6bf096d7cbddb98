package io.sharekeep.threshold.ecdsa;

import io.sharekeep.threshold.group.Element;
import io.sharekeep.threshold.group.Group;
import io.sharekeep.threshold.group.PublicScalar;
import java.util.Optional;

/**
 * The key that one signature verifies under.
 *
 * @param stored PK as key generation left it
 * @param offset τ, the sum of the derivation's steps; zero for the key itself
 * @param key PK' = PK + τ·G
 */
public record SigningKey(Element stored, PublicScalar offset, Element key) {
  /**
   * @param offset τ of BIP-32
   * @return empty if PK' is the identity: chance 2^-256
   */
  public static Optional<SigningKey> derived(Group group, Element stored, PublicScalar offset) {
    var ops = group.publicOps();
    return (offset.isZero()
            ? Optional.of(stored)
            : ops.multiplyBase(offset).flatMap(shift -> ops.add(stored, shift)))
        .map(key -> new SigningKey(stored, offset, key));
  }

  /** The key itself. */
  public static SigningKey stored(Group group, Element stored) {
    return new SigningKey(stored, group.publicOps().scalar(0), stored);
  }
}
