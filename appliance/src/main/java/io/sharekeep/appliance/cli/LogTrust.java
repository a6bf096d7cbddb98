package io.sharekeep.appliance.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sharekeep.attestation.note.LogKey;
import io.sharekeep.attestation.note.NoteKey;
import io.sharekeep.enclave.DocumentFile;
import io.sharekeep.enclave.SignatureKeys;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whose checkpoints are believed. */
final class LogTrust {
  @Option(
      names = "--committee",
      paramLabel = "FILE",
      description = "The committee document, which names every party's log key.")
  @Nullable Path committee;

  @Option(names = "--party", paramLabel = "N", description = "Whose log it is, with --committee.")
  int party;

  @Option(
      names = "--log-key",
      paramLabel = "KEY",
      description = "Instead of both: the log's key as c2sp.org/signed-note writes it.")
  @Nullable String key;

  LogKey key() {
    if (key != null) {
      return NoteKey.parse(key)
          .filter(read -> read.kind() == NoteKey.Kind.ECDSA)
          .map(read -> LogKey.of(read.name(), read.key().getEncoded()))
          .orElseThrow(
              () -> usage("--log-key is no verifier key of an ECDSA key (NAME+ID+BASE64)"));
    }
    if (committee == null || party == 0) {
      throw usage("say whose log it is: --committee FILE --party N, or --log-key KEY");
    }
    var document = Connection.document(committee);
    if (document.kind() != DocumentFile.Kind.COMMITTEE) {
      throw usage(committee + " is no committee document");
    }
    try {
      for (var member : new ObjectMapper().readTree(document.canonical()).path("parties")) {
        if (member.path("id").asInt() == party) {
          byte[] spki = HexFormat.of().parseHex(member.path("log").asText());
          return LogKey.of(SignatureKeys.logOrigin(spki), spki);
        }
      }
    } catch (IOException | IllegalArgumentException e) {
      throw usage(committee + " does not name the log key of party " + party);
    }
    throw usage(committee + " has no party " + party);
  }

  private static CliProblem usage(String why) {
    return new CliProblem(ExitCode.USAGE, why);
  }
}
