package io.sharekeep.threshold.group;

/** The affine coordinates of a public element, kept with it so that it is decompressed once. */
sealed interface DecodedPoint permits EdwardsPoint, WeierstrassPoint {}
