package io.sharekeep.appliance.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.sharekeep.enclave.KeyPath;
import io.sharekeep.enclave.SignRequest;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code sharekeep sign}. */
@Command(
    name = "sign",
    mixinStandardHelpOptions = true,
    description = {
      "Asks for the signatures of one transaction.",
      "The whole unsigned transaction is sent; each party decodes it, judges it by "
          + "its own policy and computes what to sign by itself."
    })
final class Sign implements Callable<Integer> {
  @SuppressWarnings("NullAway.Init") // picocli sets it before the call
  @ParentCommand
  Sharekeep parent;

  @Mixin Connection connection = new Connection();
  @Mixin Output output = new Output();
  @Mixin RequestOptions options = new RequestOptions();

  @Option(
      names = "--key",
      required = true,
      paramLabel = "ID",
      description = "The key; see key list.")
  String key = "";

  @Option(
      names = "--purpose",
      required = true,
      paramLabel = "PURPOSE",
      description =
          "What the payload is: sol.tx (message), btc.tx (PSBT) or evm.tx (unsigned RLP).")
  String purpose = "";

  @Option(
      names = "--path",
      paramLabel = "PATH",
      description = "From the key to the one that signs, such as m/0/7 (default: the key itself).")
  @Nullable String path;

  @Option(
      names = "--payload",
      required = true,
      paramLabel = "FILE",
      description = "The unsigned transaction.")
  Path payload = Path.of("");

  @Option(
      names = "--payload-format",
      paramLabel = "FORM",
      defaultValue = "auto",
      description =
          "auto, hex, base64 or binary. auto takes a file of hex digits as hex, else one "
              + "of base64 as base64, else its bytes, and says which (default: "
              + "${DEFAULT-VALUE}).")
  Payload.Form format = Payload.Form.AUTO;

  @Option(
      names = "--initiator-key",
      paramLabel = "FILE",
      description = "The initiator's signing key: PKCS#8 PEM, Ed25519 or P-256.")
  @Nullable Path initiatorKey;

  @Option(
      names = "--expect",
      paramLabel = "NAME=VALUE",
      description =
          "What you expect of it (destination, amount, digest): compared at every party, "
              + "a difference refuses; may be repeated.")
  Map<String, String> expect = new LinkedHashMap<>();

  @Override
  public Integer call() {
    var signer = PemFiles.signingKey(connection.initiatorKey(initiatorKey));
    var read = Payload.of(PemFiles.read(payload, "the payload"), format);
    parent
        .err()
        .println(
            "payload: "
                + read.bytes().length
                + " bytes, read as "
                + read.form().name().toLowerCase(Locale.ROOT));
    var id = Requests.keyId(key);
    options.announce(parent.err());
    try (var client = connection.open()) {
      var committee =
          connection
              .committeeHash()
              .orElseGet(() -> client.get("/v1/keys/" + id.hex()).path("committee").asText());
      var request =
          new SignRequest(
              options.id(),
              committee,
              id,
              keyPath(),
              purpose,
              sha256(read.bytes()),
              expect,
              options.notAfter());
      var body = JsonNodeFactory.instance.objectNode();
      body.set("request", Requests.signed(request, signer));
      body.put("payload", Base64.getEncoder().encodeToString(read.bytes()));
      output.print(
          parent.out(),
          output.follow(client, "/v1/sign-requests", body, options.id(), parent.err()));
    }
    return ExitCode.DONE;
  }

  /** Refused here already where every party would refuse it. */
  private Optional<String> keyPath() {
    try {
      return Optional.ofNullable(path).map(KeyPath::parse).map(KeyPath::toString);
    } catch (IllegalArgumentException e) {
      throw new CliProblem(ExitCode.USAGE, "--path: " + e.getMessage());
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
