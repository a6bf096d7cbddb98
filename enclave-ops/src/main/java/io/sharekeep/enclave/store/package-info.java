/**
 * Durable state. It knows rows and transactions, nothing of what they mean, and it never sees an
 * open share: what is secret in a row came in sealed.
 */
package io.sharekeep.enclave.store;
