/**
 * Distributed key generation: no party, and no dealer, ever holds the key. Nothing in it may keep a
 * share after its state has been left.
 */
package io.sharekeep.threshold.keygen;
