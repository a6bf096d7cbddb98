/**
 * A report as it travels: its binding to the TPM, its sidecar, and the bundle. It signs only
 * through functions handed in.
 */
package io.sharekeep.attestation.report;
