/**
 * Threshold ECDSA on secp256k1 by oblivious transfer (protocols.md, section 4): key material of
 * pairs, signing rounds, combination. It holds no key across calls, and knows no store: what has to
 * be durable before something leaves is the caller's.
 */
package io.sharekeep.threshold.ecdsa;
