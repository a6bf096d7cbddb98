/**
 * One canonical CBOR codec, RFC 8949 section 4.2.1 restricted to what Sharekeep sends. It knows
 * bytes and items, and may not know what a document means or hold anything secret.
 */
package io.sharekeep.cbor;
