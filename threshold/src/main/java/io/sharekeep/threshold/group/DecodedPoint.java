package io.sharekeep.threshold.group;

/**
 * A public element in the form that a backend computes with, kept with it so that it is
 * decompressed once.
 */
sealed interface DecodedPoint permits EdwardsPoint, WeierstrassPoint, NativePoint {}
