/**
 * Sealed shares. A share is open only inside a lease of the thread that opened it, and only after
 * its public share has been recomputed; nothing here knows why it was opened.
 */
package io.sharekeep.enclave.vault;
