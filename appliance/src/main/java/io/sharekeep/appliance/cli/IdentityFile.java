package io.sharekeep.appliance.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** The public half of a person or service, as {@code identity new} wrote it. */
record IdentityFile(String name, JsonNode json) {
  private static final Pattern HEX_SPKI = Pattern.compile("[0-9a-f]{88}");

  static IdentityFile read(Path file) {
    try {
      var json = new ObjectMapper().readTree(PemFiles.read(file, "the identity"));
      if (json != null
          && json.path("name").isTextual()
          && json.path("keys").isArray()
          && json.path("tls").isArray()) {
        return new IdentityFile(json.path("name").asText(), json);
      }
    } catch (IOException e) {
      // Said below for every way of being wrong.
    }
    throw new CliProblem(
        ExitCode.USAGE, file + " is no identity; sharekeep identity new writes NAME.json");
  }

  /** The key of a file, or the key itself in hex. */
  static byte[] ed25519(String fileOrHex) {
    if (HEX_SPKI.matcher(fileOrHex).matches()) {
      return HexFormat.of().parseHex(fileOrHex);
    }
    return read(Path.of(fileOrHex)).ed25519();
  }

  /** Its Ed25519 key, which owners sign documents with. */
  byte[] ed25519() {
    for (var key : json.path("keys")) {
      if (key.path("algorithm").asText().equals("ed25519")) {
        try {
          return HexFormat.of().parseHex(key.path("key").asText());
        } catch (IllegalArgumentException e) {
          break;
        }
      }
    }
    throw new CliProblem(ExitCode.USAGE, "the identity " + name + " has no ed25519 key");
  }
}
