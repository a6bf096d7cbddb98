/**
 * The audit log as an auditor sees it: a Merkle tree (RFC 6962), its proofs, its tiles and bundles
 * of entries as files (C2SP tlog-tiles), and the check of all of them. It knows hashes and files,
 * not what an appliance decided, and needs no appliance.
 */
package io.sharekeep.attestation.log;
