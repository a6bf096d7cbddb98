package io.sharekeep.appliance.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.sharekeep.enclave.SignatureKeys;
import io.sharekeep.enclave.SignedRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code sharekeep identity}. */
@Command(
    name = "identity",
    mixinStandardHelpOptions = true,
    description = "Keys of people and services, for who asks, owns or administers.",
    subcommands = {Identity.New.class, Identity.Renew.class})
final class Identity implements Runnable {
  @SuppressWarnings("NullAway.Init") // picocli sets it before the call
  @ParentCommand
  Sharekeep parent;

  @Override
  public void run() {
    throw new CliProblem(ExitCode.USAGE, "say what to do: identity new or renew");
  }

  /** {@code sharekeep identity new}. */
  @Command(
      name = "new",
      mixinStandardHelpOptions = true,
      description = {
        "Makes an Ed25519 key that signs requests and documents, and a P-256 key with "
            + "certificate for TLS.",
        "Writes DIR/NAME.key.pem, NAME.tls.key.pem, NAME.tls.pem and NAME.json, which "
            + "holds the public half, for policies."
      })
  static final class New implements Callable<Integer> {
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call
    @ParentCommand
    Identity identity;

    @Mixin Output output = new Output();

    @Parameters(paramLabel = "NAME", description = "Lower-case letters, digits, dots, dashes.")
    String name = "";

    @Option(
        names = {"-d", "--out"},
        paramLabel = "DIR",
        defaultValue = ".",
        description = "Where to (default: here).")
    Path directory = Path.of(".");

    @Option(
        names = "--days",
        paramLabel = "N",
        defaultValue = "825",
        description = "How long the TLS certificate lives (default: ${DEFAULT-VALUE}).")
    int days = 825;

    @Override
    public Integer call() {
      if (!name.matches("[a-z0-9][a-z0-9.-]{0,63}")) {
        throw new CliProblem(
            ExitCode.USAGE, "a name is 1 to 64 lower-case letters, digits, dots and dashes");
      }
      var life = life(days);
      var signing = pair("Ed25519");
      var tls = pair("secp256r1");
      var spki = signing.getPublic().getEncoded();
      var tlsSpki = tls.getPublic().getEncoded();
      var json = JsonNodeFactory.instance.objectNode();
      json.put("name", name);
      json.putArray("keys")
          .addObject()
          .put("algorithm", "ed25519")
          .put("key", HexFormat.of().formatHex(spki));
      json.putArray("tls").add(SignatureKeys.pin(tlsSpki));
      try {
        Files.createDirectories(directory);
      } catch (IOException e) {
        throw new CliProblem(ExitCode.USAGE, "cannot make the folder " + directory);
      }
      PemFiles.writePrivate(
          directory.resolve(name + ".key.pem"),
          PemFiles.pem("PRIVATE KEY", signing.getPrivate().getEncoded()));
      PemFiles.writePrivate(
          directory.resolve(name + ".tls.key.pem"),
          PemFiles.pem("PRIVATE KEY", tls.getPrivate().getEncoded()));
      PemFiles.writeNew(
          directory.resolve(name + ".tls.pem"),
          PemFiles.pem("CERTIFICATE", Certificates.over(tls.getPrivate(), tlsSpki, name, life))
              .getBytes(UTF_8));
      PemFiles.writeNew(
          directory.resolve(name + ".json"), (json.toPrettyString() + "\n").getBytes(UTF_8));
      var shown = JsonNodeFactory.instance.objectNode();
      shown.put("name", name);
      shown.put("publicKey", HexFormat.of().formatHex(spki));
      shown.put("key", name + ".key.pem");
      shown.put("tlsPin", SignatureKeys.pin(tlsSpki));
      shown.put("tlsKey", name + ".tls.key.pem");
      shown.put("certificate", name + ".tls.pem");
      shown.put("description", name + ".json");
      output.print(identity.parent.out(), shown);
      return ExitCode.DONE;
    }

    private static KeyPair pair(String kind) {
      try {
        if (kind.equals("Ed25519")) {
          return KeyPairGenerator.getInstance(kind).generateKeyPair();
        }
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(kind));
        return generator.generateKeyPair();
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("every JDK makes " + kind + " keys", e);
      }
    }
  }

  /** {@code sharekeep identity renew}. */
  @Command(
      name = "renew",
      mixinStandardHelpOptions = true,
      description = {
        "Makes a new TLS certificate for the key that is there.",
        "The key stays, and with it the pin that policies know. Replaces PREFIX.tls.pem."
      })
  static final class Renew implements Callable<Integer> {
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call
    @ParentCommand
    Identity identity;

    @Mixin Output output = new Output();

    @Parameters(paramLabel = "PREFIX", description = "DIR/NAME, as for --identity.")
    String prefix = "";

    @Option(
        names = "--days",
        paramLabel = "N",
        defaultValue = "825",
        description = "How long the TLS certificate lives (default: ${DEFAULT-VALUE}).")
    int days = 825;

    @Override
    public Integer call() {
      var life = life(days);
      var key = PemFiles.signingKey(Path.of(prefix + ".tls.key.pem"));
      if (key.algorithm() != SignedRequest.KeyAlgorithm.P256) {
        throw new CliProblem(ExitCode.USAGE, prefix + ".tls.key.pem is no P-256 key");
      }
      var file = Path.of(prefix + ".tls.pem");
      var name = Objects.toString(file.getFileName()).replace(".tls.pem", "");
      PemFiles.write(
          file,
          PemFiles.pem("CERTIFICATE", Certificates.over(key.key(), key.spki(), name, life))
              .getBytes(UTF_8));
      var shown = JsonNodeFactory.instance.objectNode();
      shown.put("tlsPin", SignatureKeys.pin(key.spki()));
      shown.put("certificate", file.toString());
      output.print(identity.parent.out(), shown);
      return ExitCode.DONE;
    }
  }

  private static Duration life(int days) {
    if (days < 1 || days > 3650) {
      throw new CliProblem(ExitCode.USAGE, "--days is from 1 to 3650");
    }
    return Duration.ofDays(days);
  }
}
