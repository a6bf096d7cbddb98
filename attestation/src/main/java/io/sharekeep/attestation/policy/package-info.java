/**
 * What an auditor expects of an appliance, in documents that the auditor signs. It reads bytes that
 * are handed in and may not open a file or look at a clock.
 */
package io.sharekeep.attestation.policy;
