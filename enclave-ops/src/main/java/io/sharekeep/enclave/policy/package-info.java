/**
 * Who may have what signed. It reads documents and decides; it may not open a share, talk to a
 * token or know a network.
 */
package io.sharekeep.enclave.policy;
