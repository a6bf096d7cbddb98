package io.sharekeep.appliance.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sharekeep.enclave.DocumentFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which appliance a command talks to, whose key it trusts there and who it is itself. */
final class Connection {
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "The client listener of an appliance: https://HOST:PORT.")
  @Nullable String url;

  @Option(
      names = {"--pin", "--server-pin"},
      paramLabel = "HEX",
      description = "The appliance's TLS key: SHA-256 of its SubjectPublicKeyInfo.")
  @Nullable String pin;

  @Option(
      names = "--committee",
      paramLabel = "FILE|HASH",
      description =
          "The committee: its document, whose parties' TLS keys are then trusted, or the "
              + "document's hash.")
  @Nullable String committee;

  @Option(
      names = "--identity",
      paramLabel = "PREFIX",
      description =
          "What identity new made: stands for --tls-key PREFIX.tls.key.pem, --tls-cert "
              + "PREFIX.tls.pem and --initiator-key PREFIX.key.pem.")
  @Nullable String identity;

  @Option(
      names = "--tls-key",
      paramLabel = "FILE",
      description = "This client's TLS key: PKCS#8 PEM.")
  @Nullable Path tlsKey;

  @Option(
      names = {"--tls-cert", "--tls-certificate"},
      paramLabel = "FILE",
      description = "This client's TLS certificate: PEM.")
  @Nullable Path tlsCertificate;

  boolean remote() {
    return url != null;
  }

  ApiClient open() {
    if (url == null || !url.startsWith("https://")) {
      throw usage("name an appliance by --url https://HOST:PORT");
    }
    return new ApiClient(
        url,
        pins(),
        PemFiles.tlsIdentity(
            file(tlsKey, ".tls.key.pem", "--tls-key"),
            file(tlsCertificate, ".tls.pem", "--tls-cert")));
  }

  /** The initiator's key, where the command has an option of its own for it. */
  Path initiatorKey(@Nullable Path option) {
    return file(option, ".key.pem", "--initiator-key");
  }

  /** The committee document's hash, where one was given. */
  Optional<String> committeeHash() {
    return Optional.ofNullable(committee)
        .map(c -> HASH.matcher(c).matches() ? c : document(Path.of(c)).hash());
  }

  private Set<String> pins() {
    var pins = new HashSet<String>();
    if (pin != null) {
      if (!HASH.matcher(pin).matches()) {
        throw usage("--pin is 64 lower-case hex digits");
      }
      pins.add(pin);
    }
    if (committee != null && !HASH.matcher(committee).matches()) {
      var document = document(Path.of(committee));
      if (document.kind() != DocumentFile.Kind.COMMITTEE) {
        throw usage(committee + " is a policy; --committee wants the committee document");
      }
      for (var party : json(document.canonical()).path("parties")) {
        pins.add(party.path("tls").asText());
      }
    }
    if (pins.isEmpty()) {
      throw usage("say whose key to trust: --pin HEX or --committee FILE");
    }
    return pins;
  }

  private Path file(@Nullable Path option, String suffix, String name) {
    if (option != null) {
      return option;
    }
    if (identity != null) {
      return Path.of(identity + suffix);
    }
    throw usage("say who you are: --identity PREFIX or " + name + " FILE");
  }

  static DocumentFile document(Path file) {
    return switch (DocumentFile.parse(PemFiles.read(file, "the document"))) {
      case DocumentFile.Parsed.Document(var document) -> document;
      case DocumentFile.Parsed.Malformed(var reason) ->
          throw usage(file + " is not a valid document: " + reason);
    };
  }

  static List<DocumentFile> documents(List<Path> files) {
    return files.stream().map(Connection::document).toList();
  }

  private static JsonNode json(byte[] bytes) {
    try {
      return new ObjectMapper().readTree(bytes);
    } catch (IOException e) {
      throw new IllegalStateException("a document that was parsed is not JSON", e);
    }
  }

  private static CliProblem usage(String message) {
    return new CliProblem(ExitCode.USAGE, message);
  }
}
