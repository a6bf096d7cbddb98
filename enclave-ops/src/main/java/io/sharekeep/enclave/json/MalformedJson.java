package io.sharekeep.enclave.json;

import java.io.Serial;

/**
 * Says what is wrong with a document, in words for the one who wrote it. Thrown only inside the
 * parsers, which turn it into a value at their edge.
 */
public final class MalformedJson extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  public MalformedJson(String message) {
    super(message);
  }

  /** The sentence for people; always there. */
  public String reason() {
    return String.valueOf(getMessage());
  }
}
