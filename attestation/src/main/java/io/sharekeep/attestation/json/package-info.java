/**
 * JSON and the maps with names of CBOR as one tree, {@link io.sharekeep.cbor.Cbor}, with one strict
 * reader. It may not know what any document means.
 */
package io.sharekeep.attestation.json;
