package io.sharekeep.threshold.group;

/**
 * A point in the form in which it is added: Y+X, Y-X, 2Z and 2dT. Not written to once made.
 *
 * @param sum Y+X
 * @param difference Y-X
 * @param z 2Z
 * @param t 2dT
 */
record EdwardsAddend(
    FieldElement25519 sum,
    FieldElement25519 difference,
    FieldElement25519 z,
    FieldElement25519 t) {}
