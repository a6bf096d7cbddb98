package io.sharekeep.appliance.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharekeep.appliance.config.YamlDocument;
import io.sharekeep.enclave.OfflinePolicy;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;

/**
 * A typed policy in a file: YAML as its author writes it, the same as JSON, or a signed document.
 *
 * @param prefix of the policy's fields in the file
 */
record PolicySource(YamlDocument document, String prefix, OfflinePolicy policy) {
  private static final String SIGNED = "document";

  static PolicySource read(Path file) {
    var document = document(file, "the policy");
    boolean signed = document.json().get(SIGNED) instanceof ObjectNode;
    var bare = signed ? document.json().get(SIGNED) : document.json();
    var prefix = signed ? SIGNED + "." : "";
    if (!bare.has("kind")) {
      throw new CliProblem(
          ExitCode.USAGE,
          file + " is no policy of typed rules: that begins with apiVersion and kind: Policy");
    }
    return switch (OfflinePolicy.parse(bare.toString().getBytes(UTF_8))) {
      case OfflinePolicy.Parsed.Valid(var policy) -> new PolicySource(document, prefix, policy);
      case OfflinePolicy.Parsed.Malformed(var field, var reason) ->
          throw wrong(document, prefix + field, reason);
    };
  }

  /** Any document of that form. */
  static YamlDocument document(Path file, String what) {
    byte[] bytes = PemFiles.read(file, what);
    try {
      return YamlDocument.read(
          file.toString(), UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      throw new CliProblem(ExitCode.USAGE, file + " is not UTF-8 text");
    }
  }

  static CliProblem wrong(YamlDocument document, String field, String reason) {
    return new CliProblem(ExitCode.USAGE, document.place(field) + ": " + reason);
  }

  /** Where that field of the policy stands: {@code FILE line N}. */
  String place(String field) {
    return document.place(prefix + field);
  }
}
