package io.sharekeep.threshold.group;

/**
 * A public element of secp256k1 in libsecp256k1's own form, valid in this process only.
 *
 * @param bytes 64, never written again
 */
record NativePoint(byte[] bytes) implements DecodedPoint {}
