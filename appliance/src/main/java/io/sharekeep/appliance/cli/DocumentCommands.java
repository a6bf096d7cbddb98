package io.sharekeep.appliance.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharekeep.enclave.DocumentFile;
import io.sharekeep.enclave.SignatureKeys;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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

  static int sign(Sharekeep parent, Path file, Path keyFile, Output output) {
    var document = Connection.document(file);
    var key = PemFiles.signingKey(keyFile);
    var signed =
        document.with(
            new DocumentFile.DocumentSignature(
                key.algorithm(), key.spki(), key.sign(document.digest())));
    PemFiles.write(file, signed.toJson());
    show(parent, signed, output);
    return ExitCode.DONE;
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
