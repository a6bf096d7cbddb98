/**
 * The result of an appraisal as an EAR (draft-ietf-rats-ear-04), for programs. It states a verdict
 * and makes none.
 */
package io.sharekeep.attestation.ear;
