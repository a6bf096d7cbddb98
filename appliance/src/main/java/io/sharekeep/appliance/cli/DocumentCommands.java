package io.sharekeep.appliance.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharekeep.enclave.DocumentFile;
import io.sharekeep.enclave.SignatureKeys;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What committee and policy documents have in common. */
final class DocumentCommands {
  private DocumentCommands() {}

  /** Writes a draft that parses; one that does not is refused with the reason. */
  static void draft(Sharekeep parent, ObjectNode json, Path out, Output output) {
    switch (DocumentFile.parse(json.toString().getBytes(UTF_8))) {
      case DocumentFile.Parsed.Document(var document) -> {
        PemFiles.write(out, document.toJson());
        show(parent, document, output);
      }
      case DocumentFile.Parsed.Malformed(var reason) ->
          throw new CliProblem(ExitCode.USAGE, "such a document would be refused: " + reason);
    }
  }

  /**
   * @param out where to; absent: in place
   */
  static int sign(Sharekeep parent, Path file, Optional<Path> out, Path keyFile, Output output) {
    var document = isYaml(file) ? compiled(file, out.isPresent()) : Connection.document(file);
    var key = PemFiles.signingKey(keyFile);
    var signed =
        document.with(
            new DocumentFile.DocumentSignature(
                key.algorithm(), key.spki(), key.sign(document.digest())));
    PemFiles.write(out.orElse(file), signed.toJson());
    show(parent, signed, output);
    return ExitCode.DONE;
  }

  private static boolean isYaml(Path file) {
    var name = file.toString();
    return name.endsWith(".yaml") || name.endsWith(".yml");
  }

  /** What is signed is the canonical JSON of what the author wrote. */
  private static DocumentFile compiled(Path file, boolean hasPlace) {
    if (!hasPlace) {
      throw new CliProblem(
          ExitCode.USAGE, file + " is YAML; say by --out where the signed document goes");
    }
    return switch (DocumentFile.parse(PolicySource.read(file).policy().canonical())) {
      case DocumentFile.Parsed.Document(var document) -> document;
      case DocumentFile.Parsed.Malformed(var reason) ->
          throw new CliProblem(ExitCode.USAGE, file + ": " + reason);
    };
  }

  private static void show(Sharekeep parent, DocumentFile document, Output output) {
    var json = JsonNodeFactory.instance.objectNode();
    json.put("hash", document.hash());
    json.put("signatures", document.signatures().size());
    output.print(parent.out(), json);
  }

  /**
   * @param owners keys that must have signed besides
   */
  static int verify(Sharekeep parent, Path file, Output output, List<byte[]> owners) {
    var document = Connection.document(file);
    var problems = new ArrayList<>(document.problems());
    for (var owner : owners) {
      if (!document.signedBy(owner)) {
        problems.add("the owner with key " + SignatureKeys.pin(owner) + " has not signed");
      }
    }
    var json = JsonNodeFactory.instance.objectNode();
    json.put("hash", document.hash());
    json.put("kind", document.kind().name().toLowerCase(java.util.Locale.ROOT));
    json.put("verified", problems.isEmpty());
    var signatures = json.putArray("signedBy");
    document.signatures().forEach(s -> signatures.add(SignatureKeys.pin(s.key())));
    var missing = json.putArray("problems");
    problems.forEach(missing::add);
    output.print(parent.out(), json);
    return problems.isEmpty() ? ExitCode.DONE : ExitCode.DENIED;
  }
}
