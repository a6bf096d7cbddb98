package io.sharekeep.threshold.keygen;

import io.sharekeep.threshold.Randomness;
import io.sharekeep.threshold.Scratch;
import io.sharekeep.threshold.group.Group;
import io.sharekeep.threshold.primitive.Primitives;

/**
 * What a ceremony works with.
 *
 * @param scratch of the session's thread; a ceremony of n parties with threshold t and own weight w
 *     borrows less than {@code 4096 + 192·n + 64·(t + n·w)} bytes at a time
 */
public record Means(Group group, Primitives primitives, Scratch scratch, Randomness randomness) {}
