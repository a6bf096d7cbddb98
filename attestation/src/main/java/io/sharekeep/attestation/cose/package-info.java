/**
 * COSE_Sign1 (RFC 9052) as reports use it, over a signing function handed in. It knows no key store
 * and may not look into a payload.
 */
package io.sharekeep.attestation.cose;
