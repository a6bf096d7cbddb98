package io.sharekeep.cbor;

import java.util.Optional;

/** What reading an untrusted document of a fixed schema gives. */
public sealed interface Parsed<T> {
  /** Every field was there, of its type and within its bounds, and no other. */
  record Valid<T>(T value) implements Parsed<T> {}

  /**
   * @param reason which field broke which rule; holds nothing of the input
   */
  record Malformed<T>(String reason) implements Parsed<T> {}

  /** The value, for callers that treat every fault alike. */
  default Optional<T> valid() {
    return switch (this) {
      case Valid<T>(var value) -> Optional.of(value);
      case Malformed<T> _ -> Optional.empty();
    };
  }
}
