package io.sharekeep.enclave;

import java.time.Instant;
import java.util.List;

/** What became of a document that was to follow the one in force. */
public sealed interface Following {
  /**
   * @param hash hex SHA-256 of the document
   * @param from when it is in force
   */
  record Accepted(String hash, Instant from) implements Following {}

  /** Why not, in sentences. */
  record Objected(List<String> objections) implements Following {
    public Objected {
      objections = List.copyOf(objections);
    }
  }

  record Refused(Refusal refusal) implements Following {}
}
