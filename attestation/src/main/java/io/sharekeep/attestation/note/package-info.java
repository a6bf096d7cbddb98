/**
 * Signed notes, checkpoints and the Merkle tree under them (C2SP; RFC 6962), shared by who writes a
 * log and who audits one. It knows no entry and may not say what a log is of.
 */
package io.sharekeep.attestation.note;
