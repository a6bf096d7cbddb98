/**
 * The locked memory that secrets live in. It must not know what the bytes mean, must not outlive
 * its thread, and never hands out memory that is not zero.
 */
package io.sharekeep.enclave.memory;
