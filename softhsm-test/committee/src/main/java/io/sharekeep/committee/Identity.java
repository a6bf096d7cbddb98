package io.sharekeep.committee;

import java.nio.file.Path;

/**
 * A person or service, as {@code sharekeep identity new} makes it.
 *
 * @param publicKey hex SubjectPublicKeyInfo of the Ed25519 key that signs requests and documents
 * @param key PEM of its private half
 * @param tlsPin hex SHA-256 of the client certificate's public key
 */
public record Identity(
    String name, String publicKey, Path key, String tlsPin, Path tlsKey, Path certificate) {}
