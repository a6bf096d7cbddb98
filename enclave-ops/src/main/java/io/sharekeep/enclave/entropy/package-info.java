/**
 * Where random bytes come from. State and output lie on slabs; it must not be reached from another
 * thread than the one that seeded it.
 */
package io.sharekeep.enclave.entropy;
