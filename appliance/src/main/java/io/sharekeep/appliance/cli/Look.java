package io.sharekeep.appliance.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharekeep.pkcs11.probe.LibraryProbe;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * What a look at one token gave, as the child process told it.
 *
 * @param role {@code core}, {@code edge} or {@code token}
 * @param label of the token that was asked for
 * @param told the child's one object; of a child that broke, the check that says so
 */
record Look(String role, Optional<String> label, JsonNode told) {
  /** A profile that nobody has tried is worth a line, but the trial decides. */
  private static final String NOTED = "profile measured";

  static Look at(String role, Optional<String> label, LibraryProbe probe) {
    return new Look(
        role,
        label,
        switch (probe.run()) {
          case LibraryProbe.Outcome.Told(String json) -> parsed(json);
          case LibraryProbe.Outcome.Broke(String message) -> broken(message);
        });
  }

  private static JsonNode parsed(String json) {
    try {
      return new ObjectMapper().readTree(json);
    } catch (JsonProcessingException e) {
      return broken("the library wrote over the answer of the process that looked at it");
    }
  }

  private static JsonNode broken(String message) {
    var told = JsonNodeFactory.instance.objectNode();
    told.putArray("checks")
        .addObject()
        .put("check", "library")
        .put("passed", false)
        .put("expected", "a library that comes back")
        .put("found", message)
        .put("remedy", "see the message");
    return told;
  }

  /** Its checks as rows: token, result ({@code ok}, {@code note}, {@code change}) and the rest. */
  List<ObjectNode> checks() {
    return StreamSupport.stream(told.path("checks").spliterator(), false)
        .map(check -> {
          var name = check.path("check").asText();
          boolean passed = check.path("passed").asBoolean();
          return row(name, passed ? "ok" : name.equals(NOTED) ? "note" : "change", check);
        })
        .toList();
  }

  private ObjectNode row(String name, String result, JsonNode check) {
    var row = JsonNodeFactory.instance.objectNode();
    row.put("token", role).put("result", result).put("check", name);
    for (var field : List.of("found", "expected", "remedy")) {
      row.put(field, check.path(field).asText());
    }
    return row;
  }

  /** The tokens that were asked for: the one of the label, or all. */
  List<JsonNode> tokens() {
    return StreamSupport.stream(told.path("tokens").spliterator(), false)
        .filter(token -> label.isEmpty() || token.path("label").asText().equals(label.get()))
        .toList();
  }

  /** Evidence of one of our keys, of every generation that the token holds. */
  List<JsonNode> keys(String name) {
    return StreamSupport.stream(told.path("evidence").spliterator(), false)
        .filter(key -> {
          var found = key.path("key").asText();
          return found.equals(name) || found.startsWith(name + ".");
        })
        .toList();
  }
}
