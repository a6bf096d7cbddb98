package io.sharekeep.enclave.json;

import java.io.Serial;

/**
 * Says what is wrong with a document, in words for the one who wrote it. Thrown only inside the
 * parsers, which turn it into a value at their edge.
 */
public final class MalformedJson extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final String path;

  public MalformedJson(String message) {
    this("", message);
  }

  /**
   * @param path the field that is wrong, such as {@code rules[3].match.asset}; empty if none is
   */
  public MalformedJson(String path, String message) {
    super(message);
    this.path = path;
  }

  /** Which field is wrong: its names and places, joined by dots; empty where none is to blame. */
  public String path() {
    return path;
  }

  /** The sentence for people; always there. */
  public String reason() {
    return String.valueOf(getMessage());
  }
}
