package io.sharekeep.enclave;

import java.util.List;

/**
 * Signed statements about one key generation, as opaque bytes: certificates, active statements,
 * withdrawals.
 *
 * @param sessionId 32 bytes
 */
public record KeyStatements(KeyId key, byte[] sessionId, List<byte[]> statements) {
  public KeyStatements {
    statements = List.copyOf(statements);
  }
}
