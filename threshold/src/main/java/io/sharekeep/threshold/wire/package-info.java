/**
 * What parties say to each other: canonical bytes, signed and sealed. Nothing in it may re-encode
 * what a signature covers, or let a sealed plaintext lie outside a slab.
 */
package io.sharekeep.threshold.wire;
