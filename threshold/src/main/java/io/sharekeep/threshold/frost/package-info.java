/**
 * FROST by RFC 9591 and its Taproot variant. It may not decide who signs or what: it is given a
 * message, the signers and a share on a slab, and it keeps nothing but nonces, which it spends
 * once.
 */
package io.sharekeep.threshold.frost;
