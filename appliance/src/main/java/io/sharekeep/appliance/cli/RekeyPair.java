package io.sharekeep.appliance.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.sharekeep.enclave.PairRequest;
import io.sharekeep.enclave.SignedRequests;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/**
 * {@code sharekeep key rekey-pair}: one operator writes the request, another one carries it out.
 */
@Command(
    name = "rekey-pair",
    mixinStandardHelpOptions = true,
    description = {
      "Lets two parties make anew what they share of an ECDSA key.",
      "The only way back for a pair that is burnt or needs new keys. It takes two operators: the"
          + " first signs with --out FILE, the second sends that file with --first FILE."
    })
final class RekeyPair implements Callable<Integer> {
  @SuppressWarnings("NullAway.Init") // picocli sets it before the call
  @ParentCommand
  Key key;

  @Mixin Connection connection = new Connection();
  @Mixin Output output = new Output();
  @Mixin RequestOptions options = new RequestOptions();

  @Parameters(paramLabel = "KEY", description = "Its id.")
  String id = "";

  @Option(
      names = "--with",
      paramLabel = "PARTY",
      description = "With --out: the other party of the pair; the first is the appliance asked.")
  int with;

  @Option(
      names = "--generation",
      paramLabel = "N",
      description = "With --out: of the new secrets (default: one more than that appliance has).")
  @Nullable Long generation;

  @Option(
      names = "--initiator-key",
      paramLabel = "FILE",
      description = "Your own signing key, an administrator's: PKCS#8 PEM.")
  @Nullable Path initiatorKey;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description =
          "Signs as the first operator and writes the request there; nothing is done yet.")
  @Nullable Path out;

  @Option(
      names = "--first",
      paramLabel = "FILE",
      description = "Signs as the second operator what the first has written, and has it done.")
  @Nullable Path first;

  @Override
  public Integer call() {
    if (out != null && first == null) {
      return write(out);
    }
    if (first != null && out == null) {
      return send(first);
    }
    throw new CliProblem(
        ExitCode.USAGE, "say --out FILE as the first operator, or --first FILE as the second");
  }

  private int write(Path file) {
    var signer = PemFiles.signingKey(connection.initiatorKey(initiatorKey));
    var keyId = Requests.keyId(id);
    try (var client = connection.open()) {
      int self = client.get("/v1/status").path("party").asInt();
      var pair = pair(client.get("/v1/keys/" + keyId.hex() + "/pairs"));
      var described = client.get("/v1/keys/" + keyId.hex());
      var request =
          new PairRequest(
              options.id(),
              described.path("committee").asText(),
              keyId,
              Stream.of(self, with).sorted().toList(),
              generation != null ? generation : pair.path("generation").asLong() + 1,
              options.notAfter());
      PemFiles.write(
          file,
          Requests.signed(request, signer)
              .toString()
              .getBytes(java.nio.charset.StandardCharsets.UTF_8));
      show(request);
    }
    return ExitCode.DONE;
  }

  private JsonNode pair(JsonNode pairs) {
    for (var pair : pairs.path("pairs")) {
      if (pair.path("party").asInt() == with) {
        return pair;
      }
    }
    throw new CliProblem(
        ExitCode.USAGE,
        "--with names a party that shares this key with the appliance asked; see key pairs");
  }

  private int send(Path file) {
    var signer = PemFiles.signingKey(connection.initiatorKey(initiatorKey));
    byte[] bytes = PemFiles.read(file, "the first operator's request");
    if (!(SignedRequests.parse(bytes) instanceof SignedRequests.Parsed.RekeyPair(var signed))
        || !SignedRequests.verifies(signed)) {
      throw new CliProblem(ExitCode.USAGE, file + " is no signed request of a first operator");
    }
    var request = signed.body();
    if (!request.keyId().equals(Requests.keyId(id))) {
      throw new CliProblem(ExitCode.USAGE, file + " is about key " + request.keyId());
    }
    show(request);
    try (var client = connection.open()) {
      var body = JsonNodeFactory.instance.objectNode();
      body.set("request", Request.object(file, bytes));
      body.set("second", Requests.signed(request, signer));
      output.print(
          key.parent.out(),
          output.follow(client, "/v1/pair-rekeys", body, request.requestId(), key.parent.err()));
    }
    return ExitCode.DONE;
  }

  /** What is signed is what is shown. */
  private void show(PairRequest request) {
    var err = key.parent.err();
    err.println(
        "request "
            + request.requestId()
            + ": parties "
            + request.parties().stream().map(String::valueOf).toList()
            + " make anew what they share of key "
            + request.keyId()
            + ", generation "
            + request.generation()
            + ", until "
            + request.notAfter());
    err.flush();
  }
}
