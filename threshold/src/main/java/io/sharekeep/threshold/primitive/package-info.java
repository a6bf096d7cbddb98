/**
 * Cryptographic primitives on lent memory: key agreement, sealing, key derivation, envelope
 * signatures, and the independent verifier of what the protocols make.
 */
package io.sharekeep.threshold.primitive;
