/**
 * What the trusted core shows the world: records in, records out, nothing that would not survive a
 * Unix socket. No type of this package holds an open share, a handle of the core token or a PIN.
 */
package io.sharekeep.enclave;
