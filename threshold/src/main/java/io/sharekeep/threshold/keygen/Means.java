package io.sharekeep.threshold.keygen;

import io.sharekeep.threshold.Randomness;
import io.sharekeep.threshold.Scratch;
import io.sharekeep.threshold.group.Group;
import io.sharekeep.threshold.primitive.Primitives;

/**
 * What a ceremony works with.
 *
 * @param scratch of the session's thread; holds what lives from one round to the next. A ceremony
 *     of n parties with threshold t and own weight w borrows less than {@code 4096 + 192·n + 64·(t
 *     + n·w)} bytes at a time, for an ECDSA key {@link
 *     io.sharekeep.threshold.ecdsa.PairAgreement#LENGTH} more for each other party
 * @param work of the session's thread; holds what no round leaves behind
 */
public record Means(
    Group group, Primitives primitives, Scratch scratch, Scratch work, Randomness randomness) {
  /** With one scratch for both. */
  public Means(Group group, Primitives primitives, Scratch scratch, Randomness randomness) {
    this(group, primitives, scratch, scratch, randomness);
  }
}
