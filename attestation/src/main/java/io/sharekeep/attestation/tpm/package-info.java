/**
 * The few TPM 2.0 structures and commands that a report needs (attestation, appendix A). What
 * verifies is pure; only {@link io.sharekeep.attestation.tpm.TpmChannel} reaches a device.
 */
package io.sharekeep.attestation.tpm;
