/** One canonical CBOR codec, RFC 8949 section 4.2.1 restricted to what Sharekeep sends. */
package io.sharekeep.cbor;
