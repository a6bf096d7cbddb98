/**
 * The claims of a report (RFC 9711) as typed records, with one encoding each in CBOR and JSON. It
 * states what was claimed and may not judge it.
 */
package io.sharekeep.attestation.eat;
