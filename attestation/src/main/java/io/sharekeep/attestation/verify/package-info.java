/**
 * {@code sharekeep-verify}, the auditor's program: it opens the files, looks at the clock, asks the
 * appraiser and prints. It decides nothing and has no socket.
 */
package io.sharekeep.attestation.verify;
