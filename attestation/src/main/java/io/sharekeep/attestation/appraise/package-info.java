/**
 * Appraisal: a bundle, an auditor's policy, an instant and what is remembered go in, a verdict
 * comes out. It may not collect evidence, open a file or a socket, or look at a clock.
 */
package io.sharekeep.attestation.appraise;
