package io.sharekeep.enclave;

/**
 * The public half of what {@code init} made, for the committee document. Each is a
 * SubjectPublicKeyInfo, DER.
 */
public record ProvisionedIdentity(byte[] identity, byte[] log, byte[] attest) {}
