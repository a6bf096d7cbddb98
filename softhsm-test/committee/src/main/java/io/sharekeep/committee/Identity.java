package io.sharekeep.committee;

import java.nio.file.Path;

/**
 * A person or service, as {@code sharekeep identity new} makes it.
 *
 * @param publicKey hex SubjectPublicKeyInfo of the Ed25519 key that signs requests and documents
 * @param tlsPin hex SHA-256 of the client certificate's public key
 * @param prefix of its files
 */
public record Identity(String name, String publicKey, String tlsPin, Path prefix) {
  /** PEM of the private key that signs requests and documents. */
  public Path key() {
    return with(".key.pem");
  }

  /** The public half, for policies. */
  public Path description() {
    return with(".json");
  }

  private Path with(String suffix) {
    return prefix.resolveSibling(name + suffix);
  }
}
