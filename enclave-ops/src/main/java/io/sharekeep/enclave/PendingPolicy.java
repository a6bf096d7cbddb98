package io.sharekeep.enclave;

import java.time.Instant;

/**
 * A version of the policy that its quorum has signed and that waits for its time.
 *
 * @param hash hex SHA-256 of the document
 * @param activeFrom when it comes into force, unless an administrator cancels it before
 */
public record PendingPolicy(String hash, int version, Instant activeFrom) {}
