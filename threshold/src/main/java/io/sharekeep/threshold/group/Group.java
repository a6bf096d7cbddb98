package io.sharekeep.threshold.group;

/**
 * A prime-order group of order q with generator G.
 *
 * <p>Scalars are 32 bytes: big-endian for secp256k1, little-endian for Ed25519. Elements are SEC 1
 * compressed (33 bytes) or RFC 8032 (32 bytes).
 */
public interface Group {
  GroupId id();

  /** Constant-time operations on scalars that lie in slabs. */
  SecretOps secretOps();

  /** Variable-time operations on public values. */
  PublicOps publicOps();

  /** What does the work: {@code libsodium 1.0.18}, {@code libsecp256k1 0.7}, {@code java}. */
  String backend();
}
