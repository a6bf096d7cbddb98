package io.sharekeep.appliance.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.sharekeep.enclave.KeyPath;
import io.sharekeep.enclave.KeyRequest;
import io.sharekeep.enclave.Scheme;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code sharekeep key}. */
@Command(
    name = "key",
    mixinStandardHelpOptions = true,
    description = "Keys that a committee holds together.",
    subcommands = {
      Key.Generate.class,
      Key.ListAll.class,
      Key.Show.class,
      Key.Derive.class,
      Key.Pairs.class,
      RekeyPair.class
    })
final class Key implements Runnable {
  @SuppressWarnings("NullAway.Init") // picocli sets it before the call
  @ParentCommand
  Sharekeep parent;

  @Override
  public void run() {
    throw new CliProblem(
        ExitCode.USAGE, "say what to do: key generate, list, show, derive, pairs or rekey-pair");
  }

  /** {@code sharekeep key generate}. */
  @Command(
      name = "generate",
      mixinStandardHelpOptions = true,
      description = {
        "Lets the parties make a key together.",
        "It exists nowhere whole, then or later. All parties must be up.",
        "Where a policy wants more people for it, it waits for them (exit 4): see request list, and"
            + " give it time by --valid-for."
      })
  static final class Generate implements Callable<Integer> {
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call
    @ParentCommand
    Key key;

    @Mixin Connection connection = new Connection();
    @Mixin Output output = new Output();
    @Mixin RequestOptions options = new RequestOptions();

    @Option(
        names = "--label",
        required = true,
        paramLabel = "TEXT",
        description = "For people: 1 to 64 characters.")
    String label = "";

    @Option(
        names = "--scheme",
        required = true,
        paramLabel = "SCHEME",
        description = "frost-ed25519, frost-secp256k1-tr or dkls23-secp256k1.")
    String scheme = "";

    @Option(
        names = "--purpose",
        required = true,
        paramLabel = "PURPOSE",
        description = "What it may sign, such as sol.tx, btc.tx or evm.tx; may be repeated.")
    List<String> purposes = new ArrayList<>();

    @Option(
        names = "--initiator-key",
        paramLabel = "FILE",
        description = "An administrator's signing key: PKCS#8 PEM.")
    @Nullable Path initiatorKey;

    @Option(
        names = "--key-id",
        paramLabel = "HEX",
        description = "Its id, 32 hex digits (default: a fresh one).")
    @Nullable String keyId;

    @Override
    public Integer call() {
      var signer = PemFiles.signingKey(connection.initiatorKey(initiatorKey));
      var found =
          Scheme.find(scheme)
              .orElseThrow(() ->
                  new CliProblem(
                      ExitCode.USAGE,
                      "--scheme is one of "
                          + String.join(
                              ", ", Arrays.stream(Scheme.values()).map(Scheme::label).toList())));
      var id = Requests.keyId(keyId != null ? keyId : Requests.freshId());
      options.announce(key.parent.err(), "--key-id", id.hex());
      try (var client = connection.open()) {
        var request =
            new KeyRequest(
                options.id(),
                committee(client),
                id,
                label,
                found,
                Set.copyOf(purposes),
                options.notAfter());
        var body = JsonNodeFactory.instance.objectNode();
        body.set("request", Requests.signed(request, signer));
        output.print(
            key.parent.out(),
            output.follow(client, "/v1/keygen", body, options.id(), key.parent.err()));
      }
      return ExitCode.DONE;
    }

    private String committee(ApiClient client) {
      return connection
          .committeeHash()
          .orElseGet(() -> {
            var committees = client.get("/v1/status").path("committees");
            if (committees.size() != 1) {
              throw new CliProblem(
                  ExitCode.USAGE,
                  "that appliance has "
                      + committees.size()
                      + " committees; choose one by --committee FILE or HASH");
            }
            return committees.path(0).path("hash").asText();
          });
    }
  }

  /** {@code sharekeep key list}. */
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists the keys of an appliance.")
  static final class ListAll implements Callable<Integer> {
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call
    @ParentCommand
    Key key;

    @Mixin Connection connection = new Connection();
    @Mixin Output output = new Output();

    @Override
    public Integer call() {
      try (var client = connection.open()) {
        var json = client.get("/v1/keys");
        output.print(
            key.parent.out(),
            json,
            List.of("id", "label", "scheme", "stage", "epoch", "threshold", "purposes", "address"),
            json.path("keys"));
      }
      return ExitCode.DONE;
    }
  }

  /** {@code sharekeep key derive}. */
  @Command(
      name = "derive",
      mixinStandardHelpOptions = true,
      description = {
        "Shows the public key and the addresses at a path below a key.",
        "BIP-32 without hardened steps, which a key that nobody holds whole does not have."
      })
  static final class Derive implements Callable<Integer> {
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call
    @ParentCommand
    Key key;

    @Mixin Connection connection = new Connection();
    @Mixin Output output = new Output();

    @Parameters(index = "0", paramLabel = "KEY", description = "Its id.")
    String id = "";

    @Parameters(index = "1", paramLabel = "PATH", description = "Such as m/0/7: at most 8 steps.")
    String path = "";

    @Override
    public Integer call() {
      KeyPath parsed;
      try {
        parsed = KeyPath.parse(path);
      } catch (IllegalArgumentException e) {
        throw new CliProblem(ExitCode.USAGE, String.valueOf(e.getMessage()));
      }
      try (var client = connection.open()) {
        output.print(
            key.parent.out(),
            client.get(
                "/v1/keys/"
                    + Requests.keyId(id).hex()
                    + "/derived/"
                    + parsed.toString().replace("/", "%2F")));
      }
      return ExitCode.DONE;
    }
  }

  /** {@code sharekeep key pairs}. */
  @Command(
      name = "pairs",
      mixinStandardHelpOptions = true,
      description = {
        "Shows with whom an appliance can use an ECDSA key.",
        "A pair that is burnt or needs new keys is mended by key rekey-pair alone."
      })
  static final class Pairs implements Callable<Integer> {
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call
    @ParentCommand
    Key key;

    @Mixin Connection connection = new Connection();
    @Mixin Output output = new Output();

    @Parameters(paramLabel = "KEY", description = "Its id.")
    String id = "";

    @Override
    public Integer call() {
      try (var client = connection.open()) {
        var json = client.get("/v1/keys/" + Requests.keyId(id).hex() + "/pairs");
        output.print(
            key.parent.out(),
            json,
            List.of("party", "state", "generation", "deaths"),
            json.path("pairs"));
      }
      return ExitCode.DONE;
    }
  }

  /** {@code sharekeep key show}. */
  @Command(name = "show", mixinStandardHelpOptions = true, description = "Shows one key.")
  static final class Show implements Callable<Integer> {
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call
    @ParentCommand
    Key key;

    @Mixin Connection connection = new Connection();
    @Mixin Output output = new Output();

    @Parameters(paramLabel = "KEY", description = "Its id.")
    String id = "";

    @Override
    public Integer call() {
      try (var client = connection.open()) {
        output.print(key.parent.out(), client.get("/v1/keys/" + Requests.keyId(id).hex()));
      }
      return ExitCode.DONE;
    }
  }
}
