/**
 * Two parties of an ECDSA key agree anew what they share (protocols.md, section 4.7): base OT both
 * ways and a seed of zero shares, under the pair's next generation.
 */
package io.sharekeep.threshold.rekey;
