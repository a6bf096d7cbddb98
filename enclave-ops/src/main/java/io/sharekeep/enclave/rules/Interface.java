package io.sharekeep.enclave.rules;

import io.sharekeep.intent.Bytes;
import java.util.List;
import java.util.Map;

/** The methods of a contract that rules may speak of, as their owner pins them. */
public record Interface(Map<String, Method> methods) {
  public Interface {
    methods = Map.copyOf(methods);
  }

  /**
   * @param selector 4 bytes
   * @param arguments in order; each takes one word of 32 bytes
   */
  public record Method(Bytes selector, List<Argument> arguments) {
    public Method {
      arguments = List.copyOf(arguments);
    }
  }

  public record Argument(String name, Type type) {}

  /** Types of one word. What has no fixed length is not read, and so is denied. */
  public enum Type {
    UINT("uint256"),
    ADDRESS("address"),
    BOOL("bool"),
    BYTES32("bytes32");

    private final String label;

    Type(String label) {
      this.label = label;
    }

    public String label() {
      return label;
    }
  }
}
