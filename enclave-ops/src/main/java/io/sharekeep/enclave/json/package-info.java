/** Strict JSON in and canonical JSON out. It may not know what any document means. */
package io.sharekeep.enclave.json;
