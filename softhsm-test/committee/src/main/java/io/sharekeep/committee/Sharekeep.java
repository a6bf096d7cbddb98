package io.sharekeep.committee;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** The command {@code sharekeep}, run as an operator runs it. */
@FunctionalInterface
public interface Sharekeep {
  /** Runs to the end, whatever that is. */
  Result run(List<String> arguments);

  /** How a command ended. */
  record Result(int exit, String out, String err) {}

  /** Runs a command that has to succeed and answers in JSON. */
  default JsonNode json(String... arguments) {
    var all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("-o", "json"));
    var command = "sharekeep " + String.join(" ", all);
    var result = run(all);
    if (result.exit() != 0) {
      throw new IllegalStateException(
          command + "\nended with " + result.exit() + ": " + result.err() + result.out());
    }
    try {
      return new ObjectMapper().readTree(result.out());
    } catch (IOException e) {
      throw new UncheckedIOException(command + "\nwrote no JSON", e);
    }
  }
}
